import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('keeps to the rate, whatever the steps take', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }),
      (perSecond, took) => {
        let now = 0;
        const pace = new Pace(perSecond, () => now);
        const steps: number[] = [];
        for (const milliseconds of took) {
          now += pace.next();
          steps.push(now);
          now += milliseconds;
        }
        for (const [first, from] of steps.entries()) {
          const within = steps.slice(first).filter((at) => at < from + 1000).length;
          // A second's worth, what may be caught up, and the coarse timers.
          expect(within).toBeLessThanOrEqual(perSecond * 1.102 + 2);
        }
      },
    ),
  );
});
