import fc from 'fast-check';
import { createScanner } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../contract/failure.ts';
import type { DecodeLimits } from './codec.ts';
import { jsonCodec } from './json.ts';
import { findJsonProblem } from './json-check.ts';
import { formatJson } from './json-format.ts';

const limits: DecodeLimits = { maxTextLength: 1 << 24, maxDepth: 100, isOver: () => false };
const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (text: string) => {
  const decoded = jsonCodec.decode(bytes(text), limits, { topic: 't' });
  if (decoded.shape !== 'text') {
    throw new Error('JSON is text');
  }
  return decoded;
};
const marked = (text: string) => {
  const { text: out, markers } = shown(text);
  return markers.map(({ offset, length, message }) => [out.slice(offset, offset + length), message]);
};

/** Every token but white space, cut out of the text by the scanner itself. */
function tokens(text: string): string[] {
  const scanner = createScanner(text);
  const found: string[] = [];
  for (let kind: number = scanner.scan(); kind !== 17; kind = scanner.scan()) {
    if (kind < 14 || kind === 16) {
      found.push(text.slice(scanner.getTokenOffset(), scanner.getPosition()));
    }
  }
  return found;
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const spaced = (inner: fc.Arbitrary<string>) => fc.tuple(space, inner, space).map((parts) => parts.join(''));
const scalar = fc.oneof(
  fc.constantFrom(
    '127.0',
    '1e5',
    '-0',
    '0.10',
    '12345678901234567890',
    '1E+02',
    'true',
    'false',
    'null',
    '""',
  ),
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u00e9\\/"', '"\\ud83d"', '"a\\\\"', '"  x  "', '"{[,:]}"'),
);
/** Valid JSON in every spelling: white space anywhere, duplicate keys, odd numbers and escapes. */
const jsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    spaced(scalar),
    spaced(fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`)),
    spaced(
      fc
        .array(fc.tuple(spaced(fc.constantFrom('"a"', '"b"', '"\\u0061"', '""')), tie('value')), {
          maxLength: 4,
        })
        .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`),
    ),
  ),
})).value;
/** Anything made of what JSON is made of, mostly wrong. */
const jsonSoup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        ' ',
        '\n',
        '\r',
        '//x',
        '/*y*/',
        '/',
        '*',
      ),
      fc.constantFrom(
        '1',
        '01',
        '-',
        '.5',
        '1.',
        'e',
        'true',
        'tru',
        'NaN',
        '\u00a0',
        '\ufeff',
        'é',
        '😀',
        '\0',
      ),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('JSON that is valid', () => {
  it('keeps every token as it was sent, and means the same', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const { text: out, markers, outcome } = formatJson(text, limits);
        expect(outcome).toBe('formatted');
        expect(markers).toEqual([]);
        expect(tokens(out)).toEqual(tokens(text));
        expect(JSON.parse(out)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is laid out like JSON.stringify does, where that changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const pretty = JSON.stringify(value, undefined, 2);
        expect(formatJson(JSON.stringify(value), limits).text).toBe(pretty);
      }),
    );
  });

  it('leaves numbers, key order, duplicate keys and escapes alone', () => {
    expect(shown('{"b":127.0,"a":12345678901234567890,"b":"\\u00e9\\/"}').text).toBe(
      '{\n  "b": 127.0,\n  "a": 12345678901234567890,\n  "b": "\\u00e9\\/"\n}',
    );
  });

  it('takes off a byte order mark and says so', () => {
    const { text, markers, notes } = shown('\ufeff[1]');
    expect(text).toBe('[\n  1\n]');
    expect(markers).toEqual([]);
    expect(notes.join()).toContain('byte order mark');
  });

  it('shows scalars as they are', () => {
    for (const text of ['21.50', '"x"', 'true', 'null', ' 5 ']) {
      expect(shown(text)).toMatchObject({ text: text.trim(), markers: [], notes: [] });
    }
  });
});

describe('JSON that is not valid', () => {
  it('loses nothing but white space, and formatting twice changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(jsonSoup, fc.string({ unit: 'binary' })),
        fc.integer({ min: 0, max: 6 }),
        (text, maxDepth) => {
          const out = formatJson(text, { ...limits, maxDepth });
          const bare = (value: string) => value.replace(/[ \t\r\n]/g, '');
          expect(bare(out.text)).toBe(bare(text));
          for (const { offset, length } of out.markers) {
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(offset + length).toBeLessThanOrEqual(out.text.length);
          }
          if (out.outcome === 'formatted') {
            expect(tokens(out.text)).toEqual(tokens(text));
            expect(formatJson(out.text, { ...limits, maxDepth })).toEqual(out);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is marked exactly where JSON.parse refuses it', () => {
    const parses = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(jsonSoup, (text) => {
        expect(findJsonProblem(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('marks the wrong place in the shown text', () => {
    expect(marked('{"a":[1,2,]}')).toEqual([[']', 'Nothing follows the last “,”']]);
    expect(marked('{"a":{"b" 1}}')).toEqual([['1', 'A “:” is missing before this']]);
    expect(marked('[1 2]')).toEqual([['2', 'A “,” is missing before this']]);
    expect(marked('{a:1}')).toEqual([['a', 'A name in double quotes is expected here']]);
    expect(marked('[1,2')).toEqual([['2', 'The text ends here, but a “]” is missing']]);
    expect(marked('{"a":[1}')[0]).toEqual(['}', 'A “]” is expected here: a “[” is open']);
    expect(marked('[NaN]')).toEqual([['NaN', 'JSON has no NaN']]);
    expect(marked('["\\x"]')[0]?.[0]).toBe('"\\x"');
    expect(marked('[1] // c')).toEqual([['// c', 'JSON has no comments']]);
  });

  it('names several values in a row once', () => {
    const { text, markers } = shown('{"a":1}\n{"a":2}\n{"a":3}\n');
    expect(text).toBe('{\n  "a": 1\n}\n{\n  "a": 2\n}\n{\n  "a": 3\n}');
    expect(markers).toHaveLength(1);
  });

  it('shows what is no JSON at all as it came', () => {
    const { text, notes } = shown('hello,   {world}');
    expect(text).toBe('hello,   {world}');
    expect(notes).toEqual(['This is not JSON: shown as it came.']);
  });

  it('keeps what touches together: 01 is not shown as two numbers', () => {
    expect(shown('[01,12abc]').text).toBe('[\n  01,\n  12abc\n]');
  });
});

describe('JSON beyond the limits', () => {
  it('does not indent what is nested too deep, and says so', () => {
    const text = '['.repeat(50_000) + ']'.repeat(50_000);
    const decoded = shown(text);
    expect(decoded.text.length).toBeLessThan(text.length + 100 * 100 * 4);
    expect(decoded.text.replace(/\s/g, '')).toBe(text);
    expect(decoded.notes.join()).toContain('Nested 50,000 deep');
    expect(decoded.markers).toEqual([]);
  });

  it('shows all of it as it came when laying it out would be too long', () => {
    const text = JSON.stringify(Array.from({ length: 100 }, (_, index) => ({ index })));
    const decoded = jsonCodec.decode(bytes(text), { ...limits, maxTextLength: text.length }, { topic: 't' });
    expect(decoded).toMatchObject({ shape: 'text', text });
    expect(decoded.notes.join()).toContain('too long');
  });

  it('stops when the time is over, with the rest as it came', () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => index));
    const decoded = formatJson(text, { ...limits, isOver: () => true });
    expect(decoded.outcome).toBe('timeout');
    expect(decoded.text.replace(/\s/g, '')).toBe(text);
    expect(decoded.text.split('\n').at(-1)).toContain(',19999]');
  });

  it('says how much a cut leaves out', () => {
    const text = JSON.stringify('x'.repeat(5000));
    const decoded = jsonCodec.decode(bytes(text), { ...limits, maxTextLength: 1000 }, { topic: 't' });
    expect(decoded.notes).toContain(
      '1.0 KB of 5.0 KB shown (1,000 of 5,002 bytes). Save the payload to see all of it.',
    );
  });
});

describe('typed JSON', () => {
  it('is sent exactly as typed', () => {
    const text = '{ "a":\t127.0 }\n';
    expect(jsonCodec.encode?.(text)).toEqual(bytes(text));
  });

  it('is refused with the place and the way out', () => {
    const encode = () => jsonCodec.encode?.('{\n  "a": tru\n}');
    expect(encode).toThrow(FailureError);
    expect(encode).toThrow('Not valid JSON: “tru” is not JSON (line 2, column 8).');
  });
});
