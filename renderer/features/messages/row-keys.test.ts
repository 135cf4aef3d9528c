import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowKeys } from './row-keys.ts';

const keysOf = (keys: RowKeys, first: number, count: number, offset = first) => {
  const keyOf = keys.take(first, count, offset);
  return Array.from({ length: count }, (_, step) => keyOf(offset + step));
};

describe('RowKeys', () => {
  it('keeps the element of each row that stays', () => {
    const keys = new RowKeys();
    const before = keysOf(keys, 100, 16);
    const after = keysOf(keys, 103, 16);
    expect(after.slice(0, 13)).toEqual(before.slice(3));
    expect(after.slice(13).toSorted()).toEqual(before.slice(0, 3).toSorted());
  });

  it('moves no element when all rows are new', () => {
    const keys = new RowKeys();
    const before = keysOf(keys, 100, 16);
    expect(keysOf(keys, 5117, 16)).toEqual(before);
    expect(keysOf(keys, 9_000_003, 16)).toEqual(before);
    expect(keysOf(keys, 7, 16)).toEqual(before);
  });

  it('gives the same keys for the same rows again', () => {
    const keys = new RowKeys();
    keysOf(keys, 1000, 20);
    const once = keysOf(keys, 1003, 20);
    expect(keysOf(keys, 1003, 20)).toEqual(once);
  });

  it('never gives two rows one key', () => {
    const windows = fc.array(fc.tuple(fc.nat(100_000), fc.nat(80), fc.nat(5000)), { minLength: 1 });
    fc.assert(
      fc.property(windows, (taken) => {
        const keys = new RowKeys();
        for (const [first, count, offset] of taken) {
          expect(new Set(keysOf(keys, first, count, offset)).size).toBe(count);
        }
      }),
    );
  });
});
