import fc from 'fast-check';
import sparkplug from 'sparkplug-payload';
import { describe, expect, it } from 'vitest';
import type { DecodeLimits, PayloadContext } from '../codec.ts';
import { detectCodec, previewPayload } from '../registry.ts';
import { detectSparkplug } from './detect.ts';
import { sparkplugCodec } from './sparkplug-codec.ts';
import { parseSparkplugTopic, sparkplugTopic, sparkplugVerbs } from './topic.ts';

type Reference = NonNullable<ReturnType<typeof sparkplug.get>>;
type ReferencePayload = Parameters<Reference['encodePayload']>[0];

const limits: DecodeLimits = { maxTextLength: 1_000_000, maxDepth: 100, isOver: () => false };
const context: PayloadContext = { topic: 'spBv1.0/plant/DDATA/edge/press' };
const TIME = 1_700_000_000_000;

/** The reference library's own output (Eclipse Tahu). */
function encoded(payload: ReferencePayload): Uint8Array {
  const reference = sparkplug.get('spBv1.0');
  if (reference === null || reference === undefined) {
    throw new Error('no reference library');
  }
  return new Uint8Array(reference.encodePayload(payload));
}

function shown(bytes: Uint8Array, given: PayloadContext = context) {
  const decoded = sparkplugCodec.decode(bytes, limits, given);
  if (decoded.shape !== 'text') {
    throw new Error('not text');
  }
  return { text: decoded.text, notes: decoded.notes, json: JSON.parse(decoded.text || '{}') as ShownPayload };
}

interface ShownPayload {
  readonly timestamp?: string;
  readonly seq?: number;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type MetricOf = NonNullable<NonNullable<ReferencePayload['metrics']>[number]>;
const payloadOf = (...metrics: MetricOf[]) => encoded({ timestamp: TIME, seq: 3, metrics });
const valueRead = (type: MetricOf['type'], value: MetricOf['value']) =>
  shown(payloadOf({ name: 'm', type, value })).json.metrics.m?.value;

describe('the reference library’s payloads', () => {
  it('are read with names, types, times and exact values', () => {
    const { json, notes } = shown(
      encoded({
        timestamp: TIME,
        seq: 3,
        metrics: [
          { name: 'Temperature', alias: 7, timestamp: TIME + 5, type: 'Float', value: 21.4 },
          { name: 'Line/Speed "A"', type: 'Int32', value: -5 },
        ],
      }),
    );
    expect(json).toEqual({
      timestamp: '2023-11-14T22:13:20.000Z',
      seq: 3,
      metrics: {
        Temperature: { value: 21.4, type: 'Float', alias: 7, timestamp: '2023-11-14T22:13:20.005Z' },
        'Line/Speed "A"': { value: -5, type: 'Int32' },
      },
    });
    expect(notes).toEqual([]);
  });

  it('keep each number of each integer type', () => {
    const ranges = [
      ['Int8', -128, 127],
      ['Int16', -32768, 32767],
      ['Int32', -2147483648, 2147483647],
      ['UInt8', 0, 255],
      ['UInt16', 0, 65535],
      ['UInt32', 0, 4294967295],
    ] as const;
    for (const [type, min, max] of ranges) {
      fc.assert(
        fc.property(fc.integer({ min, max }), (value) => {
          expect(valueRead(type, value)).toBe(value);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('keep doubles, and floats as they are written', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        expect(valueRead('Double', value)).toBe(value);
      }),
    );
    expect(valueRead('Float', 0.1)).toBe(0.1);
    expect(valueRead('Double', Number.NaN)).toBe('NaN');
    expect(valueRead('Double', Number.POSITIVE_INFINITY)).toBe('Infinity');
  });

  it('keep texts, truth, times and bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(valueRead('String', value)).toBe(value);
      }),
    );
    expect(valueRead('Boolean', true)).toBe(true);
    expect(valueRead('DateTime', TIME)).toBe('2023-11-14T22:13:20.000Z');
    expect(valueRead('Bytes', new Uint8Array([1, 2, 3]))).toBe('AQID');
    expect(valueRead('Double', null)).toBe(null);
  });

  it('show data sets, templates and properties', () => {
    const { json } = shown(
      payloadOf(
        {
          name: 'table',
          type: 'DataSet',
          value: {
            numOfColumns: 2,
            columns: ['id', 'text'],
            types: ['Int32', 'String'],
            rows: [
              [-1, 'a'],
              [2, 'b'],
            ],
          },
        },
        {
          name: 'motor',
          type: 'Template',
          value: {
            templateRef: 'Motor',
            version: '1',
            isDefinition: false,
            metrics: [{ name: 'rpm', type: 'Int16', value: -7 }],
            parameters: [{ name: 'poles', type: 'Int32', value: 4 }],
          },
          properties: { engUnit: { type: 'String', value: '1/min' } },
        },
      ),
    );
    expect(json.metrics.table?.value).toEqual({
      columns: ['id', 'text'],
      types: ['Int32', 'String'],
      rows: [
        [-1, 'a'],
        [2, 'b'],
      ],
    });
    expect(json.metrics.motor).toEqual({
      value: {
        reference: 'Motor',
        version: '1',
        isDefinition: false,
        parameters: { poles: { value: 4, type: 'Int32' } },
        metrics: { rpm: { value: -7, type: 'Int16' } },
      },
      type: 'Template',
      properties: { engUnit: { value: '1/min', type: 'String' } },
    });
  });

  it('are recognised, and never what is something else', () => {
    const bytes = payloadOf({ name: 'm', type: 'Double', value: 1.5 });
    expect(detectCodec(bytes, { topic: '' }).id).toBe('sparkplug');
    expect(detectCodec(bytes, context).id).toBe('sparkplug');
    expect(detectCodec(encoded({ timestamp: TIME, seq: 255 }), { topic: '' }).id).toBe('sparkplug');
    expect(previewPayload(bytes, 200)).toBe('seq 3 · m 1.5');
    for (const other of ['{"a":1}', 'hello', '12', '<a/>', '\b\u0001x', '']) {
      expect(detectSparkplug(new TextEncoder().encode(other), '')).toBe(0);
    }
    // The beginning of a long one is enough for a row of a list.
    const long = payloadOf(
      ...Array.from({ length: 300 }, (_, index) => ({
        name: `metric ${index}`,
        type: 'Int32' as const,
        value: index,
      })),
    );
    expect(previewPayload(long.subarray(0, 1024), 40, long.length)).toBe(
      'metric 0 0, metric 1 1, metric 2 2, met…',
    );
  });
});

/** Varint and length-delimited fields, written by hand for what the reference library cannot write. */
const varint = (value: bigint): number[] =>
  value < 0x80n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...varint(value >> 7n)];
const field = (number: number, bytes: readonly number[]) => [
  ...varint(BigInt(number * 8 + 2)),
  ...varint(BigInt(bytes.length)),
  ...bytes,
];
const metricOf = (datatype: number, value: readonly number[]) =>
  new Uint8Array(field(2, [...field(1, [0x6d]), 0x20, datatype, ...value]));
const single = (datatype: number, value: readonly number[]) =>
  shown(metricOf(datatype, value)).text.match(/"value": (.*?),?\n/)?.[1];

describe('values', () => {
  it('keeps 64-bit integers exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const wire = [0x58, ...varint(BigInt.asUintN(64, value))];
        expect(single(4, wire)).toBe(String(value));
        expect(single(8, wire)).toBe(String(BigInt.asUintN(64, value)));
      }),
    );
  });

  it('reads the arrays of version 3.0 by the examples of the specification', () => {
    const array = (datatype: number, bytes: readonly number[]) =>
      shown(metricOf(datatype, [0x82, 0x01, bytes.length, ...bytes])).json.metrics.m?.value;
    expect(array(22, [0xef, 0x7b])).toEqual([-17, 123]);
    expect(array(24, [0x15, 0xcd, 0x5b, 0x07, 0xb1, 0x68, 0xde, 0x3a])).toEqual([123456789, 987654321]);
    expect(array(28, [0x34, 0, 0, 0, 0x49, 0xfb, 0x55, 0xc4])).toEqual([52, 3293969225]);
    expect(array(32, [0x0c, 0, 0, 0, 0x34, 0xd0])).toEqual([
      ...[false, false, true, true, false, true, false, false],
      ...[true, true, false, true],
    ]);
    expect(array(33, [0x41, 0x42, 0x43, 0, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0])).toEqual(['ABC', 'hello']);
    expect(array(34, [0x00, 0x68, 0xe5, 0xcf, 0x8b, 0x01, 0, 0])).toEqual(['2023-11-14T22:13:20.000Z']);
  });
});

describe('aliases', () => {
  const bytes = payloadOf({ alias: 7, value: 21.5, type: 'Double' }, { alias: 8, value: 1, type: 'Int32' });

  it('get the names of the births', () => {
    const { json, notes } = shown(bytes, {
      ...context,
      sparkplug: {
        aliases: {
          metricOf: (alias) => (alias === 7n ? { name: 'Temperature', datatype: 10 } : undefined),
          typeOf: () => undefined,
        },
      },
    });
    expect(Object.keys(json.metrics)).toEqual(['Temperature', 'alias 8']);
    expect(notes).toEqual(['1 metric is known by alias only. The birth does not name this alias.']);
  });

  it('make the fields’ paths', () => {
    const fields = sparkplugCodec.fields?.(
      bytes,
      limits,
      {
        keepsWriting: false,
      },
      {
        ...context,
        sparkplug: { aliases: { metricOf: (alias) => ({ name: `m${alias}` }), typeOf: () => undefined } },
      },
    );
    expect(fields?.filter(({ path }) => path.endsWith('.value'))).toEqual([
      { path: 'metrics.m7.value', value: 21.5 },
      { path: 'metrics.m8.value', value: 1 },
    ]);
  });
});

describe('hostile payloads', () => {
  it('are JSON, or bytes with what is wrong with them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => detectSparkplug(bytes, context.topic)).not.toThrow();
        expect(typeof previewPayload(bytes, 80)).toBe('string');
        const decoded = sparkplugCodec.decode(bytes, limits, context);
        if (decoded.shape === 'text') {
          JSON.parse(decoded.text || '{}');
        } else {
          expect(decoded.notes[0]).toMatch(/^This is not a payload of Sparkplug B: .* \(byte \d+\)/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are valid JSON wherever a real one is damaged or cut', () => {
    const real = payloadOf(
      { name: 'a', type: 'Template', value: { metrics: [{ name: 'x', type: 'Int8', value: 1 }] } },
      { name: 'b', type: 'DataSet', value: { columns: ['c'], types: ['String'], rows: [['x']] } },
    );
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.nat(255), fc.nat(real.length), (at, byte, end) => {
        const bytes = real.slice(0, end);
        bytes[Math.min(at, bytes.length - 1)] = byte;
        const decoded = sparkplugCodec.decode(bytes, limits, context);
        if (decoded.shape === 'text') {
          JSON.parse(decoded.text || '{}');
        } else {
          expect(decoded.notes[0]).toMatch(/^This is not a payload of Sparkplug B: .* \(byte \d+\)/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are cut where they nest or count without end', () => {
    let nested: number[] = [...field(1, [0x6d])];
    for (let depth = 0; depth < 200; depth += 1) {
      nested = [...field(1, [0x6d]), ...field(18, field(2, nested))];
    }
    expect(shown(new Uint8Array(field(2, nested))).notes[0]).toMatch(/^Nested more than 32 deep/);
    const many = new Uint8Array(2 * 250_000);
    for (let at = 0; at < many.length; at += 2) {
      many[at] = 0x12;
    }
    expect(shown(many).notes[0]).toMatch(/^More than 200,000 values/);
  });
});

describe('topics', () => {
  it('are read as they are written', () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !/[/+#]/.test(text));
    fc.assert(
      fc.property(fc.constantFrom(...sparkplugVerbs), part, part, part, (verb, group, node, device) => {
        const about = { group, node, ...(verb.startsWith('D') ? { device } : {}) };
        expect(parseSparkplugTopic(sparkplugTopic(verb, group, node, about.device))).toEqual({
          kind: 'message',
          verb,
          ...about,
        });
      }),
    );
  });

  it('are of Sparkplug only where all parts are there', () => {
    expect(parseSparkplugTopic('spBv1.0/STATE/host')).toEqual({ kind: 'state', host: 'host', isOld: false });
    expect(parseSparkplugTopic('STATE/host')).toEqual({ kind: 'state', host: 'host', isOld: true });
    for (const topic of [
      'spBv1.0',
      'spBv1.0/g/NDATA',
      'spBv1.0/g/NDATA/n/d',
      'spBv1.0/g/DDATA/n',
      'spBv1.0/g/DDATA/n/d/e',
      'spBv1.0//NDATA/n',
      'STATE/a/b',
      'spAv1.0/g/NDATA/n',
    ]) {
      expect(parseSparkplugTopic(topic)).toBeUndefined();
    }
  });
});
