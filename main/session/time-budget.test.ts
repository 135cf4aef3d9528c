import { describe, expect, it } from 'vitest';
import { TimeBudget } from './time-budget.ts';

describe('TimeBudget', () => {
  it('asks for a pause until the next second once that much is taken', () => {
    const budget = new TimeBudget(250);
    budget.spend(1000, 1200);
    expect(budget.pauseAt(1200)).toBe(0);
    budget.spend(1300, 1350);
    expect(budget.pauseAt(1350)).toBe(650);
    expect(budget.pauseAt(2000)).toBe(0);
  });
});
