import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkProperties,
  countProperties,
  emptyProperties,
  fromProperties,
  toProperties,
} from './template-properties.ts';

describe('properties', () => {
  it('names the field that is wrong', () => {
    expect(checkProperties(emptyProperties)).toEqual({});
    expect(
      Object.keys(
        checkProperties({
          ...emptyProperties,
          expiry: '4294967296',
          responseTopic: 'a/#',
          correlation: '0g',
          correlationFormat: 'hex',
        }),
      ),
    ).toEqual(['expiry', 'responseTopic', 'correlation']);
    for (const expiry of ['-1', '1.5', 'x', '1e3']) {
      expect(checkProperties({ ...emptyProperties, expiry })).toHaveProperty('expiry');
    }
    expect(checkProperties({ ...emptyProperties, expiry: '4294967295' })).toEqual({});
  });

  it('leaves out what is not set', () => {
    expect(toProperties(emptyProperties)).toEqual({});
    expect(countProperties(emptyProperties)).toBe(0);
  });

  it('come back as they were sent', () => {
    const properties = fc.record(
      {
        contentType: fc.string({ minLength: 1 }),
        payloadIsUtf8: fc.constant(true),
        messageExpiryInterval: fc.nat(),
        responseTopic: fc.string({ minLength: 1 }),
        correlationData: fc.oneof(
          fc.uint8Array({ minLength: 1 }),
          fc.string({ minLength: 1, unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
        ),
        userProperties: fc.array(fc.record({ key: fc.string(), value: fc.string() }), { minLength: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(properties, (sent) => {
        expect(toProperties(fromProperties(sent as never))).toEqual(sent);
      }),
    );
  });
});
