import fc from 'fast-check';
import { dataTypeNames } from './data-types.ts';
import type { Metric, Payload, Property, RawValue } from './message-types.ts';

const name = fc.string({ unit: 'grapheme', maxLength: 12 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** Milliseconds since the epoch. */
export const time = fc.bigInt({ min: 0n, max: 4_102_444_800_000n });
const signed = (bits: number) =>
  fc
    .bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n })
    .map((value): RawValue => ({ kind: 'int', value: BigInt.asUintN(32, value) }));
const unsigned = (bits: number) =>
  fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }).map((value): RawValue => ({ kind: 'int', value }));
const long = (value: bigint): RawValue => ({ kind: 'long', value });
const typeNumber = (type: (typeof dataTypeNames)[number]) => dataTypeNames.indexOf(type);
const bytes = fc.uint8Array({ maxLength: 20 }).map((value): RawValue => ({ kind: 'bytes', value }));

const scalars: Partial<Record<(typeof dataTypeNames)[number], fc.Arbitrary<RawValue>>> = {
  Int8: signed(8),
  Int16: signed(16),
  Int32: signed(32),
  UInt8: unsigned(8),
  UInt16: unsigned(16),
  Int64: uint64.map(long),
  UInt64: uint64.map(long),
  UInt32: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map(long),
  DateTime: time.map(long),
  Float: fc.float().map((value): RawValue => ({ kind: 'float', value })),
  Double: fc.double().map((value): RawValue => ({ kind: 'double', value })),
  Boolean: fc.boolean().map((value): RawValue => ({ kind: 'boolean', value })),
  String: name.map((value): RawValue => ({ kind: 'string', value })),
  UUID: fc.uuid().map((value): RawValue => ({ kind: 'string', value })),
};
const scalar = fc.oneof(
  ...Object.entries(scalars).map(([type, value]) =>
    fc.record({ type: fc.constant(typeNumber(type as 'Int8')), value }),
  ),
);

const properties: fc.Arbitrary<Property[]> = fc.letrec<{ set: Property[]; one: Property }>((tie) => ({
  set: fc.array(tie('one'), { maxLength: 3 }),
  one: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(name, scalar).map(([called, typed]): Property => ({ name: called, ...typed })),
    name.map((called): Property => ({ name: called, type: typeNumber('Int32'), isNull: true })),
    fc.tuple(name, tie('set')).map(
      ([called, value]): Property => ({
        name: called,
        type: typeNumber('PropertySet'),
        value: { kind: 'properties', value },
      }),
    ),
    fc.tuple(name, fc.array(tie('set'), { maxLength: 2 })).map(
      ([called, value]): Property => ({
        name: called,
        type: typeNumber('PropertySetList'),
        value: { kind: 'propertiesList', value },
      }),
    ),
  ),
})).set;

const dataSet: fc.Arbitrary<RawValue> = fc
  .array(fc.record({ column: name, typed: scalar }), { maxLength: 4 })
  .chain((columns) =>
    fc
      .array(
        fc.tuple(...columns.map(({ typed }) => fc.option(fc.constant(typed.value), { nil: undefined }))),
        { maxLength: 3 },
      )
      .map(
        (rows): RawValue => ({
          kind: 'dataset',
          value: {
            columns: columns.map(({ column }) => column),
            types: columns.map(({ typed }) => typed.type),
            rows,
          },
        }),
      ),
  );

const metrics: fc.Arbitrary<Metric[]> = fc.letrec<{ metrics: Metric[]; metric: Metric }>((tie) => ({
  metrics: fc.uniqueArray(tie('metric'), { maxLength: 4, selector: (metric) => metric.name }),
  metric: fc
    .tuple(
      fc.record(
        {
          name,
          alias: uint64,
          timestamp: time,
          isHistorical: fc.boolean(),
          isTransient: fc.boolean(),
          metadata: fc.record(
            { isMultiPart: fc.boolean(), size: uint64, contentType: name, md5: name },
            { requiredKeys: [] },
          ),
          properties,
        },
        { requiredKeys: ['name'] },
      ),
      fc.oneof(
        { depthSize: 'small' },
        scalar.map(({ type: datatype, value }) => ({ datatype, value })),
        bytes.map((value) => ({ datatype: typeNumber('Bytes'), value })),
        bytes.map((value) => ({ value })),
        fc.constant({ datatype: typeNumber('Float'), isNull: true }),
        fc.constant({ isNull: true }),
        fc.constant({}),
        dataSet.map((value) => ({ datatype: typeNumber('DataSet'), value })),
        fc
          .record(
            {
              version: name,
              reference: name,
              isDefinition: fc.boolean(),
              parameters: fc.array(
                fc.tuple(name, scalar).map(([called, typed]) => ({ name: called, ...typed })),
                { maxLength: 3 },
              ),
              metrics: tie('metrics'),
            },
            { requiredKeys: ['parameters', 'metrics'] },
          )
          .map(
            (template): Metric => ({
              datatype: typeNumber('Template'),
              value: { kind: 'template', value: template },
            }),
          ),
      ),
    )
    .map(([about, value]): Metric => ({ ...about, ...value })),
})).metrics;

/** Payloads whose values are of their types, and metrics have names of their own. */
export const payloads: fc.Arbitrary<Payload> = fc.record(
  { timestamp: time, seq: fc.bigInt({ min: 0n, max: 255n }), uuid: name, body: fc.uint8Array(), metrics },
  { requiredKeys: ['metrics'] },
);
