import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimate } from './decimate.ts';

const series = fc
  .array(
    fc.record({
      time: fc.integer({ min: 0, max: 1000 }),
      value: fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    }),
    { maxLength: 300 },
  )
  .map((points) => points.sort((a, b) => a.time - b.time));

it('keeps the extremes and statistics of what lies between two times, in few points and in order', () => {
  fc.assert(
    fc.property(
      series,
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 50 }),
      (points, from, span, columns) => {
        const to = from + span;
        const range = {
          times: points.map(({ time }) => time),
          values: points.map(({ value }) => value),
          first: 0,
          end: points.length,
        };
        const { times, values, statistics } = decimate(range, from, to, columns);
        const within = points.filter(({ time }) => time >= from && time <= to).map(({ value }) => value);
        expect(times).toHaveLength(values.length);
        expect(times.length).toBeLessThanOrEqual(columns * 2 + 2);
        expect([...times].sort((a, b) => a - b)).toEqual(times);
        for (const [index, time] of times.entries()) {
          expect(points).toContainEqual({ time, value: values[index] });
        }
        if (within.length === 0) {
          expect(statistics).toBeUndefined();
          return;
        }
        const drawn = values.filter((_, index) => (times[index] ?? -1) >= from && (times[index] ?? -1) <= to);
        expect(Math.min(...drawn)).toBe(Math.min(...within));
        expect(Math.max(...drawn)).toBe(Math.max(...within));
        expect(statistics).toMatchObject({
          count: within.length,
          min: Math.min(...within),
          max: Math.max(...within),
          last: within.at(-1),
        });
        const mean = within.reduce((sum, value) => sum + value, 0) / within.length;
        expect(statistics?.mean).toBeCloseTo(mean, 3);
      },
    ),
  );
});

it('keeps the points of each column that reach highest and lowest', () => {
  const times = Array.from({ length: 10_000 }, (_, index) => index);
  const values = times.map((time) => (time === 4321 ? 99 : time === 4322 ? -99 : 0));
  const result = decimate({ times, values, first: 0, end: times.length }, 0, 9999, 100);
  expect(result.times).toContain(4321);
  expect(result.times).toContain(4322);
});

it('lets lines reach the edges of the range', () => {
  const points = { times: [0, 100], values: [1, 2], first: 0, end: 2 };
  expect(decimate(points, 40, 60, 10)).toEqual({ times: [0, 100], values: [1, 2], statistics: undefined });
});
