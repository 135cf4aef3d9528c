import { expect, it } from 'vitest';
import { type SysSample, sysPoints } from './sys-history.ts';

const sample = (at: number, value: number, isRetained = false): SysSample => ({
  sequence: at,
  at,
  value,
  isRetained,
});

it('shows a gauge as it is and a counter as its growth', () => {
  const samples = [sample(1000, 5), sample(3000, 25), sample(4000, 25)];
  expect(sysPoints(samples, 'gauge')).toEqual([1000, 5, 3000, 25, 4000, 25]);
  expect(sysPoints(samples, 'counter')).toEqual([3000, 10, 4000, 0]);
});

it('makes no growth of what has an unknown time, and none of a counter that began anew', () => {
  const samples = [
    sample(1000, 900, true),
    sample(1100, 1000),
    sample(2100, 1010),
    sample(3100, 4),
    sample(4100, 5),
  ];
  expect(sysPoints(samples, 'counter')).toEqual([2100, 10, 4100, 1]);
  // As they come with “Retain as published”.
  const all = [sample(1000, 5, true), sample(1100, 7, true), sample(2100, 9, true)];
  expect(sysPoints(all, 'counter')).toEqual([2100, 2]);
});

it('keeps the last of them', () => {
  const samples = Array.from({ length: 121 }, (_, index) => sample(index * 1000, index));
  expect(sysPoints(samples, 'gauge').length).toBe(240);
  expect(sysPoints(samples, 'counter').length).toBe(240);
});
