import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChartSeries } from '#app/contract/feeds/readers.ts';
import { plotData } from './plot-data.ts';

const line = fc
  .array(fc.record({ time: fc.integer({ min: 0, max: 30 }), value: fc.integer() }), { maxLength: 20 })
  .map((points): ChartSeries => {
    const sorted = points.sort((a, b) => a.time - b.time);
    return {
      times: sorted.map(({ time }) => time),
      values: sorted.map(({ value }) => value),
      points: sorted.length,
      without: 0,
      skipped: 0,
      dropped: 0,
    };
  });

it('keeps every point of every line at its time', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (series) => {
      const [times, ...values] = plotData(series);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      for (const [index, { times: own, values: ownValues }] of series.entries()) {
        const drawn = times.flatMap((time, at) => {
          const value = values[index]?.[at];
          return value === undefined ? [] : [[time, value]];
        });
        expect(values[index]).toHaveLength(times.length);
        expect(drawn).toEqual(own.map((time, at) => [time, ownValues[at]]));
      }
    }),
  );
});
