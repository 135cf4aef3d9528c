import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  COMMITTED,
  CONTROL_BYTES,
  DUP_FLAG,
  FIRST,
  findSequence,
  kindOf,
  loadSequence,
  packFlags,
  qosOf,
  RETAIN_FLAG,
  RowKind,
  storeSequence,
} from './shared-log.ts';

it('carries sequence numbers beyond 32 bits between threads', () => {
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  fc.assert(
    fc.property(fc.maxSafeInteger().map(Math.abs), fc.integer({ min: 0, max: 2 ** 32 }), (large, small) => {
      const bounded = large % 2 ** 50;
      // Only ever upwards within one log, and from below to above the border.
      control.fill(0);
      for (const sequence of [small, bounded].sort((a, b) => a - b)) {
        storeSequence(control, COMMITTED, sequence);
        storeSequence(control, FIRST, Math.floor(sequence / 2));
        expect(loadSequence(control, COMMITTED)).toBe(sequence);
        expect(loadSequence(control, FIRST)).toBe(Math.floor(sequence / 2));
      }
    }),
  );
});

it('packs what a row is into one byte', () => {
  for (const kind of Object.values(RowKind)) {
    for (const qos of [0, 1, 2] as const) {
      const flags = packFlags(kind, qos, true, qos === 1);
      expect([kindOf(flags), qosOf(flags)]).toEqual([kind, qos]);
      expect([(flags & RETAIN_FLAG) !== 0, (flags & DUP_FLAG) !== 0]).toEqual([true, qos === 1]);
      expect(flags).toBeLessThan(256);
    }
  }
});

it('finds a sequence number among ascending ones', () => {
  const sequences = Float64Array.from([2, 5, 9, 2 ** 40]);
  expect([2, 5, 9, 2 ** 40].map((sequence) => findSequence(sequences, 4, sequence))).toEqual([0, 1, 2, 3]);
  expect([1, 3, 10, 2 ** 41].map((sequence) => findSequence(sequences, 4, sequence))).toEqual([
    -1, -1, -1, -1,
  ]);
  expect(findSequence(sequences, 2, 9)).toBe(-1);
});
