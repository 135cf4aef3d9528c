import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePlaces } from './line-places.ts';

function expected(text: string, offset: number) {
  const before = text.slice(0, offset);
  // Half a CR LF counts as being on the line that it ends.
  const isInLineEnd = before.endsWith('\r') && text[offset] === '\n';
  const lines = (isInLineEnd ? before.slice(0, -1) : before).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 + (isInLineEnd ? 1 : 0) };
}

describe('LinePlaces', () => {
  it('counts lines of all kinds', () => {
    const places = new LinePlaces([0, 2, 5, 8]);
    places.add('a\nb\r\nc\rd');
    expect(places.finish()).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 4, column: 2 },
    ]);
  });

  it('finds the same places however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', 'é'), { maxLength: 40 }),
        fc.array(fc.nat(60), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }),
        (parts, offsets, cuts) => {
          const text = parts.join('');
          const sorted = offsets.filter((offset) => offset < text.length).sort((a, b) => a - b);
          const places = new LinePlaces(sorted);
          for (let at = 0, cut = 0; at < text.length; cut++) {
            const length = cuts[cut % cuts.length] ?? 1;
            places.add(text.slice(at, at + length));
            at += length;
          }
          expect(places.finish()).toEqual(sorted.map((offset) => expected(text, offset)));
        },
      ),
    );
  });
});
