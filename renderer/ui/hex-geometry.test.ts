import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsInRow,
  formatOffset,
  moveCursor,
  parseOffset,
  ROW_BYTES,
  rowCount,
  selectedRange,
  toAsciiText,
  toHexLines,
  toHexText,
} from './hex-geometry.ts';

const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false });

describe('moveCursor', () => {
  it('moves by byte, row, page, line end and to the ends', () => {
    expect(moveCursor(20, key('ArrowLeft'), 100, 2)).toBe(19);
    expect(moveCursor(20, key('ArrowDown'), 100, 2)).toBe(36);
    expect(moveCursor(20, key('PageDown'), 100, 2)).toBe(52);
    expect(moveCursor(90, key('PageDown'), 100, 2)).toBe(99);
    expect(moveCursor(40, key('PageUp'), 100, 2)).toBe(8);
    expect(moveCursor(20, key('Home'), 100, 2)).toBe(16);
    expect(moveCursor(98, key('End'), 100, 2)).toBe(99);
    expect(moveCursor(20, key('End', true), 100, 2)).toBe(99);
    expect(moveCursor(20, key('Home', true), 100, 2)).toBe(0);
    expect(moveCursor(20, key('x'), 100, 2)).toBeUndefined();
  });

  it('never leaves the payload', () => {
    const names = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(499),
        fc.constantFrom(...names),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (size, at, name, ctrl, page) => {
          const to = moveCursor(Math.min(at, size - 1), key(name, ctrl), size, page);
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(size);
        },
      ),
    );
  });
});

describe('rows and selections', () => {
  it('cuts a selection into the rows it crosses', () => {
    const range = selectedRange({ anchor: 40, cursor: 14 });
    expect(range).toEqual({ start: 14, end: 41 });
    expect(columnsInRow(range, 0)).toEqual({ start: 14, end: 16 });
    expect(columnsInRow(range, 1)).toEqual({ start: 0, end: 16 });
    expect(columnsInRow(range, 2)).toEqual({ start: 0, end: 9 });
    expect(columnsInRow(range, 3)).toBeUndefined();
  });

  it('covers each selected byte in exactly one row', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (anchor, cursor) => {
        const range = selectedRange({ anchor, cursor });
        let covered = 0;
        for (let row = 0; row < rowCount(301); row++) {
          const columns = columnsInRow(range, row);
          covered += columns === undefined ? 0 : columns.end - columns.start;
        }
        expect(covered).toBe(range.end - range.start);
        expect(rowCount(range.end)).toBe(Math.floor((range.end - 1) / ROW_BYTES) + 1);
      }),
    );
  });
});

describe('parseOffset', () => {
  it('reads decimal and hex', () => {
    expect(parseOffset(' 1,024 ', 5000)).toBe(1024);
    expect(parseOffset('0x400', 5000)).toBe(1024);
    expect(parseOffset('400h', 5000)).toBe(1024);
    expect(parseOffset('3ff', 5000)).toBe(1023);
    expect(parseOffset('5000', 5000)).toBeUndefined();
    expect(parseOffset('-1', 5000)).toBeUndefined();
    expect(parseOffset('', 5000)).toBeUndefined();
    expect(parseOffset('xyz', 5000)).toBeUndefined();
  });

  it('reads back what it shows', () => {
    fc.assert(
      fc.property(fc.nat(0xfff_ffff), (offset) => {
        expect(parseOffset(`0x${formatOffset(offset)}`, 0x1000_0000)).toBe(offset);
        expect(parseOffset(String(offset), 0x1000_0000)).toBe(offset);
      }),
    );
  });
});

describe('bytes as text', () => {
  it('writes hex, ASCII and whole lines', () => {
    const bytes = new Uint8Array([0x00, 0x41, 0x7e, 0x7f, 0xff]);
    expect(toHexText(bytes)).toBe('00 41 7e 7f ff');
    expect(toAsciiText(bytes)).toBe('.A~..');
    expect(toHexLines(new Uint8Array(17).fill(0x42))).toBe(
      `00000000  ${'42 '.repeat(16)} ${'B'.repeat(16)}\n00000010  42${' '.repeat(45)}  B`,
    );
  });
});
