import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GapRow, MessagesWindow } from '#app/contract/feeds/session.ts';
import {
  evictionShift,
  followPlan,
  planFollow,
  planHold,
  type StreamPlan,
  stableRow,
} from './stream-plan.ts';

/** A log of which rows before `evicted` are gone; row `n` of the beginning has sequence `n + 1`. */
function windowAt(stableOffset: number, rows: number, evicted: number, end: number): MessagesWindow {
  const first = Math.max(evicted, Math.min(stableOffset, end));
  const last = Math.min(first + rows, end);
  return {
    offset: first - evicted,
    total: end - evicted,
    evictedRows: evicted,
    rows: Array.from(
      { length: last - first },
      (_, place): GapRow => ({ kind: 'gap', sequence: first + place + 1, receivedAt: 0, text: '' }),
    ),
    waiting: 0,
    newestSequence: end,
    scanning: false,
  };
}

/** What the engine answers to a plan. */
function answer(plan: StreamPlan, evicted: number, end: number): MessagesWindow {
  const { at, count } = plan;
  switch (at.kind) {
    case 'live':
      return windowAt(end - count, count, evicted, end);
    case 'row':
      return windowAt(evicted + at.row, count, evicted, end);
    case 'sequence':
      return windowAt(at.sequence - 1 - at.rowsBefore, count, evicted, end);
  }
}

describe('planFollow', () => {
  test('asks for more only when the view needs more', () => {
    expect(planFollow(followPlan, { first: 40, end: 90 }, 500)).toBe(followPlan);
    const tall = planFollow(followPlan, { first: 0, end: 130 }, 500);
    expect(tall).toEqual({ at: { kind: 'live' }, count: 160 });
    expect(planFollow(tall, { first: 8, end: 138 }, 500)).toBe(tall);
  });
});

describe('planHold', () => {
  test('hangs on a message from the first moment on', () => {
    const live = windowAt(900, 100, 0, 1000);
    const plan = planHold(followPlan, live, { first: 950, end: 990 }, 500);
    expect(plan.at).toEqual({ kind: 'sequence', sequence: 901, rowsBefore: 0 });
  });

  test('stays as long as the rows are known', () => {
    const plan: StreamPlan = { at: { kind: 'sequence', sequence: 901, rowsBefore: 0 }, count: 100 };
    const window = answer(plan, 0, 5000);
    expect(planHold(plan, window, { first: 930, end: 960 }, 500)).toBe(plan);
  });

  test('reaches back from a known message when scrolling up', () => {
    const plan: StreamPlan = { at: { kind: 'sequence', sequence: 901, rowsBefore: 0 }, count: 100 };
    const next = planHold(plan, answer(plan, 0, 5000), { first: 890, end: 920 }, 500);
    expect(next.at).toMatchObject({ kind: 'sequence', sequence: 901 });
    expect(answer(next, 0, 5000).offset).toBeLessThan(890);
  });

  test('is the same plan until its answer has come', () => {
    const plan: StreamPlan = { at: { kind: 'sequence', sequence: 901, rowsBefore: 0 }, count: 100 };
    const window = answer(plan, 0, 5000);
    for (const first of [3000, 890]) {
      const next = planHold(plan, window, { first, end: first + 40 }, 500);
      expect(planHold(next, window, { first, end: first + 40 }, 500)).toBe(next);
    }
  });

  test('asks by number where nothing is known, then hangs on what came', () => {
    const plan: StreamPlan = { at: { kind: 'sequence', sequence: 901, rowsBefore: 0 }, count: 100 };
    const far = planHold(plan, answer(plan, 0, 5000), { first: 3000, end: 3040 }, 500);
    expect(far.at.kind).toBe('row');
    const window = answer(far, 0, 5000);
    const held = planHold(far, window, { first: 3000, end: 3040 }, 500);
    expect(held.at).toEqual({ kind: 'sequence', sequence: window.offset + 1, rowsBefore: 0 });
  });

  test('whatever is in view is covered by the answer, while messages come and go', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 120 }),
        fc.nat(3000),
        fc.nat(3000),
        fc.nat(9000),
        (first, rows, evicted, more, place) => {
          const end = evicted + 200 + more;
          const start = windowAt(evicted + (place % (200 + more)), 100, evicted, end);
          const visible = { first: Math.min(first, start.total), end: Math.min(first + rows, start.total) };
          const plan = planHold(followPlan, start, visible, 500);
          const window = answer(plan, evicted, end);
          expect(window.offset).toBeLessThanOrEqual(visible.first);
          expect(window.offset + window.rows.length).toBeGreaterThanOrEqual(visible.end);
          // Asked again on its own answer it comes to rest, after at most one step from number to message.
          const held = planHold(plan, window, visible, 500);
          expect(planHold(held, answer(held, evicted, end), visible, 500)).toBe(held);
        },
      ),
    );
  });
});

test('a row keeps its stable number while others go', () => {
  const before = windowAt(100, 10, 20, 200);
  const after = windowAt(100, 10, 50, 200);
  expect(stableRow(before, before.offset)).toBe(stableRow(after, after.offset));
  expect(evictionShift(before, after)).toBe(-30);
});
