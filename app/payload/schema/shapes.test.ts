import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayloadSchema } from '../../profile/schemas.ts';
import { limits, samples, schemaOf } from '../avro/avro.fixture.ts';
import { textSchema } from '../protobuf/plant.fixture.ts';
import { createTemplateCodec } from '../template/template-codec.ts';
import { exampleText } from './example.ts';
import type { JsonSchema } from './json-schema.ts';
import { schemaCodec } from './schema-codec.ts';
import { validatorOf, valuesOf } from './shape.fixture.ts';

/** The codec of a type, and what its texts look like. */
function bound(schema: PayloadSchema, type: string) {
  const codec = schemaCodec({ id: schema.kind, schema: schema.id, type }, [schema]);
  const shape = codec.shape?.();
  if (shape === undefined) {
    throw new Error('no shape');
  }
  const encode = (text: string) => {
    const bytes = codec.encode?.(text);
    if (bytes === undefined) {
      throw new Error('not encoded');
    }
    return bytes;
  };
  return { shape, encode, codec };
}

/** A union alone is no type of a message. */
const inRecord = (schema: unknown) =>
  schemaOf({ type: 'record', name: 'Top', fields: [{ name: 'v', type: schema }] });

const avroTypes = schemaOf([
  {
    type: 'record',
    name: 'Reading',
    namespace: 'plant',
    fields: [
      { name: 'id', type: 'int' },
      { name: 'far', type: 'long', default: 5 },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'clock', type: { type: 'long', logicalType: 'time-micros' } },
      { name: 'here', type: { type: 'long', logicalType: 'local-timestamp-nanos' } },
      { name: 'mode', aliases: ['state'], type: { type: 'enum', name: 'Mode', symbols: ['OFF', 'ON'] } },
      { name: 'note', type: ['null', 'string'], default: null },
      { name: 'any', type: ['null', 'int', 'string', 'Mode', { type: 'map', values: 'double' }] },
      { name: 'raw', type: 'bytes' },
      { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 } },
      { name: 'uuid', type: { type: 'fixed', name: 'Key', size: 16, logicalType: 'uuid' } },
      { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 3 } },
      { name: 'long', type: { type: 'fixed', name: 'Span', size: 12, logicalType: 'duration' } },
      { name: 'list', type: { type: 'array', items: 'float' } },
      { name: 'next', type: ['null', 'Reading'] },
    ],
  },
]);

const cases: readonly (readonly [string, PayloadSchema])[] = [
  ['plant.Reading', textSchema],
  ['plant.Known', textSchema],
  ['plant.Reading.Point', textSchema],
  ['old.Report', textSchema],
  ['plant.Reading', avroTypes],
];

describe('what texts look like', () => {
  it.each(cases)('whatever fits %s (%#) is written', (type, schema) => {
    const { shape, encode } = bound(schema, type);
    const isValid = validatorOf(shape);
    let fitting = 0;
    fc.assert(
      fc.property(valuesOf(shape), (value) => {
        // What is in an Any is of a type that it names itself.
        if (isValid(value) && !/"any":\{"@type/.test(JSON.stringify(value))) {
          fitting += 1;
          encode(JSON.stringify(value));
        }
      }),
      { numRuns: 400 },
    );
    expect(fitting).toBeGreaterThan(10);
  });

  it.each(cases)('an example of %s (%#) fits and is written', (type, schema) => {
    const { shape, encode } = bound(schema, type);
    const example = exampleText(shape);
    const isValid = validatorOf(shape);
    isValid(JSON.parse(example));
    expect(isValid.errors).toBeFalsy();
    expect(() => encode(example)).not.toThrow();
  });

  it('of a template: examples fit and are written, and what is shown fits', () => {
    for (const text of [
      'u8 id; u16le temp; f32be x; bool on; bits8 state { mode:2; _:2; level:4 }',
      'u8 n; i32be[n] values; str8 name; strz unit; bytes[3] mark; str[4] code; u64le far; bytes[*] rest',
      'bits8 { on:1; _:7 }; group[2] point { u8 a; i16be b }; pad[2]; u16le[*] tail',
    ]) {
      const codec = createTemplateCodec(text);
      const shape = codec.shape?.() ?? {};
      const isValid = validatorOf(shape);
      const example = exampleText(shape);
      isValid(JSON.parse(example));
      expect(isValid.errors).toBeFalsy();
      const bytes = codec.encode?.(example) ?? new Uint8Array();
      const shown = codec.decode(bytes, limits, { topic: 't' });
      expect(shown.shape === 'text' && isValid(JSON.parse(shown.text))).toBe(true);
    }
  });

  it('what is shown of a value of Avro fits', () => {
    fc.assert(
      fc.property(samples, ({ schema, json }) => {
        const stored = inRecord(schema);
        const isValid = validatorOf(bound(stored, 'Top').shape);
        const plain = JSON.parse(
          JSON.stringify(json, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
        );
        isValid({ v: plain });
        expect(isValid.errors).toBeFalsy();
      }),
      { numRuns: 60 },
    );
  });

  it('examples of any type of Avro fit and are written', () => {
    fc.assert(
      fc.property(samples, ({ schema }) => {
        const stored = inRecord(schema);
        const { shape, encode } = bound(stored, 'Top');
        const example = exampleText(shape);
        expect(validatorOf(shape)(JSON.parse(example))).toBe(true);
        encode(example);
      }),
      { numRuns: 60 },
    );
  });

  it('what does not fit is found', () => {
    const wrong = (schema: PayloadSchema, type: string, value: unknown) =>
      validatorOf(bound(schema, type).shape)(value) === false;
    const reading = 'plant.Reading';
    expect(wrong(textSchema, reading, { i32: 'x' })).toBe(true);
    expect(wrong(textSchema, reading, { mode: 'UP' })).toBe(true);
    expect(wrong(textSchema, reading, { nothing: 1 })).toBe(true);
    expect(wrong(textSchema, reading, { text: 'a', point: {} })).toBe(true);
    expect(wrong(textSchema, reading, { by_name: {}, byName: {} })).toBe(true);
    expect(wrong(textSchema, reading, { by_number: { x: 1 } })).toBe(true);
    expect(wrong(textSchema, reading, { point: { inner: { inner: { x: 'y' } } } })).toBe(true);
    expect(wrong(textSchema, 'old.Report', {})).toBe(true);
    expect(wrong(textSchema, 'plant.Known', { at: 'today' })).toBe(true);
    expect(wrong(avroTypes, reading, {})).toBe(true);
    // What is right in more than one way of writing is not.
    expect(wrong(textSchema, reading, { byName: {}, i64: '-9', u64: 9, f64: 'NaN', mode: 1 })).toBe(false);
    expect(wrong(textSchema, reading, { u64: 2 ** 64 - 1, i64: -(2 ** 63) })).toBe(false);
  });

  it('examples leave out what would not go with the rest, and what has no end', () => {
    const example = JSON.parse(exampleText(bound(textSchema, 'plant.Reading').shape));
    expect(example).toMatchObject({ i32: 0, mode: 'OFF', text: '', points: [{ x: 0, y: 0 }] });
    expect(example).not.toHaveProperty('point');
    expect(example).not.toHaveProperty('byName');
    expect(JSON.parse(exampleText(bound(avroTypes, 'plant.Reading').shape))).toMatchObject({
      at: '2026-01-02T03:04:05.678Z',
      mode: 'OFF',
      note: '',
      next: null,
    });
    const shape: JsonSchema = {
      anyOf: [{ $ref: '#/definitions/t0' }],
      definitions: { t0: { anyOf: [{ $ref: '#/definitions/t0' }] } },
    };
    expect(exampleText(shape)).toBe('{}');
  });
});
