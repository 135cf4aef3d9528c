import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HexEdit,
  moveTo,
  putBytes,
  redo,
  remove,
  selectAll,
  selectionOf,
  startEdit,
  toggleInserting,
  typeDigit,
  undo,
} from './hex-edit.ts';

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes);
const list = ({ bytes }: HexEdit) => [...bytes];
const typed = (edit: HexEdit, digits: string) =>
  [...digits].reduce((now, digit) => typeDigit(now, Number.parseInt(digit, 16)), edit);

describe('typing', () => {
  it('takes the place of bytes, and goes on behind the last', () => {
    const edit = typed(startEdit(bytesOf(1, 2)), 'aabbcc');
    expect(list(edit)).toEqual([0xaa, 0xbb, 0xcc]);
    expect(edit.cursor).toBe(3);
    expect(list(typed(startEdit(bytesOf(0x12)), 'f'))).toEqual([0xf2]);
  });

  it('comes before the byte at the cursor when inserting', () => {
    expect(list(typed(toggleInserting(moveTo(startEdit(bytesOf(1, 2)), 1, false)), 'ff'))).toEqual([
      1, 255, 2,
    ]);
  });

  it('takes the place of what is selected', () => {
    const edit = moveTo(moveTo(startEdit(bytesOf(1, 2, 3, 4)), 1, false), 2, true);
    expect(selectionOf(edit)).toEqual({ start: 1, end: 3 });
    expect(list(typed(edit, 'a'))).toEqual([1, 0xa0, 4]);
    expect(list(typed(edit, 'ab'))).toEqual([1, 0xab, 4]);
    expect(list(putBytes(edit, bytesOf(9, 9, 9)))).toEqual([1, 9, 9, 9, 4]);
    expect(list(remove(edit, -1))).toEqual([1, 4]);
    expect(list(remove(selectAll(edit), 0))).toEqual([]);
  });

  it('is undone a byte at a time', () => {
    const edit = typed(startEdit(bytesOf(1)), 'aabb');
    expect(list(undo(edit))).toEqual([0xaa]);
    expect(list(undo(undo(edit)))).toEqual([1]);
    expect(list(redo(redo(undo(undo(edit)))))).toEqual([0xaa, 0xbb]);
  });

  it('takes back a half byte with Backspace', () => {
    expect(list(remove(typed(startEdit(bytesOf(0x12)), 'f'), -1))).toEqual([0x12]);
    expect(list(remove(startEdit(bytesOf(1)), -1))).toEqual([1]);
  });
});

const steps = fc.oneof(
  fc.nat(15).map((digit) => (edit: HexEdit) => typeDigit(edit, digit)),
  fc.tuple(fc.nat(40), fc.boolean()).map(
    ([offset, isExtending]) =>
      (edit: HexEdit) =>
        moveTo(edit, offset, isExtending),
  ),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => (edit: HexEdit) => putBytes(edit, bytes)),
  fc.constantFrom(
    (edit: HexEdit) => remove(edit, 0),
    (edit: HexEdit) => remove(edit, -1),
    toggleInserting,
    selectAll,
    undo,
    redo,
  ),
);

describe('any row of steps', () => {
  it('keeps the cursor within the bytes, and can be undone and done again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.array(steps, { maxLength: 40 }), (bytes, row) => {
        let edit = startEdit(bytes);
        for (const step of row) {
          edit = step(edit);
          expect(edit.cursor).toBeGreaterThanOrEqual(0);
          expect(edit.cursor).toBeLessThanOrEqual(edit.bytes.length);
          expect(selectionOf(edit).end).toBeLessThanOrEqual(edit.bytes.length);
        }
        let forth = edit;
        while (forth.redo.length > 0) {
          forth = redo(forth);
        }
        let back = forth;
        while (back.undo.length > 0) {
          back = undo(back);
        }
        expect(list(back)).toEqual([...bytes]);
        while (back.redo.length > 0) {
          back = redo(back);
        }
        expect(list(back)).toEqual(list(forth));
      }),
    );
  });
});
