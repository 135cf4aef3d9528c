import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHistory, toNewestFirst } from './history-order.ts';

describe('history, newest first', () => {
  it('asks for the newest rows as such', () => {
    expect(planHistory({ first: 0, end: 40 }, 1000, 500)).toEqual({ count: 64, at: { kind: 'live' } });
  });

  it('turns a window around', () => {
    expect(toNewestFirst(5, 10, [5, 6, 7])).toEqual({ offset: 2, rows: [7, 6, 5] });
  });

  it('gets every row that is wanted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(1999),
        fc.integer({ min: 1, max: 80 }),
        (total, at, length) => {
          const wanted = { first: Math.min(at, total - 1), end: Math.min(total, at + length) };
          const plan = planHistory(wanted, total, 500);
          const all = Array.from({ length: total }, (_, row) => row);
          const start = plan.at.kind === 'live' ? Math.max(0, total - plan.count) : plan.at.row;
          const shown = toNewestFirst(start, total, all.slice(start, start + plan.count));
          for (let index = wanted.first; index < wanted.end; index++) {
            expect(shown.rows[index - shown.offset]).toBe(total - 1 - index);
          }
        },
      ),
    );
  });
});
