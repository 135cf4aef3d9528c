import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../contract/failure.ts';
import { parseJsonExactly } from '../json-fields.ts';
import { encodeProtobuf } from './encode.ts';
import { ample, compiledSchema, IMPORT, referenceRoot, schemaOf, textSchema } from './plant.fixture.ts';
import { protobufFormat } from './protobuf-format.ts';

const root = referenceRoot();
const compiled = compiledSchema();
const context = { topic: '' };

const int = (bits: number, signed: boolean) =>
  signed
    ? fc.bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n })
    : fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const float = fc.float({ noDefaultInfinity: false });
const bytes = fc.uint8Array({ maxLength: 10 });
const point = fc.letrec((tie) => ({
  point: fc.record(
    {
      x: int(32, true),
      y: int(32, true),
      inner: fc.option(tie('point'), { nil: undefined, depthSize: 'small' }),
    },
    { requiredKeys: [] },
  ),
})).point;
const mode = fc.constantFrom(0, 1, -3, 77);
const entries = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>) =>
  fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });

/** Values of `plant.Reading` as the library takes them. */
const reading = fc.record(
  {
    f64: fc.double(),
    f32: float,
    i32: int(32, true),
    i64: int(64, true),
    u32: int(32, false),
    u64: int(64, false),
    s32: int(32, true),
    s64: int(64, true),
    x32: int(32, false),
    x64: int(64, false),
    sx32: int(32, true),
    sx64: int(64, true),
    is_on: fc.boolean(),
    name: text,
    raw: bytes,
    mode,
    maybe: int(32, true),
    text,
    many: fc.array(int(64, true), { maxLength: 5 }),
    names: fc.array(text, { maxLength: 4 }),
    points: fc.array(point, { maxLength: 4 }),
    modes: fc.array(mode, { maxLength: 4 }),
    by_name: entries(
      text.filter((key) => key !== '__proto__'),
      point,
    ),
    by_number: entries(int(64, true).map(String), fc.double()),
    by_flag: entries(fc.constantFrom('true', 'false'), text),
    doubles: fc.array(fc.double(), { maxLength: 4 }),
  },
  { requiredKeys: [] },
);

/** 64-bit integers as the library wants them. */
function forLibrary(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? value.map(forLibrary)
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, forLibrary(member)]));
}

function libraryBytes(type: string, value: unknown): Uint8Array {
  const reference = root.lookupType(type);
  return reference.encode(reference.fromObject(forLibrary(value) as Record<string, unknown>)).finish();
}

/** What the library reads, with all that it makes up for what is not there, so that presence counts too. */
function libraryReads(type: string, from: Uint8Array): unknown {
  const reference = root.lookupType(type);
  return reference.toObject(reference.decode(from), { longs: String, enums: String, bytes: String });
}

function shown(type: string, payload: Uint8Array, schema = textSchema) {
  const decoded = protobufFormat.codecOf(schema, type).decode(payload, ample, context);
  if (decoded.shape !== 'text') {
    throw new TypeError(`shown as ${decoded.shape}: ${decoded.notes.join()}`);
  }
  return {
    text: decoded.text,
    notes: decoded.notes,
    value: parseJsonExactly(decoded.text) as Record<string, unknown>,
  };
}

describe('a message by its schema', () => {
  it('is read as the reference library reads it, and written so that the library reads the same', () => {
    fc.assert(
      fc.property(reading, (value) => {
        const payload = libraryBytes('plant.Reading', value);
        const { text: json, notes } = shown('plant.Reading', payload);
        expect(notes).toEqual([]);
        const written = encodeProtobuf(textSchema, 'plant.Reading', json);
        // What is not on the wire and what is zero are one and the same there.
        const plain = (from: Uint8Array) => withoutZeros(libraryReads('plant.Reading', from));
        expect(plain(written)).toEqual(plain(payload));
        expect(shown('plant.Reading', written).text).toBe(json);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same by compiled descriptors as by the text that they were made of', () => {
    expect(protobufFormat.types(compiled)).toEqual(protobufFormat.types(textSchema));
    fc.assert(
      fc.property(reading, (value) => {
        const payload = libraryBytes('plant.Reading', value);
        const { text: json } = shown('plant.Reading', payload);
        expect(shown('plant.Reading', payload, compiled).text).toBe(json);
        expect(encodeProtobuf(compiled, 'plant.Reading', json)).toEqual(
          encodeProtobuf(textSchema, 'plant.Reading', json),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('shows every digit of 64 bits, enums by name, and single precision as it was meant', () => {
    const payload = libraryBytes('plant.Reading', {
      f32: 21.4,
      i64: '-9223372036854775808',
      u64: '18446744073709551615',
      mode: 1,
      modes: [0, 5],
      raw: Uint8Array.of(1, 2, 255),
    });
    const { text: json } = shown('plant.Reading', payload);
    for (const line of [
      '"f32": 21.4,',
      '"i64": -9223372036854775808,',
      '"u64": 18446744073709551615,',
      '"mode": "ON",',
      '"raw": "AQL/",',
    ]) {
      expect(json).toContain(line);
    }
    expect(json).toMatch(/"modes": \[\s+"OFF",\s+5\s+\]/);
    const fields = protobufFormat.codecOf(textSchema, 'plant.Reading').fields(payload, ample);
    expect(fields).toContainEqual({ path: 'u64', value: 18446744073709551615n });
    expect(fields).toContainEqual({ path: 'f32', value: 21.4 });
  });

  it('shows zero where zero is not sent, and nothing where absence can be told', () => {
    const { value } = shown('plant.Reading', libraryBytes('plant.Reading', { name: 'x' }));
    expect(value).toMatchObject({ i32: 0, is_on: false, mode: 'OFF', raw: '' });
    for (const absent of ['maybe', 'point', 'text', 'other_mode', 'names', 'by_name']) {
      expect(value).not.toHaveProperty(absent);
    }
    const given = shown('plant.Reading', libraryBytes('plant.Reading', { maybe: 0, other_mode: 0 })).value;
    expect(given).toMatchObject({ maybe: 0, other_mode: 'OFF' });
  });

  it('takes the last of alternatives, merges parts of a message, and numbers packed or not', () => {
    const parts = [
      libraryBytes('plant.Reading', { text: 'first', points: [{ x: 1 }], many: [1, 2] }),
      libraryBytes('plant.Reading', { point: { x: 4 }, points: [{ x: 2 }] }),
      libraryBytes('plant.Reading', { point: { y: 5 } }),
      // Field 21 (sint64) one by one: 3 and -4.
      Uint8Array.of(0xa8, 0x01, 0x06, 0xa8, 0x01, 0x07),
    ];
    const { value } = shown('plant.Reading', Buffer.concat(parts));
    expect(value).toMatchObject({
      point: { x: 4, y: 5 },
      points: [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
      many: [1, 2, 3, -4],
    });
    expect(value).not.toHaveProperty('text');
  });

  it('knows groups, extensions and required fields of the second version', () => {
    const reference = {
      id: 7,
      extra: { note: 'n', deep: [{ z: 1 }, { z: -2 }] },
      loose: [1, -1],
      tight: [300],
      far: -5,
    };
    const payload = libraryBytes('old.Report', {
      ...reference,
      '.old.tags': ['a', 'b'],
      '.old.nested': { id: 8 },
    });
    for (const schema of [textSchema, compiled]) {
      const { value, text: json } = shown('old.Report', payload, schema);
      expect(value).toMatchObject({
        id: 7,
        loose: [1, -1],
        tight: [300],
        far: -5,
        '[old.tags]': ['a', 'b'],
        '[old.nested]': { id: 8 },
      });
      expect(JSON.stringify(value)).toContain('{"note":"n","deep":[{"z":1},{"z":-2}]}');
      expect(libraryReads('old.Report', encodeProtobuf(schema, 'old.Report', json))).toEqual(
        libraryReads('old.Report', payload),
      );
    }
    expect(() => encodeProtobuf(textSchema, 'old.Report', '{}')).toThrow('“id” is required.');
  });

  it('shows well-known types as JSON has them', () => {
    const inner = libraryBytes('plant.Reading', { name: 'in any' });
    const payload = libraryBytes('plant.Known', {
      at: { seconds: '1795446000', nanos: 500_000_000 },
      took: { seconds: '-1', nanos: -250_000_000 },
      count: { value: '9007199254740993' },
      more: {
        fields: {
          a: { listValue: { values: [{ nullValue: 0 }, { boolValue: true }, { numberValue: 1.5 }] } },
        },
      },
      any: { type_url: 'type.googleapis.com/plant.Reading', value: inner },
      labels: [{ value: 'x' }, {}],
      value: { structValue: { fields: { s: { stringValue: 't' } } } },
    });
    const { text: json, value } = shown('plant.Known', payload);
    expect(value).toMatchObject({
      at: '2026-11-23T15:00:00.500Z',
      took: '-1.250s',
      count: 9007199254740993n,
      more: { a: [null, true, 1.5] },
      any: { '@type': 'type.googleapis.com/plant.Reading', name: 'in any' },
      labels: ['x', ''],
      value: { s: 't' },
    });
    const written = encodeProtobuf(textSchema, 'plant.Known', json);
    expect(shown('plant.Known', written).text).toBe(json);
    const odd = shown('plant.Known', libraryBytes('plant.Known', { at: { seconds: '1', nanos: -1 } })).value;
    expect(odd).toMatchObject({ at: { seconds: 1, nanos: -1 } });
  });

  it('names what is not in the schema, or is of another kind there', () => {
    const payload = Uint8Array.of(0x08, 1, 0x72, 2, 0x68, 0x69, 0xf0, 0x7f, 9);
    const { notes, value } = shown('plant.Reading', payload);
    expect(value).toMatchObject({ name: 'hi', f64: 0 });
    expect(notes).toEqual([
      'Not in the schema, left out: f64 (a varint, by the schema eight bytes), field 2046 (a varint).',
    ]);
    const other = shown('plant.Reading.Point', Uint8Array.of(0x3d, 1, 2, 3, 4));
    expect(other.notes[0]).toContain('Perhaps it is of another type.');
  });

  it('says where bytes stop being a message, and shows what came before', () => {
    const payload = libraryBytes('plant.Reading', { i32: 5, name: 'a longer name' });
    const { notes, value } = shown('plant.Reading', payload.subarray(0, payload.length - 3));
    expect(value).toMatchObject({ i32: 5 });
    expect(notes[0]).toContain('a field is longer than what is left. Shown is what came before.');
    expect(
      protobufFormat.codecOf(textSchema, 'plant.Reading').decode(Uint8Array.of(0xff), ample, context),
    ).toMatchObject({
      shape: 'bytes',
      notes: [expect.stringContaining('This is not a message of type plant.Reading')],
    });
  });
});

/** The value without members that are zero, empty or false. */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => name === 'maybe' || name === 'text' || !isZero(member))
      .map(([name, member]) => [name, withoutZeros(member)]),
  );
}

function isZero(value: unknown): boolean {
  return (
    value === false ||
    value === '' ||
    value === '0' ||
    value === 'OFF' ||
    Object.is(value, 0) ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && false)
  );
}

describe('hostile bytes', () => {
  const codecs = ['plant.Reading', 'plant.Known', 'old.Report'].map((type) =>
    protobufFormat.codecOf(textSchema, type),
  );

  it('of any kind never throw, and give JSON', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 300 }),
        (payload, maxTextLength) => {
          for (const codec of codecs) {
            const decoded = codec.decode(
              payload,
              { ...ample, maxDepth: 5, maxTextLength: 20 + maxTextLength },
              context,
            );
            if (decoded.shape === 'text' && decoded.text !== '') {
              expect(() => JSON.parse(decoded.text)).not.toThrow();
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that are damaged messages give a line or nothing', () => {
    fc.assert(
      fc.property(reading, fc.nat(), fc.integer({ min: 0, max: 255 }), (value, at, byte) => {
        const payload = Uint8Array.from(libraryBytes('plant.Reading', value));
        if (payload.length > 0) {
          payload[at % payload.length] = byte;
        }
        const [codec] = codecs;
        expect(codec?.decode(payload, ample, context).shape).toMatch(/text|bytes/);
        try {
          expect(codec?.preview(payload, 80).length).toBeLessThanOrEqual(80);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('nested without end are read as deep as the limit says', () => {
    let payload = new Uint8Array(0);
    for (let depth = 0; depth < 2000; depth += 1) {
      const length =
        payload.length < 128 ? [payload.length] : [(payload.length & 0x7f) | 0x80, payload.length >> 7];
      payload = Uint8Array.of(0x1a, ...length, ...payload);
      if (payload.length > 16_000) {
        break;
      }
    }
    const decoded = protobufFormat.codecOf(textSchema, 'plant.Reading.Point').decode(payload, ample, context);
    expect(decoded.notes).toContain('Nested deeper than is read: the innermost is left out.');
    const groups = new Uint8Array(100_000).fill(0x13);
    expect(
      protobufFormat.codecOf(textSchema, 'old.Report').decode(groups, ample, context).notes[0],
    ).toContain('within a group');
  });

  it('of many values end at the limits of count, text and time', () => {
    const packed = new Uint8Array(300_006).fill(1);
    packed.set([0xaa, 0x01, 0xe0, 0xa7, 0x12]);
    const codec = protobufFormat.codecOf(textSchema, 'plant.Reading');
    expect(codec.decode(packed, ample, context).notes).toContain(
      'More than 200,000 values: the rest is left out.',
    );
    let asked = 0;
    const slow = codec.decode(packed, { ...ample, isOver: () => ++asked > 3 }, context);
    expect(slow.notes).toContain('Reading it took too long: the rest is left out.');
    const short = new Uint8Array(50_005).fill(1);
    short.set([0xaa, 0x01, 0xd0, 0x86, 0x03]);
    const long = codec.decode(short, { ...ample, maxTextLength: 1000 }, context);
    expect(long.notes).toContain('Too long to show whole: the rest is left out.');
  });
});

describe('a schema', () => {
  const failureOf = (...files: [path: string, text: string][]) => {
    try {
      protobufFormat.types(schemaOf(files.map(([path, content]) => ({ path, text: content }))));
    } catch (error) {
      return error instanceof FailureError ? error.failure : error;
    }
    return undefined;
  };

  it('that is no schema says where', () => {
    expect(failureOf(['a.proto', 'syntax = "proto3";\nmessage A {\n  int32 x 1;\n}'])).toMatchObject({
      code: 'schema.syntax',
      message: 'a.proto can’t be read: unexpected token “1” instead of “=” (line 3).',
    });
    expect(failureOf(['a.proto', 'message A {'])).toMatchObject({
      message: expect.stringContaining('a.proto'),
    });
    expect(failureOf(['a.proto', 'message A { optional B b = 1; }'])).toMatchObject({
      code: 'schema.type',
      message: 'The type “B” that A uses is not declared.',
    });
  });

  it('that lacks an imported file names it, if the file matters', () => {
    const main = `syntax = "proto3"; ${IMPORT} "b/more.proto"; message A { More more = 1; }`;
    expect(failureOf(['a.proto', main])).toMatchObject({
      code: 'schema.import',
      message: expect.stringContaining('a.proto imports “b/more.proto”, which is not among the files.'),
      hint: 'Add it.',
    });
    expect(
      failureOf(['a.proto', main], ['more.proto', 'syntax = "proto3"; message More {}']),
    ).toBeUndefined();
    const options = `syntax = "proto3"; ${IMPORT} "nanopb.proto"; message A { string s = 1 [(nanopb).max_size = 16]; }`;
    expect(failureOf(['a.proto', options])).toBeUndefined();
    const extension = `syntax = "proto2"; ${IMPORT} "google/protobuf/descriptor.proto";
      extend google.protobuf.FieldOptions { optional int32 size = 5000; } message A { optional int32 x = 1 [(size) = 3]; }`;
    expect(failureOf(['a.proto', extension])).toBeUndefined();
  });

  it('that is no set of descriptors says so, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (some) => {
        const schema = schemaOf([{ path: 'x.desc', base64: Buffer.from(some).toString('base64') }]);
        try {
          protobufFormat.types(schema);
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
        }
      }),
    );
  });

  it('without the types of the language brings them along', () => {
    const file = {
      name: 'a.proto',
      syntax: 'proto3',
      dependency: ['google/protobuf/timestamp.proto'],
      messageType: [
        {
          name: 'A',
          field: [{ name: 'at', number: 1, label: 1, type: 11, typeName: '.google.protobuf.Timestamp' }],
        },
      ],
    };
    const base64 = Buffer.from(descriptorSet(file)).toString('base64');
    const schema = schemaOf([{ path: 'a.desc', base64 }]);
    expect(shown('A', Uint8Array.of(0x0a, 2, 0x08, 1), schema).value).toEqual({ at: '1970-01-01T00:00:01Z' });
  });
});

function descriptorSet(file: object): Uint8Array {
  const set = protobuf.Root.fromJSON({
    nested: {
      FileDescriptorSet: { fields: { file: { rule: 'repeated', type: 'F', id: 1 } } },
      F: {
        fields: {
          name: { type: 'string', id: 1 },
          dependency: { rule: 'repeated', type: 'string', id: 3 },
          messageType: { rule: 'repeated', type: 'M', id: 4 },
          syntax: { type: 'string', id: 12 },
        },
      },
      M: { fields: { name: { type: 'string', id: 1 }, field: { rule: 'repeated', type: 'D', id: 2 } } },
      D: {
        fields: {
          name: { type: 'string', id: 1 },
          number: { type: 'int32', id: 3 },
          label: { type: 'int32', id: 4 },
          type: { type: 'int32', id: 5 },
          typeName: { type: 'string', id: 6 },
        },
      },
    },
  }).lookupType('FileDescriptorSet');
  return set.encode(set.fromObject({ file: [file] })).finish();
}

describe('what is typed', () => {
  const type = 'plant.Reading';

  it.each([
    ['{"i32": 2147483648}', '“i32” has to be from -2147483648 to 2147483647 (int32).'],
    ['{"u64": -1}', '“u64” has to be from 0 to 18446744073709551615 (uint64).'],
    ['{"i32": 1.5}', '“i32” has to be a whole number (int32).'],
    ['{"nme": "x"}', '“nme” is no field of plant.Reading.'],
    ['{"mode": "on"}', '“mode” has to be one of OFF, ON, FAULT: “on” is none of plant.Reading.Mode.'],
    ['{"points": [{"x": 1}, {"z": 1}]}', '“points[1].z” is no field of plant.Reading.Point.'],
    ['{"text": "a", "point": {}}', '“point” can’t be there beside text: of “which” there is one.'],
    ['{"raw": "?"}', '“raw” has to be Base64'],
    ['{"name": 1}', '“name” has to be a text.'],
    ['[]', 'The message has to be an object: it is a message of type plant.Reading.'],
    ['{"is_on": true, "isOn": false}', '“isOn” is there twice, under two names.'],
    ['{"a":', 'line'],
  ])('%s is refused with its place', (typed, message) => {
    expect(() => encodeProtobuf(textSchema, type, typed)).toThrow(
      message === 'line' ? FailureError : message,
    );
  });

  it('may name fields as JSON does, and leave nulls out', () => {
    expect(encodeProtobuf(textSchema, type, '{"isOn": true, "name": null}')).toEqual(Uint8Array.of(0x68, 1));
    expect(encodeProtobuf(textSchema, type, '{"s64": "-2", "f64": "NaN"}').length).toBe(11);
  });
});
