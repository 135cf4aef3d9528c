import { ExtData, encode as encodeMessagePack } from '@msgpack/msgpack';
import { encode as encodeCbor, Tag } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cborCodec } from './cbor.ts';
import type { Codec, DecodeLimits } from './codec.ts';
import { messagePackCodec } from './msgpack.ts';
import { codecs, detectCodec } from './registry.ts';

const limits: DecodeLimits = { maxTextLength: 1 << 20, maxDepth: 100, isOver: () => false };
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const detected = (bytes: Uint8Array) => detectCodec(bytes, { topic: 't' }).id;

function shown(codec: Codec, bytes: Uint8Array, some: Partial<DecodeLimits> = {}) {
  const decoded = codec.decode(bytes, { ...limits, ...some }, { topic: 't' });
  if (decoded.shape !== 'text') {
    throw new Error('not a text');
  }
  return { ...decoded, line: decoded.text.replace(/\n */g, ' ') };
}

/** The examples of RFC 8949, appendix A, as laid out here: floats without their width. */
const cborExamples: readonly (readonly [string, string])[] = [
  ['00', '0'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['c249010000000000000000', '18446744073709551616'],
  ['3bffffffffffffffff', '-18446744073709551616'],
  ['c349010000000000000000', '-18446744073709551617'],
  ['f98000', '-0.0'],
  ['f93c00', '1.0'],
  ['fb3ff199999999999a', '1.1'],
  ['f97bff', '65504.0'],
  ['fa47c35000', '100000.0'],
  ['fa7f7fffff', '3.4028234663852886e+38'],
  ['fa3dcccccd', '0.1'],
  ['f90001', '5.960464477539063e-8'],
  ['f9c400', '-4.0'],
  ['f97c00', 'Infinity'],
  ['f97e00', 'NaN'],
  ['fbfff0000000000000', '-Infinity'],
  ['f7', 'undefined'],
  ['f0', 'simple(16)'],
  ['f8ff', 'simple(255)'],
  ['c074323031332d30332d32315432303a30343a30305a', '0("2013-03-21T20:04:00Z")'],
  ['c11a514b67b0', '1(1363896240)'],
  ['d74401020304', "23(h'01020304')"],
  ['40', "h''"],
  ['62225c', '"\\"\\\\"'],
  ['64f0908591', '"𐅑"'],
  ['80', '[]'],
  ['8301820203820405', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
  ['a201020304', '{ 1: 2, 3: 4 }'],
  ['5f42010243030405ff', "(_ h'0102', h'030405')"],
  ['7f657374726561646d696e67ff', '(_ "strea", "ming")'],
  ['9fff', '[_ ]'],
  ['9f018202039f0405ffff', '[_ 1, [ 2, 3 ], [_ 4, 5 ] ]'],
  ['bf61610161629f0203ffff', '{_ "a": 1, "b": [_ 2, 3 ] }'],
  ['a26161016161f5', '{ "a": 1, "a": true }'],
  ['0102', '1 2'],
];

describe('CBOR', () => {
  it.each(cborExamples)('%s reads %s', (digits, text) => {
    const { line, markers } = shown(cborCodec, hex(digits));
    expect(line).toBe(text);
    expect(markers).toEqual([]);
  });

  it.each([
    ['18', '1 bytes are announced, 0 are left (byte 1)'],
    ['62', '2 bytes are announced, 0 are left (byte 1)'],
    ['1c', '1c begins no item of CBOR (byte 0)'],
    ['ff', 'An end (ff) where an item must stand (byte 0)'],
    ['f810', 'f8 begins no item of CBOR (byte 0)'],
    ['9bffffffffffffffff', '18,446,744,073,709,551,615 items are announced, 0 bytes are left (byte 9)'],
    ['5f6161ff', 'A piece of a string must be a string of its kind (byte 1)'],
  ])('%s is refused with the place', (digits, message) => {
    const { notes, text } = shown(cborCodec, hex(digits));
    expect(text === '' ? notes : shown(cborCodec, hex(digits)).markers[0]?.message).toEqual(
      text === '' ? [`This is not CBOR: ${message}.`] : message,
    );
  });

  it('keeps what comes before the fault, and marks it', () => {
    const { text, markers } = shown(cborCodec, hex('a2 6161 01 6162 bf 01 ff'));
    expect(text).toContain('"a": 1');
    expect(markers).toEqual([
      { offset: text.length - 1, length: 1, message: 'An end (ff) where an item must stand (byte 8)' },
    ]);
  });

  it('gives fields by their paths', () => {
    const bytes = encodeCbor(
      new Map<unknown, unknown>([
        ['temp', 21.5],
        ['a key', [1, new Tag(1, 5)]],
        [7, { x: 2n ** 63n }],
        ['raw', new Uint8Array([10, 27])],
        [[1], 'odd'],
      ]),
    );
    expect(cborCodec.fields?.(bytes, limits)).toEqual([
      { path: 'temp', value: 21.5 },
      { path: '["a key"][0]', value: 1 },
      { path: '["a key"][1]', value: 5 },
      { path: '[7].x', value: 2n ** 63n },
      { path: 'raw', value: "h'0a1b'" },
      { path: '[…]', value: 'odd' },
    ]);
  });
});

describe('MessagePack', () => {
  it.each([
    ['ccff', '255'],
    ['cfffffffffffffffff', '18446744073709551615'],
    ['d38000000000000000', '-9223372036854775808'],
    ['e0', '-32'],
    ['ca41ab3333', '21.4'],
    ['cb3ff0000000000000', '1.0'],
    ['c403010203', "h'010203'"],
    ['d40501', "ext(5, h'01')"],
    ['d6ff65920080', 'timestamp("2024-01-01T00:00:00Z")'],
    ['c70cff0000000600000000000000 00', 'timestamp("1970-01-01T00:00:00.000000006Z")'],
    ['82a161c0a162c3', '{ "a": null, "b": true }'],
    ['dc0001 9101', '[ [ 1 ] ]'],
  ])('%s reads %s', (digits, text) => {
    expect(shown(messagePackCodec, hex(digits))).toMatchObject({ line: text, markers: [] });
  });

  it('refuses what no item begins with', () => {
    expect(shown(messagePackCodec, hex('c1')).notes).toEqual([
      'This is not MessagePack: c1 begins no item of MessagePack (byte 0).',
    ]);
  });

  it('gives fields by their paths', () => {
    const bytes = encodeMessagePack({ a: { b: [1.5, 'x'] }, e: new ExtData(5, new Uint8Array([1])) });
    expect(messagePackCodec.fields?.(bytes, limits)).toEqual([
      { path: 'a.b[0]', value: 1.5 },
      { path: 'a.b[1]', value: 'x' },
      { path: 'e', value: "h'01'" },
    ]);
  });
});

describe.each([
  ['cbor', cborCodec, (value: unknown) => encodeCbor(value)],
  ['msgpack', messagePackCodec, (value: unknown) => encodeMessagePack(value, { useBigInt64: true })],
] as const)('%s, against the library that wrote it', (id, codec, encode) => {
  // As JSON has it, which knows no negative zero.
  const json = fc.jsonValue({ maxDepth: 5 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

  it('shows the very values', () => {
    fc.assert(
      fc.property(json, (value) => {
        const { text, markers } = shown(codec, encode(value));
        expect(markers).toEqual([]);
        expect(JSON.parse(text)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every integer of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        const bytes = encode(value);
        expect(shown(codec, bytes).text).toBe(String(value));
        expect(BigInt(Number.MAX_SAFE_INTEGER) >= (value < 0n ? -value : value)).toBe(
          typeof codec.fields?.(bytes, limits)[0]?.value === 'number',
        );
      }),
    );
  });

  it('keeps every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        // The library writes the integer 0 for a negative zero in MessagePack.
        fc.pre(id === 'cbor' || !Object.is(value, -0));
        expect(Object.is(Number(shown(codec, encode({ v: value })).text.slice(9, -2)), value)).toBe(true);
      }),
    );
  });

  it('is recognised as a record, and never in text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), json, { minKeys: 1, maxKeys: 20 }), (value) => {
        expect(detected(encode({ ...value, temperature: 21.5 }))).toBe(id);
        expect(detected(new TextEncoder().encode(JSON.stringify(value)))).toBe('json');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(['cbor', 'msgpack']).not.toContain(detected(new TextEncoder().encode(text)));
      }),
      { numRuns: 1000 },
    );
  });

  it('recognises a large record by its beginning', () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({ index, name: `row ${index}` }));
    expect(detected(encode(rows))).toBe(id);
    expect(detected(encode({ rows, blob: new Uint8Array(10_000) }))).toBe(id);
  });

  it('survives any bytes, whole or cut, within the limits', () => {
    const broken = fc.tuple(json, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = new Uint8Array(encode(value));
      bytes[at % bytes.length] = byte;
      return bytes.subarray(0, bytes.length - (byte % 3));
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), broken),
        fc.integer({ min: 1, max: 300 }),
        (bytes, max) => {
          const { text, markers } = shown(codec, bytes, { maxTextLength: max });
          expect(text.length).toBeLessThanOrEqual(max);
          expect(text.isWellFormed()).toBe(true);
          expect(markers.every(({ offset, length }) => offset + length <= text.length)).toBe(true);
          try {
            codec.fields?.(bytes, limits);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ItemStop' });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('stops at the depth, the length and the time', () => {
    const deep = new Uint8Array(1_000_000).fill(id === 'cbor' ? 0x81 : 0x91);
    expect(shown(codec, deep).notes).toContain(
      'Nested deeper than 100: what begins at byte 100 is not shown.',
    );
    const wide = encode(Array.from({ length: 5000 }, (_, index) => index));
    expect(shown(codec, wide, { maxTextLength: 100 })).toMatchObject({
      notes: [expect.stringMatching(/^Longer than can be shown/)],
    });
    expect(shown(codec, wide, { isOver: () => true }).notes[0]).toMatch(/^It took too long to read/);
  });
});

it('leaves random bytes to Hex', () => {
  let stolen = 0;
  for (const bytes of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 40 }), { numRuns: 3000, seed: 7 })) {
    stolen += ['cbor', 'msgpack'].includes(detected(bytes)) ? 1 : 0;
  }
  expect(stolen).toBeLessThan(30);
});

it('stands in "View as" behind the formats of text and before Hex', () => {
  const order = ['XML', 'CBOR', 'MessagePack', 'Hex'];
  expect(codecs.map(({ label }) => label).filter((label) => order.includes(label))).toEqual(order);
});
