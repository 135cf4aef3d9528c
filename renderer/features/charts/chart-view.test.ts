import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pan, viewForKey, zoom } from './chart-view.ts';

const span = fc
  .record({ from: fc.integer({ min: 1e6, max: 2e12 }), length: fc.integer({ min: 100, max: 1e9 }) })
  .map(({ from, length }) => ({ from, to: from + length }));

it('zooms around a moment that keeps its place, in and out again', () => {
  fc.assert(
    fc.property(span, fc.double({ min: 0, max: 1, noNaN: true }), (before, share) => {
      const around = before.from + (before.to - before.from) * share;
      const near = zoom(before, 0.5, around);
      if (near.kind !== 'fixed') {
        throw new Error('not zoomed');
      }
      expect(near.to - near.from).toBeCloseTo((before.to - before.from) / 2, 2);
      expect((around - near.from) / (near.to - near.from)).toBeCloseTo(share, 2);
      const back = zoom(near, 2, around);
      expect(back).toMatchObject({ kind: 'fixed' });
      expect(back.kind === 'fixed' ? back.from : 0).toBeCloseTo(before.from, 1);
    }),
  );
});

it('pans without changing the length, and never before the beginning of time', () => {
  fc.assert(
    fc.property(span, fc.double({ min: -3, max: 3, noNaN: true }), (before, share) => {
      const after = pan(before, share);
      if (after.kind !== 'fixed') {
        throw new Error('not moved');
      }
      expect(after.to - after.from).toBeCloseTo(before.to - before.from, 1);
      expect(after.from).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('does not get lost in a point', () => {
  let view = { from: 1000, to: 2000 };
  for (let i = 0; i < 50; i++) {
    const next = zoom(view, 0.5, 1500);
    view = next.kind === 'fixed' ? next : view;
  }
  expect(view.to - view.from).toBe(2);
});

it('knows its keys, and leaves the others alone', () => {
  const view = { from: 1000, to: 2000 };
  expect(viewForKey('ArrowLeft', view)).toEqual({ kind: 'fixed', from: 800, to: 1800 });
  expect(viewForKey('+', view)).toEqual({ kind: 'fixed', from: 1250, to: 1750 });
  expect(viewForKey('Escape', view)).toEqual({ kind: 'live' });
  expect(viewForKey('a', view)).toBeUndefined();
});
