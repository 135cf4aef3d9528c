import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoldFinder, type FoldRange } from './fold-ranges.ts';

function fold(text: string): readonly FoldRange[] {
  const finder = new FoldFinder();
  for (const [index, line] of text.split('\n').entries()) {
    finder.add(index + 1, line.search(/\S/));
  }
  return finder.finish();
}

describe('FoldFinder', () => {
  it('folds a formatted object and what is in it, leaving the closing brackets visible', () => {
    expect(fold('{\n  "a": [\n    1,\n    2\n  ],\n  "b": 1\n}')).toEqual([
      { start: 1, end: 6 },
      { start: 2, end: 4 },
    ]);
  });

  it('folds nothing in a flat text, and over blank lines', () => {
    expect(fold('a\nb\nc')).toEqual([]);
    expect(fold('a\n\n  b\n\nc')).toEqual([{ start: 1, end: 3 }]);
  });

  it('gives ranges that lie in each other or apart, whatever the indentation', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 60 }), (indents) => {
        const finder = new FoldFinder();
        for (const [index, indent] of indents.entries()) {
          finder.add(index + 1, indent);
        }
        const ranges = finder.finish();
        const open: FoldRange[] = [];
        for (const range of ranges) {
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(indents.length);
          while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) < range.start) {
            open.pop();
          }
          expect(range.end).toBeLessThanOrEqual(open.at(-1)?.end ?? Number.POSITIVE_INFINITY);
          open.push(range);
        }
      }),
    );
  });
});
