import { describe, expect, it } from 'vitest';
import { Bustle } from './bustle.ts';

describe('Bustle', () => {
  it('lets a few changes a second through', () => {
    const bustle = new Bustle(3);
    expect([0, 100, 200, 1000, 1100, 1200].map((at) => bustle.note(at))).not.toContain(true);
  });

  it('is busy from the first change too many to the end of the next second', () => {
    const bustle = new Bustle(3);
    expect([0, 10, 20, 30].map((at) => bustle.note(at))).toEqual([false, false, false, true]);
    expect(bustle.note(1500)).toBe(true);
    expect(bustle.note(2500)).toBe(false);
  });

  it('begins anew after a pause', () => {
    const bustle = new Bustle(1);
    bustle.note(0);
    expect(bustle.note(1)).toBe(true);
    expect(bustle.note(60_000)).toBe(false);
  });
});
