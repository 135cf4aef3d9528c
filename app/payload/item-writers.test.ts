import { decode as decodeMessagePack, ExtData, encode as referenceMessagePack } from '@msgpack/msgpack';
import { decode as decodeCbor, encode as referenceCbor } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cborCodec } from './cbor.ts';
import { encodeCbor } from './cbor-writer.ts';
import type { Codec } from './codec.ts';
import { messagePackCodec } from './msgpack.ts';
import { encodeMessagePack } from './msgpack-writer.ts';
import { PayloadError } from './payload-error.ts';

const limits = { maxTextLength: 1 << 20, maxDepth: 100, isOver: () => false };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function shown(codec: Codec, bytes: Uint8Array): string {
  const decoded = codec.decode(bytes, limits, { topic: '' });
  if (decoded.shape !== 'text') {
    throw new Error('no text');
  }
  expect(decoded.markers).toEqual([]);
  return decoded.text;
}

const json = fc.jsonValue({ maxDepth: 4 });

/** Examples of RFC 8949, appendix A, that are in preferred serialization. */
const examples: readonly (readonly [string, string])[] = [
  ['00', '0'],
  ['1818', '24'],
  ['1b000000e8d4a51000', '1000000000000'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['c249010000000000000000', '18446744073709551616'],
  ['3bffffffffffffffff', '-18446744073709551616'],
  ['c349010000000000000000', '-18446744073709551617'],
  ['3903e7', '-1000'],
  ['f90000', '0.0'],
  ['f98000', '-0.0'],
  ['fb3ff199999999999a', '1.1'],
  ['f97bff', '65504.0'],
  ['fa47c35000', '100000.0'],
  ['fa7f7fffff', '3.4028234663852886e+38'],
  ['fb7e37e43c8800759c', '1.0e+300'],
  ['f90001', '5.960464477539063e-8'],
  ['f90400', '0.00006103515625'],
  ['f97c00', 'Infinity'],
  ['f97e00', 'NaN'],
  ['f9fc00', '-Infinity'],
  ['f7', 'undefined'],
  ['f8ff', 'simple(255)'],
  ['c1fb41d452d9ec200000', '1(1363896240.5)'],
  ['d74401020304', "23(h'01020304')"],
  ['d818456449455446', "24(h'6449455446')"],
  ['64f0908591', '"\\ud800\\udd51"'],
  ['a26161016162820203', '{"a": 1, "b": [2, 3]}'],
  ['5f42010243030405ff', "(_ h'0102', h'030405')"],
  ['9f018202039f0405ffff', '[_ 1, [2, 3], [_ 4, 5]]'],
  ['bf61610161629f0203ffff', '{_ "a": 1, "b": [_ 2, 3]}'],
];

describe('Writing CBOR', () => {
  it.each(examples)('%s is %s', (digits, text) => {
    expect(hex(encodeCbor(text)).slice(0, 30)).toBe(digits.slice(0, 30));
  });

  it('of JSON is read back by another library', () => {
    fc.assert(
      fc.property(json, (value) => {
        // Integers that a double does not hold come back as another type.
        fc.pre(!/\d{16}/.test(JSON.stringify(value)));
        expect(JSON.stringify(decodeCbor(encodeCbor(JSON.stringify(value))))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('of what the view shows gives the same view', () => {
    const values = fc.oneof(
      json,
      fc.double(),
      fc.bigInt(),
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.oneof(fc.double(), fc.string(), fc.uint8Array({ maxLength: 5 }), fc.constant(undefined))),
    );
    fc.assert(
      fc.property(values, (value) => {
        const text = shown(cborCodec, new Uint8Array(referenceCbor(value)));
        expect(shown(cborCodec, encodeCbor(text))).toBe(text);
      }),
    );
  });
});

describe('Writing MessagePack', () => {
  it('of JSON is read back by another library', () => {
    fc.assert(
      fc.property(json, (value) => {
        // Beyond these the library takes no integers, and never this key.
        fc.pre(!/\d{16}|__proto__/.test(JSON.stringify(value)));
        expect(JSON.stringify(decodeMessagePack(encodeMessagePack(JSON.stringify(value))))).toBe(
          JSON.stringify(value),
        );
      }),
    );
  });

  it('of integers takes as few bytes as another library', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(hex(encodeMessagePack(String(value)))).toBe(hex(referenceMessagePack(value)));
      }),
    );
  });

  it('of what the view shows gives the same view', () => {
    const values = fc.oneof(
      json,
      fc.double(),
      fc.uint8Array({ maxLength: 300 }),
      fc.date({ noInvalidDate: true }),
      fc
        .tuple(fc.integer({ min: 0, max: 127 }), fc.uint8Array({ maxLength: 40 }))
        .map((ext) => new ExtData(...ext)),
    );
    fc.assert(
      fc.property(values, (value) => {
        const text = shown(messagePackCodec, referenceMessagePack(value));
        expect(shown(messagePackCodec, encodeMessagePack(text))).toBe(text);
      }),
    );
  });

  it('refuses what only CBOR has', () => {
    for (const text of ['1(2)', 'undefined', '[_ 1]', 'simple(5)', '18446744073709551616']) {
      expect(() => encodeMessagePack(text)).toThrow(PayloadError);
    }
  });
});

describe('What is no notation', () => {
  it.each([
    ['{"a" 1}', 5, ': expected here'],
    ['[1 2]', 3, ', expected here'],
    ['{"a": tru}', 6, '“tru” is no value'],
    ["h'0'", 0, 'two hexadecimal digits'],
    ['"ab', 0, 'a text that does not end'],
    ['', 0, 'a value is missing at the end'],
    ['1(2', 2, ') expected here'],
    ['simple("x")', 0, 'write simple(5)'],
    ['@', 0, '“@” begins no value'],
    [`${'['.repeat(300)}`, 201, 'nested deeper than 200'],
  ])('%s is refused at %i', (text, offset, message) => {
    const error = (() => {
      try {
        return encodeCbor(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(PayloadError);
    expect(error).toMatchObject({ offset, message: expect.stringContaining(message) });
  });

  it('never fails in another way, whatever is typed', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '(',
            ')',
            '_',
            ',',
            ':',
            '"',
            "h'",
            "'",
            '1',
            'ext',
            '1.5',
            ' ',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        for (const encode of [encodeCbor, encodeMessagePack]) {
          try {
            encode(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PayloadError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
