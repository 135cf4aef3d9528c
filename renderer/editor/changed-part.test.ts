import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replacementOf } from './changed-part.ts';

describe('replacementOf', () => {
  it('replaces the lines that differ and no others', () => {
    expect(replacementOf('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 17,\n  "b": 2\n}')).toEqual({
      start: 2,
      end: 11,
      text: '  "a": 17,',
    });
    expect(replacementOf('a\nb', 'a\nb')).toBeUndefined();
  });

  it('turns any text into any other, and touches whole lines only', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '\n', '\r\n', '😀', '{', '  '), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const change = replacementOf(from, to);
        if (change === undefined) {
          expect(from).toBe(to);
          return;
        }
        expect(from.slice(0, change.start) + change.text + from.slice(change.end)).toBe(to);
        expect(change.start).toBeLessThanOrEqual(change.end);
        expect(change.start === 0 || from[change.start - 1] === '\n').toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
