import avsc from 'avsc';
import fc from 'fast-check';
import type { PayloadSchema } from '../../profile/schemas.ts';
import type { DecodeLimits } from '../codec.ts';
import type { TypeCodec } from '../schema/schema-format.ts';
import { avroFormat } from './avro-format.ts';

/** Limits that no test comes to by accident. */
export const limits: DecodeLimits = { maxTextLength: 1 << 22, maxDepth: 100, isOver: () => false };

/** A schema of a profile in one file. */
export function schemaOf(json: unknown): PayloadSchema {
  const text = typeof json === 'string' && /^\s*[[{"]/.test(json) ? json : JSON.stringify(json);
  return { id: 's', name: 'Schema', kind: 'avro', files: [{ path: 'a.avsc', text }] };
}

/** The codec of a type of a schema in one file; of its first type, where none is named. */
export function codecOf(json: unknown, type?: string): TypeCodec {
  const schema = schemaOf(json);
  return avroFormat.codecOf(schema, type ?? avroFormat.types(schema)[0] ?? '');
}

/** Bytes of hex digits with blanks between them. */
export const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));

/** The view of a payload: its text without line breaks, and its notes. */
export function shown(codec: Pick<TypeCodec, 'decode'>, bytes: Uint8Array, some: Partial<DecodeLimits> = {}) {
  const decoded = codec.decode(bytes, { ...limits, ...some }, { topic: 't' });
  return {
    text: decoded.shape === 'text' ? decoded.text.replace(/\n */g, ' ') : undefined,
    notes: decoded.notes,
  };
}

/** The `long` of the reference as a bigint: its own would alter integers beyond 2^53. */
const bigLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** The reference library's type; unions name their branches. */
export function referenceType(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, {
    wrapUnions: true,
    noAnonymousTypes: false,
    registry: { long: bigLong },
  });
}

/** A schema with a value of it as the reference library takes it, and as the codec shows it (numbers as bigint or number). */
export interface Sample {
  readonly schema: unknown;
  readonly value: unknown;
  readonly json: unknown;
}

const sample = (schema: unknown, value: unknown, json: unknown = value): Sample => ({ schema, value, json });

const single = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const leaves: fc.Arbitrary<Sample> = fc.oneof(
  fc.constant(sample('null', null)),
  fc.boolean().map((value) => sample('boolean', value)),
  fc.integer().map((value) => sample('int', value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => sample('long', value)),
  single.map((value) => sample('float', value)),
  double.map((value) => sample('double', value)),
  fc.string({ unit: 'grapheme' }).map((value) => sample('string', value)),
  fc
    .uint8Array({ maxLength: 20 })
    .map((value) => sample('bytes', Buffer.from(value), Buffer.from(value).toString('base64'))),
);

let names = 0;
const freshName = () => {
  names += 1;
  return `T${names}`;
};

const { tree } = fc.letrec<{ tree: Sample }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc
      .uint8Array({ minLength: 1, maxLength: 8 })
      .map((value) =>
        sample(
          { type: 'fixed', name: freshName(), size: value.length },
          Buffer.from(value),
          Buffer.from(value).toString('hex'),
        ),
      ),
    fc
      .integer({ min: 0, max: 2 })
      .map((index) => sample({ type: 'enum', name: freshName(), symbols: ['A', 'B', 'C'] }, 'ABC'[index])),
    fc
      .tuple(tie('tree'), fc.integer({ min: 0, max: 3 }))
      .map(([{ schema, value, json }, count]) =>
        sample({ type: 'array', items: schema }, Array(count).fill(value), Array(count).fill(json)),
      ),
    fc
      .tuple(tie('tree'), fc.array(fc.string(), { maxLength: 3 }))
      .map(([{ schema, value, json }, keys]) =>
        sample(
          { type: 'map', values: schema },
          Object.fromEntries(keys.filter((key) => key !== '__proto__').map((key) => [key, value])),
          Object.fromEntries(keys.filter((key) => key !== '__proto__').map((key) => [key, json])),
        ),
      ),
    fc.array(tie('tree'), { maxLength: 4 }).map((fields) =>
      sample(
        {
          type: 'record',
          name: freshName(),
          fields: fields.map(({ schema }, index) => ({ name: `f${index}`, type: schema })),
        },
        Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value])),
        Object.fromEntries(fields.map(({ json }, index) => [`f${index}`, json])),
      ),
    ),
    fc
      .tuple(leaves, fc.boolean())
      .filter(([{ schema }]) => schema !== 'null')
      .map(([{ schema, value, json }, isThere]) =>
        isThere
          ? sample(['null', schema], { [String(schema)]: value }, json)
          : sample([schema, 'null'], null),
      ),
    fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((value) => sample(['double', 'long', 'string'], { long: value }, { long: value })),
  ),
}));

/** Schemas of all kinds with values of them. */
export const samples: fc.Arbitrary<Sample> = tree;
