import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexOfKey, planWindow, renderedRange, rowAt, rowShift, visibleRange } from './row-window.ts';

const numbers = (offset: number, keys: readonly number[], total = 1000) => ({ offset, total, rows: keys });
const same = (key: number) => key;

describe('visibleRange', () => {
  test('counts rows that are cut by the edges', () => {
    expect(visibleRange(12, 48, 24, 100)).toEqual({ first: 0, end: 3 });
    expect(visibleRange(24, 48, 24, 100)).toEqual({ first: 1, end: 3 });
  });

  test('ends with the list', () => {
    expect(visibleRange(2352, 480, 24, 100)).toEqual({ first: 98, end: 100 });
    expect(visibleRange(0, 480, 24, 0)).toEqual({ first: 0, end: 0 });
  });
});

test('what is rendered holds what is in view and moves in steps', () => {
  const one = renderedRange({ first: 101, end: 131 }, 1000);
  const next = renderedRange({ first: 102, end: 132 }, 1000);
  expect(one).toEqual(next);
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(100), fc.nat(5000), (first, rows, total) => {
      const visible = { first: Math.min(first, total), end: Math.min(first + rows, total) };
      const rendered = renderedRange(visible, total);
      expect(rendered.first).toBeLessThanOrEqual(visible.first);
      expect(rendered.end).toBeGreaterThanOrEqual(visible.end);
      expect(rendered.end).toBeLessThanOrEqual(total);
    }),
  );
});

describe('planWindow', () => {
  const start = { offset: 0, count: 100 };

  test('stays while the rows in view are covered', () => {
    expect(planWindow(start, { first: 10, end: 40 }, 1000, 500)).toBe(start);
  });

  test('moves before the view reaches the edge', () => {
    const next = planWindow(start, { first: 65, end: 95 }, 1000, 500);
    expect(next).not.toBe(start);
    expect(next.offset).toBeLessThan(65);
    expect(next.offset + next.count).toBeGreaterThan(95 + 10);
  });

  test('does not move at the end of a list', () => {
    const end = { offset: 900, count: 100 };
    expect(planWindow(end, { first: 970, end: 1000 }, 1000, 500)).toBe(end);
  });

  test('always covers the view, within the limit, and then stays', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 150 }),
        fc.nat(1_000_000),
        (first, rows, total) => {
          const visible = { first: Math.min(first, total), end: Math.min(first + rows, total) };
          const plan = planWindow(start, visible, total, 500);
          expect(plan.count).toBeLessThanOrEqual(500);
          expect(plan.offset).toBeLessThanOrEqual(visible.first);
          expect(plan.offset + plan.count).toBeGreaterThanOrEqual(visible.end);
          expect(planWindow(plan, visible, total, 500)).toBe(plan);
        },
      ),
    );
  });
});

describe('rowShift', () => {
  test('finds by how much an anchor moved', () => {
    expect(rowShift(numbers(10, [5, 6, 7]), numbers(10, [1, 5, 6, 7]), [6], same)).toBe(1);
    expect(rowShift(numbers(10, [5, 6, 7]), numbers(8, [6, 7]), [6], same)).toBe(-3);
  });

  test('takes the next anchor when the first is gone', () => {
    expect(rowShift(numbers(0, [5, 6, 7]), numbers(0, [6, 7]), [undefined, 5, 7], same)).toBe(-1);
  });

  test('is unknown without a common row', () => {
    expect(rowShift(numbers(0, [5]), numbers(0, [6]), [5, 6], same)).toBeUndefined();
    expect(rowShift(undefined, numbers(0, [6]), [6], same)).toBeUndefined();
  });
});

test('rows are found by number and by key', () => {
  const window = numbers(10, [5, 6, 7]);
  expect(rowAt(window, 11)).toBe(6);
  expect(rowAt(window, 9)).toBeUndefined();
  expect(rowAt(undefined, 0)).toBeUndefined();
  expect(indexOfKey(window, 7, same)).toBe(12);
  expect(indexOfKey(window, 8, same)).toBeUndefined();
  expect(indexOfKey(window, undefined, same)).toBeUndefined();
});
