import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moveItem } from './move-item.ts';

it('moves one item and keeps the order of all others', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.nat(), fc.nat(), (items, a, b) => {
      const [from, to] = [a % items.length, b % items.length];
      const moved = moveItem(items, from, to);
      expect(moved[to]).toBe(items[from]);
      expect(moved.filter((item) => item !== items[from])).toEqual(
        items.filter((item) => item !== items[from]),
      );
    }),
  );
});
