import fc from 'fast-check';
import sparkplug from 'sparkplug-payload';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../contract/failure.ts';
import type { DecodeLimits } from '../codec.ts';
import { PayloadError } from '../payload-error.ts';
import { encodePayload } from '../registry.ts';
import { exampleText } from '../schema/example.ts';
import { validatorOf } from '../schema/shape.fixture.ts';
import { sparkplugShape } from './json-shape.ts';
import { readPayload } from './message.ts';
import { payloads, time } from './payload.fixture.ts';
import { payloadOfText } from './payload-text.ts';
import { sparkplugCodec } from './sparkplug-codec.ts';
import { writePayload } from './write-payload.ts';

const limits: DecodeLimits = { maxTextLength: 1_000_000, maxDepth: 100, isOver: () => false };
const messageLimits = { maxDepth: 32, maxItems: 100_000, isOver: () => false };
const birth = 'spBv1.0/plant/NBIRTH/edge';
const data = 'spBv1.0/plant/NDATA/edge';

const encode = (value: unknown, topic = birth) =>
  encodePayload('sparkplug', typeof value === 'string' ? value : JSON.stringify(value), topic);

function shown(bytes: Uint8Array): string {
  const decoded = sparkplugCodec.decode(bytes, limits, { topic: birth });
  if (decoded.shape !== 'text') {
    throw new Error('not text');
  }
  return decoded.text;
}

function failureOf(value: unknown, topic?: string): PayloadError {
  try {
    encode(value, topic);
  } catch (error) {
    if (error instanceof PayloadError) {
      return error;
    }
    throw error;
  }
  throw new Error('it was encoded');
}

/** What the reference library (Eclipse Tahu) reads. */
function readByReference(bytes: Uint8Array) {
  const reference = sparkplug.get('spBv1.0');
  if (reference === null || reference === undefined) {
    throw new Error('no reference library');
  }
  return reference.decodePayload(bytes);
}

describe('payloads that are written', () => {
  it('are read as they were', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(readPayload(writePayload(payload), messageLimits)).toEqual({ payload, unknown: 0 });
      }),
    );
  });

  it('are the same from what is shown of them', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(readPayload(encode(shown(writePayload(payload))), messageLimits).payload).toEqual(payload);
      }),
    );
  });

  it('show the same again or say why not, whatever came', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.nat(255), (payload, at, byte) => {
        const damaged = writePayload(payload);
        damaged[at % Math.max(1, damaged.length)] = byte;
        const decoded = sparkplugCodec.decode(damaged, limits, { topic: birth });
        if (decoded.shape !== 'text' || decoded.text === '') {
          return;
        }
        let again: Uint8Array;
        try {
          again = encode(decoded.text);
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
          return;
        }
        expect(JSON.parse(shown(again) || '{"metrics":{}}')).toEqual(JSON.parse(decoded.text));
      }),
      { numRuns: 500 },
    );
  });

  it('keep the items of arrays', () => {
    const items = {
      Int8Array: fc.integer({ min: -128, max: 127 }),
      UInt16Array: fc.integer({ min: 0, max: 65535 }),
      Int32Array: fc.integer(),
      UInt32Array: fc.nat(),
      DoubleArray: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
      BooleanArray: fc.boolean(),
      StringArray: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      DateTimeArray: time.map((value) => new Date(Number(value)).toISOString()),
    };
    for (const [type, item] of Object.entries(items)) {
      fc.assert(
        fc.property(fc.array<unknown>(item, { maxLength: 20 }), (value) => {
          const { metrics: found } = JSON.parse(shown(encode({ metrics: { list: { type, value } } })));
          expect(found.list).toEqual({ type, value });
        }),
        { numRuns: 50 },
      );
    }
    const wide =
      '{"metrics":{"list":{"type":"Int64Array","value":[-9223372036854775808,9223372036854775807]}}}';
    expect(shown(encode(wide)).replaceAll(/\s/g, '')).toContain('[-9223372036854775808,9223372036854775807]');
  });

  it('are read by the reference library', () => {
    const read = readByReference(
      encode({
        timestamp: '2023-11-14T22:13:20.000Z',
        seq: 3,
        metrics: [
          { name: 'a', alias: 7, datatype: 'Int32', value: -5, is_historical: true },
          { name: 'b', type: 'UInt32', value: 4_000_000_000 },
          { name: 'c', type: 'String', value: 'text', properties: { unit: { type: 'String', value: '°C' } } },
          { name: 'd', type: 'Boolean', value: true },
          { name: 'e', type: 'Float', is_null: true },
          { name: 'f', type: 'Bytes', value: 'AQID' },
          {
            name: 'g',
            type: 'DataSet',
            value: {
              columns: ['x', 'y'],
              types: ['Double', 'String'],
              rows: [
                [1.5, 'p'],
                [2, 'q'],
              ],
            },
          },
          {
            name: 'h',
            type: 'Template',
            value: { reference: 'Motor', metrics: { rpm: { type: 'Int16', value: 7 } } },
          },
        ],
      }),
    );
    expect(Number(read.timestamp)).toBe(1_700_000_000_000);
    expect(Number(read.seq)).toBe(3);
    const [a, b, c, d, e, f, g, h] = read.metrics ?? [];
    expect(a).toMatchObject({ name: 'a', type: 'Int32', value: -5, isHistorical: true });
    expect(Number(a?.alias)).toBe(7);
    expect(Number(b?.value) >>> 0).toBe(4_000_000_000);
    expect(c).toMatchObject({ value: 'text', properties: { unit: { type: 'String', value: '°C' } } });
    expect([d?.value, e?.value, Array.from((f?.value ?? []) as Uint8Array)]).toEqual([true, null, [1, 2, 3]]);
    expect(g?.value).toMatchObject({
      columns: ['x', 'y'],
      types: ['Double', 'String'],
      rows: [
        [1.5, 'p'],
        [2, 'q'],
      ],
    });
    expect(h?.value).toMatchObject({
      templateRef: 'Motor',
      metrics: [{ name: 'rpm', type: 'Int16', value: 7 }],
    });
  });
});

describe('what texts look like', () => {
  const isValid = validatorOf(sparkplugShape);

  it('fits whatever is shown', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        isValid(JSON.parse(shown(writePayload(payload)) || '{}'));
        expect(isValid.errors).toBeFalsy();
      }),
    );
  });

  it('has an example that is written once its time is filled in', () => {
    const example = exampleText(sparkplugShape);
    expect(isValid(JSON.parse(example))).toBe(true);
    const { metrics } = readPayload(
      encode(example.replace('{{now}}', '2026-01-02T03:04:05.678Z')),
      messageLimits,
    ).payload;
    expect(metrics).toEqual([{ name: 'Temperature', datatype: 10, value: { kind: 'double', value: 21.5 } }]);
  });
});

describe('aliases', () => {
  const metric = { type: 'Double', value: 21.5, alias: 7 };
  const nameOf = (value: unknown, topic: string) =>
    payloadOfText(JSON.stringify(value), topic).metrics.map((one) => [one.name, one.alias]);

  it('go with the name in births and without it in data and commands', () => {
    const byName = { metrics: { Temperature: metric, 'alias 8': { ...metric, alias: 8 }, Pressure: 3 } };
    expect(nameOf(byName, birth)).toEqual([
      ['Temperature', 7n],
      [undefined, 8n],
      ['Pressure', undefined],
    ]);
    for (const topic of [data, 'spBv1.0/plant/DCMD/edge/press']) {
      expect(nameOf(byName, topic)).toEqual([
        [undefined, 7n],
        [undefined, 8n],
        ['Pressure', undefined],
      ]);
    }
  });

  it('leave the members of a template their names: no birth names those aliases', () => {
    const { metrics } = payloadOfText(
      JSON.stringify({ metrics: { m: { alias: 1, type: 'Template', value: { metrics: { rpm: metric } } } } }),
      data,
    );
    expect(metrics).toMatchObject([
      { alias: 1n, value: { value: { metrics: [{ name: 'rpm', alias: 7n }] } } },
    ]);
    expect(metrics[0]?.name).toBeUndefined();
  });

  it('are written as they stand in a list', () => {
    expect(nameOf({ metrics: [{ name: 'Temperature', ...metric }] }, data)).toEqual([['Temperature', 7n]]);
  });

  it('may belong to several metrics of one name', () => {
    expect(nameOf({ metrics: { a: [{ value: 1 }, { value: 2 }] } }, birth)).toHaveLength(2);
  });
});

describe('what is wrong', () => {
  it('is said by the metric and the field, with the place', () => {
    const wrong = failureOf('{\n  "metrics": {\n    "Speed": { "type": "Int8", "value": 200 }\n  }\n}');
    expect(wrong.failure.message).toBe(
      'Metric “Speed”: “value” has to be a whole number from -128 to 127 (Int8) (line 3, column 41).',
    );
    expect([wrong.offset, wrong.length]).toEqual([57, 3]);
  });

  it.each([
    [
      { metrics: { a: { type: 'Int99', value: 1 } } },
      /^Metric “a”: there is no data type "Int99"; there are Int8/,
    ],
    [{ metrics: { a: { typ: 'Int8' } } }, /^Metric “a” has no “typ”; it may have name, value/],
    [{ metrics: { a: { type: 'Boolean', value: 1 } } }, /^Metric “a”: “value” has to be true or false/],
    [{ metrics: { a: { value: -1 } } }, /^Metric “a”: “value” needs a “type”/],
    [{ metrics: { a: { type: 'DateTime', value: 'today' } } }, /“value” has to be a time since 1970/],
    [
      { metrics: { a: { type: 'DateTime', value: '2026-02-30T00:00:00Z' } } },
      /“value” has to be a time since/,
    ],
    [{ metrics: { a: { type: 'Float', value: 1e39 } } }, /“value” is too large \(Float\)/],
    [{ metrics: { a: { type: 'Bytes', value: '?' } } }, /has to be bytes in Base64/],
    [{ metrics: { a: { type: 'PropertySet', value: {} } } }, /can’t be a PropertySet/],
    [{ metrics: { a: { value: 1, is_null: true } } }, /can’t have a value and “isNull”/],
    [{ metrics: [{ name: 'a', alias: -1 }] }, /^Metric “1”: “alias” has to be a whole number from 0/],
    [{ metrics: 5 }, /“metrics” has to be an object with metrics by their names, or a list/],
    [{ seq: 'x', metrics: [] }, /^The payload: “seq” has to be a whole number/],
    [[], /^The payload has to be an object/],
    [
      { metrics: { t: { type: 'Template', value: { metrics: { rpm: { type: 'Int8', value: 'x' } } } } } },
      /^Metric “t\/rpm”: “value” has to be a whole number/,
    ],
    [
      { metrics: { d: { type: 'DataSet', value: { columns: ['x'], types: ['Int8'], rows: [[1], ['y']] } } } },
      /^Metric “d”: “value”, row 2, “x”, has to be a whole number from -128/,
    ],
    [
      { metrics: { d: { type: 'DataSet', value: { columns: ['x'], types: [], rows: [] } } } },
      /has 1 column, but 0 types/,
    ],
    [
      { metrics: { a: { value: 1, properties: { unit: { type: 'Int8', value: 'C' } } } } },
      /^Metric “a”: “properties”: “unit”: “value” has to be a whole number/,
    ],
    [{ metrics: { a: { value: 1, metadata: { size: 'x' } } } }, /“size” of “metadata” has to be a whole/],
  ])('in %j', (value, message) => {
    expect(failureOf(value).failure).toMatchObject({
      code: 'payload.sparkplug',
      message: expect.stringMatching(message),
    });
  });

  it('is said of what is no JSON, or nests without end', () => {
    expect(() => encode('{"metrics":')).toThrow(FailureError);
    expect(() => encode(`{"metrics":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(FailureError);
    const nested = Array.from({ length: 40 }).reduce<object>(
      (inner) => ({ t: { type: 'Template', value: { metrics: inner } } }),
      {},
    );
    expect(failureOf({ metrics: nested }).failure.message).toMatch(/^Templates are nested deeper than 15/);
  });
});
