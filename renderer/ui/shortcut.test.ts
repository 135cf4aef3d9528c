import { describe, expect, it } from 'vitest';
import { ariaShortcut, matchesShortcut, parseShortcut, shortcutKeys } from './shortcut.ts';

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('shortcuts', () => {
  it('reads the parts in any order, and the plus key itself', () => {
    expect(parseShortcut('shift+mod+p')).toEqual({ mod: true, alt: false, shift: true, key: 'P' });
    expect(parseShortcut('mod++')).toEqual({ mod: true, alt: false, shift: false, key: '+' });
  });

  it('counts Shift for letters and named keys, not for signs that need it', () => {
    const shift = { shiftKey: true };
    expect(matchesShortcut(press('F6', shift), parseShortcut('F6'), false)).toBe(false);
    expect(matchesShortcut(press('F6', shift), parseShortcut('shift+F6'), false)).toBe(true);
    expect(matchesShortcut(press('K', { ...shift, ctrlKey: true }), parseShortcut('mod+K'), false)).toBe(
      false,
    );
    expect(matchesShortcut(press('?', shift), parseShortcut('?'), false)).toBe(true);
  });

  it('wants no modifier beyond its own', () => {
    const both = { ctrlKey: true, metaKey: true };
    expect(matchesShortcut(press('k', both), parseShortcut('mod+K'), false)).toBe(false);
    expect(matchesShortcut(press('k', { ctrlKey: true, altKey: true }), parseShortcut('mod+K'), false)).toBe(
      false,
    );
  });

  it('is written as the keyboard of the machine has it', () => {
    expect(shortcutKeys('mod+shift+P', false)).toEqual(['Ctrl', 'Shift', 'P']);
    expect(shortcutKeys('mod+alt+ArrowUp', true)).toEqual(['⌘', '⌥', '↑']);
    expect(ariaShortcut('mod+K', false)).toBe('Control+K');
    expect(ariaShortcut('mod+K', true)).toBe('Meta+K');
  });
});
