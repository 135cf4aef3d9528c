import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sparkPath } from './sparkline.tsx';

it('draws no line through less than two points', () => {
  expect(sparkPath([])).toBeUndefined();
  expect(sparkPath([1, 2])).toBeUndefined();
});

it('draws what does not change as a line in the middle', () => {
  expect(sparkPath([0, 5, 10, 5])).toEqual({ path: 'M1.5 9.0L118.5 9.0', x: 118.5, y: 9 });
});

it('stays within its box', () => {
  const value = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 50 }), (values) => {
      const line = sparkPath(values.flatMap((each, index) => [index * 1000, each]));
      const numbers = (line?.path.match(/-?\d+\.\d/g) ?? []).map(Number);
      expect(numbers.length).toBe(values.length * 2);
      for (const [index, number] of numbers.entries()) {
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThanOrEqual(index % 2 === 0 ? 120 : 18);
      }
    }),
  );
});
