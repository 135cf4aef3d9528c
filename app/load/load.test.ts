import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedPayload } from './fixed-payload.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { loadCap } from './load-test.ts';

describe('LatencyHistogram', () => {
  it('knows nothing before the first', () => {
    expect(new LatencyHistogram().summary()).toBeUndefined();
  });

  it('is at most one bucket above the true quantile, and within what was measured', () => {
    const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(times, (measured) => {
        const histogram = new LatencyHistogram();
        for (const time of measured) {
          histogram.add(time);
        }
        const sorted = [...measured].sort((a, b) => a - b);
        const summary = histogram.summary();
        const steps = histogram.steps();
        expect(steps.reduce((sum, { count }) => sum + count, 0)).toBe(measured.length);
        expect([steps[0]?.count, steps.at(-1)?.count]).not.toContain(0);
        expect(summary?.count).toBe(measured.length);
        expect(summary?.min).toBe(sorted[0]);
        expect(summary?.max).toBe(sorted.at(-1));
        for (const [share, shown] of [
          [0.5, summary?.median],
          [0.9, summary?.p90],
          [0.95, summary?.p95],
          [0.99, summary?.p99],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(shown).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(shown).toBeLessThanOrEqual(Math.max(exact, 0.01) * 2 ** (1 / 16) * (1 + 1e-9));
        }
      }),
    );
  });
});

it('spares a production connection, and a read-only one altogether', () => {
  expect(loadCap('confirm')?.rate).toBeLessThan(loadCap('none')?.rate ?? 0);
  expect(loadCap('readOnly')).toBeUndefined();
});

it('makes a payload of any size, printable and repeating', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), (size) => {
      const text = new TextDecoder().decode(fixedPayload(size));
      expect(text).toHaveLength(size);
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      expect(text.slice(64)).toBe(text.slice(0, Math.max(0, size - 64)));
    }),
  );
});
