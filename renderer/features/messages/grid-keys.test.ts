import { expect, test } from 'vitest';
import { gridCommand } from './grid-keys.ts';

const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test.each([
  ['ArrowUp', {}, { kind: 'move', to: 'previous' }],
  ['End', {}, { kind: 'move', to: 'last' }],
  ['Home', { ctrlKey: true }, { kind: 'move', to: 'first' }],
  ['Enter', {}, { kind: 'open' }],
  [' ', {}, { kind: 'open' }],
  ['c', { ctrlKey: true }, { kind: 'copy' }],
  ['F10', { shiftKey: true }, { kind: 'menu' }],
])('%s with %j', (key, modifiers, command) => {
  expect(gridCommand({ ...none, key, ...modifiers })).toEqual(command);
});

test.each([
  ['ArrowUp', { altKey: true }],
  ['PageDown', { altKey: true }],
  ['ArrowUp', { shiftKey: true }],
  ['x', {}],
  ['c', { ctrlKey: true, shiftKey: true }],
])('%s with %j is left to the app', (key, modifiers) => {
  expect(gridCommand({ ...none, key, ...modifiers })).toBeUndefined();
});
