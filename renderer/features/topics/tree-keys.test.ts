import { expect, test } from 'vitest';
import { treeCommand } from './tree-keys.ts';

const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test.each([
  ['ArrowDown', {}, { kind: 'move', to: 'next' }],
  ['PageUp', {}, { kind: 'move', to: 'page-up' }],
  ['ArrowRight', {}, { kind: 'right' }],
  ['ArrowRight', { shiftKey: true }, { kind: 'below', expanded: true }],
  ['ArrowLeft', { shiftKey: true }, { kind: 'below', expanded: false }],
  ['Enter', {}, { kind: 'select' }],
  ['*', { shiftKey: true }, { kind: 'expand-siblings' }],
  ['c', { ctrlKey: true }, { kind: 'copy' }],
  ['c', { metaKey: true }, { kind: 'copy' }],
  ['F10', { shiftKey: true }, { kind: 'menu' }],
  ['ContextMenu', {}, { kind: 'menu' }],
  ['ß', {}, { kind: 'type', character: 'ß' }],
  ['😀', {}, { kind: 'type', character: '😀' }],
])('%s with %j', (key, modifiers, command) => {
  expect(treeCommand({ ...none, key, ...modifiers })).toEqual(command);
});

test.each([
  ['k', { ctrlKey: true }],
  ['ArrowDown', { altKey: true }],
  ['/', {}],
  ['Tab', {}],
  ['F6', {}],
  ['Escape', {}],
])('%s with %j is left to the app', (key, modifiers) => {
  expect(treeCommand({ ...none, key, ...modifiers })).toBeUndefined();
});
