import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntervalTable, usualOf } from './interval-table.ts';

/** The same in plain words: sorted, the longest eighth left out, where half of the whole length is reached. */
function plainUsual(intervals: readonly number[]): number | undefined {
  const recent = intervals.slice(-16);
  if (recent.length < 4) {
    return undefined;
  }
  const kept = recent.toSorted((a, b) => a - b).slice(0, recent.length - Math.floor(recent.length / 8));
  const whole = kept.reduce((sum, each) => sum + each, 0);
  return kept.find((_, index) => 2 * kept.slice(0, index + 1).reduce((sum, each) => sum + each, 0) >= whole);
}

const length = fc.integer({ min: 0, max: 100_000 });

describe('usualOf', () => {
  const usual = (...intervals: number[]) => usualOf(Float32Array.from(intervals));

  it('takes what is regular as it is, and leaves single outages out', () => {
    expect(usual(5, 5, 5)).toBeUndefined();
    expect(usual(5, 5, 5, 5)).toBe(5);
    expect(usual(4, 6, 5, 5, 4, 6, 5, 900)).toBe(5);
  });

  it('takes a burst for one interval and not for its smallest part', () => {
    expect(usual(60, 0, 0, 60, 0, 0, 60, 0, 0, 60, 0, 0)).toBe(60);
    // Each message twice, as overlapping subscriptions bring it.
    expect(usual(5, 0, 5, 0, 5, 0, 5, 0)).toBe(5);
  });

  it('scales with time, and lies between the median and the longest', () => {
    fc.assert(
      fc.property(fc.array(length, { minLength: 4, maxLength: 16 }), (intervals) => {
        const found = usual(...intervals) ?? Number.NaN;
        expect(usual(...intervals.map((each) => each * 4))).toBe(found * 4);
        const kept = intervals
          .toSorted((a, b) => a - b)
          .slice(0, intervals.length - Math.floor(intervals.length / 8));
        expect(found).toBeGreaterThanOrEqual(kept[Math.floor((kept.length - 1) / 2)] ?? Number.NaN);
        expect(found).toBeLessThanOrEqual(Math.max(...intervals));
      }),
    );
  });
});

describe('IntervalTable', () => {
  it('agrees with lists of arrivals', () => {
    const event = fc.record({
      slot: fc.integer({ min: 0, max: 99 }),
      after: length,
      kind: fc.constantFrom('message', 'message', 'message', 'message', 'seen', 'break', 'missed'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(event, { maxLength: 300 }), (slots, events) => {
        const table = new IntervalTable();
        const lists = Array.from({ length: slots }, () => ({
          slot: table.add(),
          last: undefined as number | undefined,
          messages: 0,
          isWhole: false,
          intervals: [] as number[],
        }));
        let now = 0;
        let breakAt = Number.NEGATIVE_INFINITY;
        for (const { slot, after, kind } of events) {
          now += after;
          const list = lists[slot % slots];
          if (list === undefined) {
            continue;
          }
          if (kind === 'break') {
            breakAt = now;
          } else if (kind === 'missed') {
            table.forgetLast();
            for (const each of lists) {
              each.isWhole = false;
            }
          } else if (kind === 'seen') {
            table.see(list.slot, now);
          } else {
            table.arrive(list.slot, now, breakAt);
            if (list.last !== undefined && list.isWhole && list.last >= breakAt) {
              list.intervals.push(now - list.last);
            }
            list.last = now;
            list.messages += 1;
            list.isWhole = true;
          }
        }
        for (const { slot, last, messages, isWhole, intervals } of lists) {
          expect(table.lastAt(slot)).toBe(last ?? Number.NEGATIVE_INFINITY);
          expect(table.messages(slot)).toBe(messages);
          expect(table.isWhole(slot)).toBe(isWhole);
          expect(table.usual(slot)).toBe(plainUsual(intervals) ?? Number.NaN);
          if (intervals.length > 0) {
            const recent = intervals.slice(-16);
            expect(table.range(slot)).toEqual({
              shortest: Math.min(...recent),
              longest: Math.max(...recent),
            });
          }
        }
      }),
    );
  });
});
