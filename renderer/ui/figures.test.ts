import { describe, expect, it } from 'vitest';
import { formatAge } from './age.tsx';
import { formatRate } from './numbers.tsx';

describe('figures', () => {
  it.each([
    [-500, 'now'],
    [999, 'now'],
    [1000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [86_400_000, '1 d'],
  ])('an age of %d ms is %s', (age, text) => {
    expect(formatAge(age)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.04, '0'],
    [0.4, '0.4'],
    [9.96, '10'],
    [1234.4, '1,234'],
  ])('a rate of %d is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });
});
