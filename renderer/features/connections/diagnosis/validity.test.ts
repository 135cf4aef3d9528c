import { describe, expect, it } from 'vitest';
import { describeValidity } from './validity.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

describe('describeValidity', () => {
  const from = day('2026-01-01');
  const to = day('2026-03-01');

  it.each<[string, string, boolean]>([
    ['2026-02-01', '2026-01-01 to 2026-03-01, 28 days left', true],
    ['2026-02-28', '2026-01-01 to 2026-03-01, 1 day left', true],
    ['2026-03-01', '2026-01-01 to 2026-03-01, ends today', true],
    ['2026-03-03', '2026-01-01 to 2026-03-01, expired 2 days ago', false],
    ['2025-12-31', '2026-01-01 to 2026-03-01, not yet valid', false],
  ])('says on %s: %s', (now, text, isValid) => {
    expect(describeValidity(from, to, day(now))).toEqual({ text, isValid });
  });

  it('does not fall over dates that are none', () => {
    expect(describeValidity(Number.NaN, Number.NaN, 0).text).toContain('unknown');
  });
});
