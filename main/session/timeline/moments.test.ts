import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { density, momentAt, momentBeside, sequenceAt } from './moments.ts';
import { PastHarness } from './past.fixture.ts';

describe('moments', () => {
  it('are found by their time, and rows counted by column, as going through all rows would', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 40 }), fc.boolean(), (after, columns, evicts) => {
        const harness = new PastHarness();
        for (const milliseconds of after) {
          harness.receive('t', evicts ? 8000 : 10, false, milliseconds);
        }
        const { log, entered } = harness;
        const kept = entered
          .map(({ at }, index) => ({ at, sequence: index + 1 }))
          .slice(log.firstSequence - 1);
        const from = kept[0]?.at ?? 0;
        const to = harness.now + 5;
        for (let at = from - 2; at <= to; at += 7) {
          const model = kept.filter((row) => row.at <= at).at(-1)?.sequence ?? log.firstSequence - 1;
          expect(sequenceAt(log, at)).toBe(model);
        }
        const counts = density(log, from, to, columns);
        expect(counts).toHaveLength(columns);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(kept.length);
        const step = (to - from) / columns;
        let before = Number.NEGATIVE_INFINITY;
        counts.forEach((count, column) => {
          const end = column === columns - 1 ? to : from + step * (column + 1);
          const model = kept.filter((row) => row.at > before && row.at <= end).length;
          expect(count).toBe(model);
          before = end;
        });
      }),
      { numRuns: 60 },
    );
  });

  it('are stepped through row by row, and end with what is kept', () => {
    const harness = new PastHarness();
    const { log } = harness;
    expect(momentBeside(log, 0, 1)).toBeUndefined();
    expect(momentAt(log, 5)).toEqual({ at: 5, sequence: 0 });
    const begin = harness.now;
    harness.receive('a', 10, false, 10);
    harness.receive('b', 10, false, 10);
    harness.gap('Connection lost: test', 10);
    expect(momentBeside(log, 1, 1)).toEqual({ at: begin + 20, sequence: 2 });
    expect(momentBeside(log, 2, 1)).toEqual({ at: begin + 30, sequence: 3 });
    expect(momentBeside(log, 3, 1)).toEqual({ at: begin + 30, sequence: 3 });
    expect(momentBeside(log, 1, -5)).toEqual({ at: begin + 10, sequence: 1 });
    expect(momentAt(log, begin + 25)).toEqual({ at: begin + 25, sequence: 2 });
  });
});
