import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeriesPoints } from './series-points.ts';

it('holds the newest points in order, in bounded memory, and counts those that made room', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 100 }), { maxLength: 2000 }),
      fc.integer({ min: 1, max: 700 }),
      (steps, maxPoints) => {
        const points = new SeriesPoints(maxPoints);
        const times: number[] = [];
        let clock = 1000;
        for (const [index, step] of steps.entries()) {
          clock += step;
          times.push(Math.max(clock, times.at(-1) ?? clock));
          points.push(clock, index);
        }
        expect(points.end).toBeLessThanOrEqual(maxPoints);
        expect(points.end + points.dropped).toBe(steps.length);
        expect(points.times.length).toBeLessThanOrEqual(Math.max(256, maxPoints));
        const held = [...points.values.subarray(0, points.end)];
        expect(held).toEqual(steps.map((_, index) => index).slice(points.dropped));
        // A clock that goes back does not.
        expect([...points.times.subarray(0, points.end)]).toEqual(times.slice(points.dropped));
      },
    ),
  );
});
