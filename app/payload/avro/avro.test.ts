import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonExactly } from '../json-fields.ts';
import { codecOf, hex, limits, referenceType, samples, shown } from './avro.fixture.ts';

/** The schema and value of the specification's example for records. */
const test = {
  type: 'record',
  name: 'test',
  fields: [
    { name: 'a', type: 'long' },
    { name: 'b', type: 'string' },
  ],
};

describe('Avro', () => {
  it.each([
    ['null', '', 'null'],
    ['boolean', '01', 'true'],
    ['int', '7f', '-64'],
    ['int', '80 01', '64'],
    ['int', 'ff ff ff ff 0f', '-2147483648'],
    ['long', 'ff ff ff ff ff ff ff ff ff 01', '-9223372036854775808'],
    ['long', 'fe ff ff ff ff ff ff ff ff 01', '9223372036854775807'],
    ['float', '33 33 ab 41', '21.4'],
    ['double', '00 00 00 00 00 00 f8 7f', '"NaN"'],
    ['double', '00 00 00 00 00 00 00 80', '-0'],
    ['string', '06 66 6f 6f', '"foo"'],
    ['bytes', '04 0a 1b', '"Chs="'],
    [{ type: 'fixed', name: 'mac', size: 3 }, '0a 1b 2c', '"0a1b2c"'],
    [{ type: 'enum', name: 'Foo', symbols: ['A', 'B', 'C', 'D'] }, '06', '"D"'],
    [test, '36 06 66 6f 6f', '{ "a": 27, "b": "foo" }'],
    [{ type: 'array', items: 'long' }, '04 06 36 00', '[ 3, 27 ]'],
    [{ type: 'array', items: 'long' }, '03 04 06 36 02 02 00', '[ 3, 27, 1 ]'],
    [{ type: 'map', values: 'int' }, '02 02 61 02 02 02 61 04 00', '{ "a": 1, "a": 2 }'],
  ])('reads a %j of %s', (schema, digits, text) => {
    expect(shown(codecOf(schema), hex(digits))).toEqual({ text, notes: [] });
  });

  it('shows the branch of a union only where the value does not tell', () => {
    const reading = { type: 'record', name: 'x.Reading', fields: [{ name: 't', type: 'int' }] };
    const union = (branches: unknown, digits: string) =>
      shown(codecOf({ type: 'record', name: 'R', fields: [{ name: 'u', type: branches }] }), hex(digits))
        .text;
    expect(union(['null', 'string'], '00')).toBe('{ "u": null }');
    expect(union(['null', 'string'], '02 02 61')).toBe('{ "u": "a" }');
    expect(union(['null', 'double', 'string'], '02 00 00 00 00 00 00 f0 3f')).toBe('{ "u": 1 }');
    expect(union(['null', 'double', 'string'], '02 00 00 00 00 00 00 f8 7f')).toBe(
      '{ "u": { "double": "NaN" } }',
    );
    expect(union(['int', 'double'], '00 02')).toBe('{ "u": { "int": 1 } }');
    expect(union(['null', reading], '02 02')).toBe('{ "u": { "t": 1 } }');
    expect(union([reading, { type: 'map', values: 'int' }], '00 02')).toBe(
      '{ "u": { "Reading": { "t": 1 } } }',
    );
    expect(union(['int', { ...reading, fields: [{ name: 'int', type: 'int' }] }], '02 02')).toBe(
      '{ "u": { "Reading": { "int": 1 } } }',
    );
  });

  it.each([
    ['int', 'date', '86 be 02', '"2025-09-24"'],
    ['int', 'time-millis', 'f2 e6 9f 29', '"12:00:52.153"'],
    ['long', 'time-micros', '02', '"00:00:00.000001"'],
    ['long', 'timestamp-millis', '01', '"1969-12-31T23:59:59.999Z"'],
    ['long', 'timestamp-micros', '02', '"1970-01-01T00:00:00.000001Z"'],
    ['long', 'timestamp-nanos', '02', '"1970-01-01T00:00:00.000000001Z"'],
    ['long', 'local-timestamp-micros', '02', '"1970-01-01T00:00:00.000001"'],
    ['long', 'timestamp-millis', 'fe ff ff ff ff ff ff ff ff 01', '9223372036854775807'],
    ['int', 'time-millis', '01', '-1'],
    ['long', 'date', '02', '1'],
    ['string', 'uuid', '02 61', '"a"'],
  ])('shows %s as %s', (type, logicalType, digits, text) => {
    const codec = codecOf({ type, logicalType });
    expect(shown(codec, hex(digits))).toEqual({ text, notes: [] });
    expect(codec.encode(text)).toEqual(hex(digits));
  });

  it('shows decimals with all digits, UUIDs and durations', () => {
    const decimal = codecOf({ type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 });
    for (const [digits, text] of [
      ['04 04 d2', '12.34'],
      ['02 fb', '-0.05'],
      ['02 00', '0.00'],
      ['18 00 ff ff ff ff ff ff ff ff ff ff ff', '3094850098213450687247810.55'],
    ] as const) {
      expect(shown(decimal, hex(digits))).toEqual({ text, notes: [] });
      expect(decimal.encode(text)).toEqual(hex(digits));
    }
    expect(() => decimal.encode('1.234')).toThrow('must be a number of 30 digits at most, 2 of them behind');
    const uuid = codecOf({ type: 'fixed', name: 'id', size: 16, logicalType: 'uuid' });
    expect(shown(uuid, hex('00112233445566778899aabbccddeeff')).text).toBe(
      '"00112233-4455-6677-8899-aabbccddeeff"',
    );
    const duration = codecOf({ type: 'fixed', name: 'd', size: 12, logicalType: 'duration' });
    expect(shown(duration, hex('01000000 02000000 ffffffff')).text).toBe(
      '{ "months": 1, "days": 2, "millis": 4294967295 }',
    );
    // What makes no sense is as if it were not said.
    const ignored = codecOf({ type: 'bytes', logicalType: 'decimal', precision: 2, scale: 3 });
    expect(shown(ignored, hex('02 05')).text).toBe('"BQ=="');
  });

  it.each([
    ['int', '80', '1 bytes are announced, 0 are left (byte 1)'],
    ['int', 'fe ff ff ff 1f', 'An int of more than 32 bits (byte 0)'],
    ['long', 'ff ff ff ff ff ff ff ff ff 02', 'An integer of more than 64 bits (byte 0)'],
    ['boolean', '02', 'A boolean of 2 (byte 0)'],
    ['string', '01', 'A length of -1 (byte 0)'],
    ['string', '7a 61', '61 bytes are announced, 1 are left (byte 1)'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '02', 'Symbol 1 of an enum of 1 (byte 0)'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, '01', 'Symbol -1 of an enum of 1 (byte 0)'],
    [['null', 'int'], '04', 'Branch 2 of a union of 2 (byte 0)'],
    [
      { type: 'array', items: 'int' },
      'fe ff ff ff ff ff ff ff ff 01 02',
      '9,223,372,036,854,775,807 items are announced with 1 byte left (byte 0)',
    ],
  ])('a %j of %s is refused with the place', (schema, digits, message) => {
    const name = Array.isArray(schema) ? 'union<null, int>' : undefined;
    const { notes } = shown(codecOf(schema, name), hex(digits));
    expect(notes[0]).toContain(message);
    expect(() => codecOf(schema, name).fields(hex(digits), limits)).toThrow('does not fit the type');
  });

  it('shows what came before the place where a payload does not fit, and what is left over', () => {
    const codec = codecOf({
      ...test,
      fields: [...test.fields, { name: 'c', type: { type: 'array', items: 'boolean' } }],
    });
    expect(shown(codec, hex('36 06 66 6f 6f 04 01 07'))).toEqual({
      text: '{ "a": 27, "b": "foo", "c": [ true ] }',
      notes: ['The payload does not fit the type from here on: A boolean of 7 (byte 7).'],
    });
    expect(shown(codecOf('int'), hex('02 02 02')).notes).toEqual([
      '2 bytes follow behind the value, from byte 1 on: it may be of another type, or of a later version of this one.',
    ]);
    expect(shown(codecOf('string'), hex('04 ff 61'))).toEqual({
      text: '"�a"',
      notes: ['Not UTF-8 in 1 text: shown as �.'],
    });
  });

  it('stops at its limits, whatever the bytes claim', () => {
    const nulls = shown(codecOf({ type: 'array', items: 'null' }), hex('fe ff ff ff ff ff ff ff ff 01'));
    expect(nulls.notes).toEqual(['Only the first 500,000 values are shown: the rest of 10 B is left out.']);
    const empty = { type: 'record', name: 'E', fields: [{ name: 'e', type: 'null' }] };
    expect(
      shown(codecOf({ type: 'array', items: empty }), hex('fe ff ff ff ff ff ff ff ff 01')).notes[0],
    ).toContain('Only the first');
    const endless = { type: 'record', name: 'A', fields: [{ name: 'a', type: 'A' }] };
    expect(shown(codecOf(endless), hex('00'), { maxDepth: 5 })).toEqual({
      text: '{ "a": { "a": { "a": { "a": {} } } } }',
      notes: [expect.stringContaining('Nested deeper than 5')],
    });
    const tree = {
      type: 'record',
      name: 'A',
      fields: ['a', 'b', 'c'].map((name) => ({ name, type: 'A' })),
    };
    expect(shown(codecOf(tree), hex('00')).notes[0]).toContain('Nested deeper than 100');
    let looks = 0;
    const isOver = () => {
      looks += 1;
      return looks > 2;
    };
    expect(
      shown(codecOf({ type: 'array', items: 'null' }), hex('fe ff ff 01'), { isOver }).notes[0],
    ).toContain('It took too long to read');
    expect(shown(codecOf('string'), hex('d0 0f') /* 1000 */, { maxTextLength: 10 }).notes[0]).toContain(
      'left',
    );
    const long = Buffer.concat([hex('d0 0f'), Buffer.alloc(1000, 'a')]);
    expect(shown(codecOf('string'), long, { maxTextLength: 10 }).notes).toEqual([
      'Longer than can be shown: the rest of 1.0 KB is left out.',
    ]);
  });

  it('makes a line of the beginning of a payload', () => {
    const codec = codecOf(test);
    expect(codec.preview(hex('36 06 66 6f 6f'), 200)).toBe('{"a":27,"b":"foo"}');
    const part = Buffer.concat([hex('36 d0 0f'), Buffer.from('ab€').subarray(0, 4)]);
    expect(codec.preview(part, 200, 1003)).toBe('{"a":27,"b":"ab"}…');
    expect(codec.preview(new Uint8Array(), 200)).toBe('(empty)');
    expect(() => codec.preview(hex('ff ff ff ff ff ff ff ff ff ff ff'), 200)).toThrow();
  });

  it('gives values for charts and change logs', () => {
    expect(codecOf(test).fields(hex('36 06 66 6f 6f'), limits)).toEqual([
      { path: 'a', value: 27 },
      { path: 'b', value: 'foo' },
    ]);
  });

  it('reads what the reference library writes, and writes the same', () => {
    fc.assert(
      fc.property(samples, ({ schema, value, json }) => {
        // A union as the whole is a list of types in a file: its values are those of the field here.
        const whole = { type: 'record', name: 'Whole', fields: [{ name: 'v', type: schema }] };
        const bytes = referenceType(whole).toBuffer({ v: value });
        const codec = codecOf(whole, 'Whole');
        const { text = '', notes } = shown(codec, bytes);
        expect(notes).toEqual([]);
        expect(normal(parseJsonExactly(text))).toEqual(normal({ v: json }));
        expect(Buffer.from(codec.encode(text))).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('never fails on bytes that are none of its type', () => {
    fc.assert(
      fc.property(samples, fc.uint8Array({ maxLength: 60 }), ({ schema }, bytes) => {
        const codec = codecOf(
          { type: 'record', name: 'Whole', fields: [{ name: 'v', type: schema }] },
          'Whole',
        );
        const { text, notes } = shown(codec, bytes, { maxTextLength: 1000, maxDepth: 6 });
        expect(text !== undefined || notes.length > 0).toBe(true);
        if (text !== undefined && text !== '') {
          JSON.parse(text);
        }
        // What reads without a remark is written back as it is read, in the shortest form.
        if (text !== undefined && text !== '' && notes.length === 0) {
          expect(shown(codec, codec.encode(text)).text).toBe(text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads what the reference library holds for valid, with blocks of any size', () => {
    const type = avsc.Type.forSchema({ type: 'array', items: { type: 'map', values: 'int' } });
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.integer())), (value) => {
        const { text = '' } = shown(
          codecOf({ type: 'array', items: { type: 'map', values: 'int' } }),
          type.toBuffer(value),
        );
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

/** Floats in single precision are shown in the fewest digits. */
function normal(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return typeof value === 'number' && !Number.isInteger(value) ? Math.fround(value) : String(Number(value));
  }
  if (Array.isArray(value)) {
    return value.map(normal);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, item]) => [key, normal(item)])
    : value;
}
