import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerReference } from './server-reference.ts';

describe('parseServerReference', () => {
  it.each([
    // The examples of MQTT 5.0 section 4.11.
    ['myserver.xyz.org', [{ host: 'myserver.xyz.org' }]],
    ['myserver.xyz.org:8883', [{ host: 'myserver.xyz.org', port: 8883 }]],
    [
      '10.10.151.22:8883 [fe80::9610:3eff:fe1c]:1883',
      [
        { host: '10.10.151.22', port: 8883 },
        { host: 'fe80::9610:3eff:fe1c', port: 1883 },
      ],
    ],
    ['mqtts://other.example:8883/path', [{ host: 'other.example', port: 8883 }]],
    ['fe80::1', [{ host: 'fe80::1' }]],
    ['', []],
    ['host:0 host:70000 ho/st', [{ host: 'ho' }]],
    ['user@host -x <b>', []],
  ])('%j', (reference, servers) => {
    expect(parseServerReference(reference)).toEqual(servers);
  });

  it('reads back any names and ports', () => {
    const server = fc.record(
      { host: fc.oneof(fc.domain(), fc.ipV4()), port: fc.integer({ min: 1, max: 65_535 }) },
      { requiredKeys: ['host'] },
    );
    fc.assert(
      fc.property(fc.array(server, { maxLength: 20 }), (servers) => {
        const text = servers
          .map(({ host, port }) => (port === undefined ? host : `${host}:${port}`))
          .join(' ');
        expect(parseServerReference(text)).toEqual(servers);
      }),
    );
  });

  it('never hands out what could not be a host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        for (const { host } of parseServerReference(text)) {
          expect(host).toMatch(/^[\w.:%-]+$/);
        }
      }),
    );
  });
});
