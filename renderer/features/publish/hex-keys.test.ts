import { describe, expect, it } from 'vitest';
import { type HexEdit, moveTo, selectionOf, startEdit } from './hex-edit.ts';
import { afterKey, type HexSide } from './hex-keys.ts';

const twenty = startEdit(Uint8Array.from({ length: 20 }, (_, index) => index));

function press(edit: HexEdit, keys: string, side: HexSide = 'hex', mac = false): HexEdit | undefined {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const has = (name: string) => parts.slice(0, -1).includes(name);
  const event = {
    key,
    ctrlKey: has('Control'),
    shiftKey: has('Shift'),
    altKey: has('Alt'),
    metaKey: has('Meta'),
  };
  return afterKey(edit, event, side, 8, 1, mac);
}

describe('keys that move', () => {
  it.each([
    [0, 'ArrowLeft', 0],
    [0, 'ArrowRight', 1],
    [20, 'ArrowRight', 20],
    [3, 'ArrowUp', 3],
    [11, 'ArrowUp', 3],
    [3, 'ArrowDown', 11],
    [15, 'ArrowDown', 20],
    [11, 'Home', 8],
    [11, 'End', 15],
    [17, 'End', 20],
    [11, 'Control+Home', 0],
    [11, 'Meta+End', 20],
    [11, 'PageUp', 3],
    [3, 'PageUp', 3],
    [3, 'PageDown', 11],
    [19, 'PageDown', 20],
  ])('from %i by %s to %i', (from, key, to) => {
    expect(press(moveTo(twenty, from, false), key)?.cursor).toBe(to);
  });

  it('select with Shift, and let go with Escape', () => {
    const selected = press(moveTo(twenty, 4, false), 'Shift+ArrowRight');
    expect(selected && selectionOf(selected)).toEqual({ start: 4, end: 6 });
    const released = selected && press(selected, 'Escape');
    expect(released && selectionOf(released)).toEqual({ start: 5, end: 5 });
    // Nothing is selected: the key is for whoever is around.
    expect(press(twenty, 'Escape')).toBeUndefined();
  });
});

describe('keys that write', () => {
  it('are digits on the one side and characters on the other', () => {
    expect(press(twenty, 'f')?.bytes[0]).toBe(0xf0);
    expect(press(twenty, 'x')).toBeUndefined();
    expect(press(twenty, ' ')).toBe(twenty);
    expect(press(twenty, 'f', 'ascii')?.bytes[0]).toBe(0x66);
    expect([...(press(twenty, 'é', 'ascii')?.bytes.subarray(0, 3) ?? [])]).toEqual([0xc3, 0xa9, 2]);
  });

  it('can be undone and done again', () => {
    const changed = press(twenty, 'Delete');
    const undone = changed && press(changed, 'Control+z');
    expect(undone?.bytes).toEqual(twenty.bytes);
    expect(undone && press(undone, 'Control+Shift+Z')?.bytes).toEqual(changed?.bytes);
    expect(undone && press(undone, 'Control+y')?.bytes).toEqual(changed?.bytes);
  });

  it('leave alone what is not theirs', () => {
    for (const key of [
      'Tab',
      'Enter',
      'F5',
      'Control+Enter',
      'Control+c',
      'Control+k',
      'Alt+ArrowLeft',
      'Shift',
    ]) {
      expect(press(twenty, key), key).toBeUndefined();
    }
  });

  it('types what Option makes on a Mac into the text, and leaves Alt alone elsewhere', () => {
    expect(press(twenty, 'Alt+@', 'ascii', true)?.bytes[0]).toBe(0x40);
    expect(press(twenty, 'Alt+@', 'ascii')).toBeUndefined();
    expect(press(twenty, 'Alt+a', 'hex', true)).toBeUndefined();
  });
});
