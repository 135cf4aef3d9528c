import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../contract/failure.ts';
import type { DecodeLimits } from '../codec.ts';
import { parseJsonExactly } from '../json-fields.ts';
import { PayloadError } from '../payload-error.ts';
import { ruleCodec } from '../rule-codec.ts';
import { compileTemplate } from './compile.ts';
import { createTemplateCodec, templateCodecId } from './template-codec.ts';

const limits: DecodeLimits = { maxTextLength: 1_000_000, maxDepth: 100, isOver: () => false };
const context = { topic: '' };

function show(template: string, bytes: readonly number[] | Uint8Array, more: Partial<DecodeLimits> = {}) {
  const decoded = createTemplateCodec(template).decode(
    Uint8Array.from(bytes),
    { ...limits, ...more },
    context,
  );
  if (decoded.shape !== 'text') {
    throw new Error('a template gives text');
  }
  return { value: parseJsonExactly(decoded.text), text: decoded.text, notes: decoded.notes };
}

/** A number with all its digits; not in the library of types yet. */
const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): unknown };

const write = (template: string, value: unknown) => {
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? rawJson(String(part)) : part));
  return [...(createTemplateCodec(template).encode?.(text) ?? [])];
};

function failureOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return error instanceof FailureError ? error.failure : undefined;
  }
  return undefined;
}

describe('a template', () => {
  it('reads the example of the guide', () => {
    const template = 'u16le id; f32be t; bytes[4] mac; str8 name; bits8 { on:1; mode:3; _:4 }';
    const bytes = [0x2a, 0x01, 0x41, 0xab, 0x33, 0x33, 0xde, 0xad, 0xbe, 0xef, 2, 0x68, 0x69, 0b1101_0000];
    const { value, notes } = show(template, bytes);
    expect(value).toEqual({ id: 298, t: 21.4, mac: 'deadbeef', name: 'hi', on: 1, mode: 5 });
    expect(notes).toEqual([]);
    expect(write(template, value)).toEqual(bytes);
  });

  it('may stand on lines with remarks, and have groups with counts', () => {
    const template = `
      # A frame of the gateway
      u8 n            # how many
      group[n] point {
        i16be x; i24le y
        bool ok
      }
      pad[1]
      strz name
      u16be[*] rest`;
    const bytes = [2, 0xff, 0xfe, 1, 0, 0, 1, 0, 5, 0xff, 0xff, 0xff, 0, 0, 0x61, 0, 1, 2, 3, 4];
    const { value, notes } = show(template, bytes);
    expect(value).toEqual({
      n: 2,
      point: [
        { x: -2, y: 1, ok: true },
        { x: 5, y: -1, ok: false },
      ],
      name: 'a',
      rest: [258, 772],
    });
    expect(notes).toEqual([]);
    expect(write(template, value)).toEqual(bytes);
  });

  it('keeps large whole numbers, negative zero and what JSON has no number for', () => {
    const template = 'u64be a; i64le b; f64be c; f32le d; f32be e';
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, 0xffff_ffff_ffff_ffffn);
    view.setBigInt64(8, -0x8000_0000_0000_0000n, true);
    view.setFloat64(16, -0);
    view.setFloat32(24, Number.NaN, true);
    view.setFloat32(28, Number.NEGATIVE_INFINITY);
    const { value, text } = show(template, bytes);
    expect(text).toContain('18446744073709551615');
    expect(value).toEqual({
      a: 0xffff_ffff_ffff_ffffn,
      b: -0x8000_0000_0000_0000n,
      c: -0,
      d: 'NaN',
      e: '-Infinity',
    });
    expect([...(createTemplateCodec(template).encode?.(text) ?? [])]).toEqual([...bytes]);
  });

  it('shows what there is of a payload that is too short, and says what is missing', () => {
    expect(show('u8 a; u32le b; u8 c', [1, 2, 3])).toMatchObject({
      value: { a: 1 },
      notes: ['The payload ends within “b”: it begins at byte 1 and needs 4 bytes, 2 are left.'],
    });
    expect(show('group[3] g { u8 a; u8 b }', [1, 2, 3])).toMatchObject({
      value: { g: [{ a: 1, b: 2 }, { a: 3 }] },
    });
    expect(show('strz s', [0x61])).toMatchObject({
      value: {},
      notes: ['“s” at byte 0 lacks its end, a byte 0.'],
    });
    expect(show('u8 a', [1, 2, 3]).notes).toEqual(['2 bytes follow behind the template, from byte 1 on.']);
    expect(show('i8 n; bytes[n] b', [0xff, 1]).notes[0]).toContain('“b” at byte 1 would have -1 bytes');
  });

  it('says where text is not UTF-8', () => {
    expect(show('str[3] s', [0x61, 0xff, 0])).toMatchObject({
      value: { s: 'a�' },
      notes: ['“s” holds bytes that are not UTF-8: shown as �.'],
    });
  });

  it('stops at its limits', () => {
    expect(show('u8[*] all', new Uint8Array(200_000)).notes).toEqual([
      'Only the first 100,000 values are shown.',
    ]);
    expect(
      show('u32be n; group[n] g { strz s }', [255, 255, 255, 255, ...new Uint8Array(200_000)], {
        maxTextLength: 10_000_000,
      }).notes,
    ).toEqual(['Only the first 100,000 values are shown.']);
    expect(show('bytes[*] b', new Uint8Array(1000), { maxTextLength: 500 }).notes[0]).toContain(
      'too many to show',
    );
    expect(show('u8[*] all', new Uint8Array(9000), { isOver: () => true }).notes[0]).toContain('too long');
  });

  it.each([
    ['', 'A template needs at least one field', 1],
    ['u16 a', 'needs the order of its bytes: u16le or u16be', 1],
    ['u8le a', 'One byte has no order: u8', 1],
    ['u8 a; u12 b', 'There is no type “u12”', 7],
    ['u8', 'A field needs a name', 3],
    ['u8 a u8 b', 'Fields are parted by “;”', 6],
    ['u8 a; u8 a', 'There is a “a” already', 10],
    ['bytes a', 'needs its number of bytes', 1],
    ['bytes[n] a; u8 n', 'There is no field “n” before this one', 7],
    ['f32be n; bytes[n] a', '“n” is no single whole number', 16],
    ['bytes[*] a; u8 b', 'Nothing can follow a field with [*]', 13],
    ['bits8 { a:3 }', 'The parts lack 5 of 8 bits', 7],
    ['bits8 { a:9 }', '“a” may have 1 to 8 bits here', 11],
    ['group g { }', 'A group needs at least one field', 9],
    ['group g { u8 a', 'Fields are parted', 15],
    ['u8 _', 'Only bits may be called “_”', 4],
    ['u8[0] a', 'The number is from 1 to 1,000,000', 4],
    ['u8 a; ä', '“ä” has no meaning here', 7],
    ['u8 9a', 'neither a name nor a number', 4],
  ])('that is wrong is refused with the place: %s', (template, message, character) => {
    let error: unknown;
    try {
      compileTemplate(template);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PayloadError);
    expect(error).toMatchObject({
      failure: { message: expect.stringContaining(message) },
      offset: character - 1,
    });
  });

  it.each([
    ['u8 a', {}, '“a” is missing'],
    ['u8 a', { a: 256 }, '“a” must be a whole number from 0 to 255'],
    ['i8 a', { a: 1.5 }, '“a” must be a whole number from -128 to 127'],
    ['u8 a', { a: 1, b: 2 }, '“b” is not in the template'],
    ['u8 n; u8[n] a', { n: 3, a: [1, 2] }, '“a” must have 3, as “n” says, not 2'],
    [
      'group[1] g { bits8 b { x:8 } }',
      { g: [{ b: { x: 256 } }] },
      '“g[0].b.x” must be a whole number from 0 to 255',
    ],
    ['bits8 b { x:8 }', { b: { x: 1, _: 1 } }, '“b._” is not in the template'],
    ['bytes[2] b', { b: 'abc' }, '“b” must be a text of hex digits'],
    ['bytes[2] b', { b: 'ab' }, '“b” must have 2, not 1'],
    ['str[2] s', { s: 'abc' }, '“s” may have 2 bytes in UTF-8, not 3'],
    ['str8 s', { s: 'x'.repeat(256) }, '“s” may have 255 bytes'],
    ['strz s', { s: 'a\0' }, 'may not hold the character 0'],
    ['f32be f', { f: 'warm' }, '“f” must be a number'],
    ['bool b', { b: 'yes' }, '“b” must be true or false'],
  ])('writes nothing that it could not read: %s %j', (template, value, message) => {
    expect(failureOf(() => write(template, value))?.message).toContain(message);
  });

  it('says where typed text is no JSON', () => {
    expect(failureOf(() => createTemplateCodec('u8 a').encode?.('{"a":}'))).toMatchObject({
      code: 'payload.json',
    });
  });
});

/** Templates as text, each with values that fit it. */
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);
const number = fc.constantFrom(
  'u8',
  'i8',
  'u16le',
  'u16be',
  'i16be',
  'u24le',
  'i24be',
  'u32le',
  'i32be',
  'u64le',
  'i64be',
);
interface Made {
  readonly text: string;
  readonly value: fc.Arbitrary<unknown>;
}
function intValue(type: string): fc.Arbitrary<number | bigint> {
  const bits = BigInt(/\d+/.exec(type)?.[0] ?? 8);
  const range = type.startsWith('i')
    ? { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }
    : { min: 0n, max: (1n << bits) - 1n };
  return fc.bigInt(range).map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}
const utf8 = (maxBytes: number) =>
  fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((text) => text.isWellFormed() && new TextEncoder().encode(text).length <= maxBytes);
const hex = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes).toString('hex'));
const simple: fc.Arbitrary<Made & { readonly list: boolean }> = fc.oneof(
  number.map((type) => ({ text: type, value: intValue(type), list: true })),
  fc.constantFrom('f32le', 'f32be').map((text) => ({
    text,
    // Few digits: shown in single precision, they come back as they are.
    value: fc.integer({ min: -999_999, max: 999_999 }).map((value) => value / 1000),
    list: true,
  })),
  fc.constantFrom('f64le', 'f64be').map((text) => ({
    text,
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    list: true,
  })),
  fc.constant({ text: 'bool', value: fc.boolean(), list: true }),
  fc.constantFrom('str8', 'str16le', 'str32be').map((text) => ({ text, value: utf8(255), list: true })),
  fc.constant({ text: 'strz', value: utf8(200).filter((text) => !text.includes('\0')), list: true }),
  fc.integer({ min: 1, max: 20 }).map((size) => ({ text: `bytes[${size}]`, value: hex(size), list: false })),
  fc.integer({ min: 1, max: 20 }).map((size) => ({
    text: `str[${size}]`,
    // Zeros at the end are what fills it up.
    value: utf8(size).map((text) => text.replace(/\0+$/, '')),
    list: false,
  })),
);
const made: fc.Arbitrary<Made> = fc.letrec<{ fields: Made }>((tie) => ({
  fields: fc
    .uniqueArray(
      fc.tuple(
        name,
        fc.oneof(
          { weight: 4, arbitrary: simple },
          { weight: 1, arbitrary: tie('fields').map((inner) => ({ ...inner, isGroup: true, list: true })) },
        ),
        fc.option(fc.integer({ min: 1, max: 3 })),
      ),
      { selector: ([key]) => key, minLength: 1, maxLength: 4 },
    )
    .map((fields) => {
      const parts = fields.map(([key, field, wanted]) => {
        const count = field.list && wanted !== null ? wanted : undefined;
        const brackets = count === undefined ? '' : `[${count}]`;
        const value =
          count === undefined ? field.value : fc.array(field.value, { minLength: count, maxLength: count });
        const text =
          'isGroup' in field
            ? `group${brackets} ${key} { ${field.text} }`
            : `${field.text}${brackets} ${key}`;
        return { key, text, value };
      });
      return {
        text: parts.map(({ text }) => text).join('; '),
        value: fc.record(Object.fromEntries(parts.map(({ key, value }) => [key, value]))),
      };
    }),
})).fields;

describe('any template', () => {
  it('gives back what was written by it', () => {
    fc.assert(
      fc.property(
        made.chain(({ text, value }) => fc.tuple(fc.constant(text), value)),
        ([template, value]) => {
          const bytes = write(template, value);
          const { value: read, notes } = show(template, bytes);
          expect(notes).toEqual([]);
          expect(JSON.parse(JSON.stringify(read, plain))).toEqual(JSON.parse(JSON.stringify(value, plain)));
          expect(write(template, read)).toEqual(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads any bytes without failing, and writes back what it read whole', () => {
    fc.assert(
      fc.property(
        made.map(({ text }) => text),
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        (template, bytes) => {
          const { text, notes } = show(template, bytes);
          const preview = ruleCodec({ id: 'template', template });
          if (notes.length === 0 && !text.includes('NaN')) {
            const again = createTemplateCodec(template).encode?.(text);
            expect(Buffer.from(again ?? []).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
          }
          try {
            expect((preview?.preview(bytes, 50) ?? '').length).toBeLessThanOrEqual(50);
          } catch (error) {
            expect(error).toMatchObject({ failure: { code: 'template.short' } });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is refused as a payload error, or compiled, whatever is typed', () => {
    const word = fc.constantFrom(
      'u8',
      'u16le',
      'bytes',
      'group',
      'bits8',
      '{',
      '}',
      '[',
      ']',
      '*',
      ';',
      ':',
      'a',
      '_',
      '3',
      '\n',
      '#',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 15 }), (words) => {
        const text = words.join(' ');
        try {
          expect(compileTemplate(text).fields.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(PayloadError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** For comparing: bigints as text, and no difference between 0 and -0, which JSON.stringify does not make either. */
function plain(_key: string, value: unknown): unknown {
  const isLong = typeof value === 'bigint' || (Number.isInteger(value) && !Number.isSafeInteger(value));
  return isLong ? String(value) : value;
}

describe('the codec of a template', () => {
  it('has an id of its own for each template, short enough to be asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        expect(templateCodecId(one)).not.toBe(templateCodecId(other));
      }),
    );
    expect(templateCodecId('u8 a').length).toBeLessThanOrEqual(40);
  });

  it('gives fields for charts and changes', () => {
    const codec = createTemplateCodec('u8 n; group[n] g { f32be t }');
    expect(codec.fields?.(Uint8Array.of(1, 0x41, 0xab, 0x33, 0x33), limits)).toEqual([
      { path: 'n', value: 1 },
      { path: 'g[0].t', value: 21.4 },
    ]);
  });

  it('previews the beginning as one line, and leaves bytes that don’t fit to others', () => {
    const codec = createTemplateCodec('u8 a; str8 s; bytes[*] rest');
    expect(codec.preview(Uint8Array.of(1, 1, 0x0a, 7), 200)).toBe('{"a":1,"s":"\\n","rest":"07"}');
    expect(codec.preview(new Uint8Array(0), 200)).toBe('(empty)');
    expect(failureOf(() => createTemplateCodec('u32be a').preview(Uint8Array.of(1), 200))).toMatchObject({
      code: 'template.short',
    });
  });

  it('of a template that can’t be used says so in place of a value', () => {
    const codec = ruleCodec({ id: 'template', template: 'u16 a' });
    expect(failureOf(() => codec?.decode(Uint8Array.of(1), limits, context))).toMatchObject({
      code: 'template.syntax',
      message: expect.stringContaining('needs the order of its bytes'),
    });
  });
});
