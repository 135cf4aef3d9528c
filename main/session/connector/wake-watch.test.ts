import { describe, expect, it } from 'vitest';
import { type WakeClock, watchWake } from './wake-watch.ts';

/** A machine whose time and addresses the test sets. */
function machine() {
  const ticks = new Set<() => void>();
  let now = 1_000_000;
  let addresses = '10.0.0.2';
  const clock: WakeClock = {
    now: () => now,
    every: (_, tick) => {
      ticks.add(tick);
      return { dispose: () => ticks.delete(tick) };
    },
    addresses: () => addresses,
  };
  let wakes = 0;
  const watch = watchWake(() => {
    wakes += 1;
  }, clock);
  return {
    watch,
    /** Milliseconds pass, then the timer fires. */
    tick(milliseconds: number, present = addresses): number {
      now += milliseconds;
      addresses = present;
      const before = wakes;
      for (const tick of ticks) {
        tick();
      }
      return wakes - before;
    },
  };
}

describe('watchWake', () => {
  it('stays quiet while timers are on time, or late as on a busy machine', () => {
    const { tick } = machine();
    expect([5000, 5003, 9000, 14_900, 5000].map((passed) => tick(passed))).toEqual([0, 0, 0, 0, 0]);
  });

  it('tells once that the machine has slept', () => {
    const { tick } = machine();
    expect([5000, 3_600_000, 5000].map((passed) => tick(passed))).toEqual([0, 1, 0]);
  });

  it('is not troubled by a clock that is set back', () => {
    const { tick } = machine();
    expect([-3_600_000, 5000].map((passed) => tick(passed))).toEqual([0, 0]);
  });

  it('tells of another address, not of the loss of all', () => {
    const { tick } = machine();
    expect(tick(5000, '')).toBe(0);
    expect(tick(5000, '192.168.1.7')).toBe(1);
    expect(tick(5000, '192.168.1.7')).toBe(0);
  });

  it('ends', () => {
    const { tick, watch } = machine();
    watch.dispose();
    expect(tick(3_600_000)).toBe(0);
  });
});
