import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portPresets, presetOfPort } from './ports.ts';
import { formatCode, isRefusal, type ReasonPacket, reasonName, reasonOf } from './reason-codes.ts';
import { reasonTable } from './reason-table.ts';

const packets: readonly ReasonPacket[] = [
  'connack',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
  'disconnect',
  'auth',
];

describe('reason codes', () => {
  it('holds every row of MQTT 5.0 section 2.4, in order and without a clash', () => {
    expect(reasonTable).toHaveLength(45);
    expect(reasonTable.map((entry) => entry.code)).toEqual(
      [...reasonTable.map((entry) => entry.code)].sort((a, b) => a - b),
    );
    const keys = reasonTable.flatMap((entry) => entry.packets.map((packet) => `${entry.code} ${packet}`));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives every failure that a user can meet a remedy', () => {
    const silent = reasonTable.filter((entry) => entry.code >= 0x80 && entry.hint === undefined);
    // Nothing to do about these two: the first is a rule of the broker, the second is never asked for.
    expect(silent.map((entry) => entry.name)).toEqual([
      'Maximum connect time',
      'Subscription Identifiers not supported',
    ]);
  });

  it('names any number in any packet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...packets), (code, packet) => {
        const reason = reasonOf(code, packet);
        expect(reason.code).toBe(code);
        expect(reason.name).not.toBe('');
        expect(reason.message).toMatch(/^[A-Z].*\.$/);
        expect(reason.hint ?? 'A.').toMatch(/\.$/);
      }),
    );
  });

  it.each<[number, ReasonPacket, '3.1.1' | '5.0', string]>([
    [0, 'suback', '5.0', 'Granted QoS 0'],
    [0, 'disconnect', '5.0', 'Normal disconnection'],
    [0, 'puback', '5.0', 'Success'],
    [1, 'suback', '5.0', 'Granted QoS 1'],
    [1, 'connack', '3.1.1', 'Unacceptable protocol version'],
    [1, 'connack', '5.0', 'Unacceptable protocol version'],
    [5, 'connack', '3.1.1', 'Not authorized'],
    [0x80, 'suback', '3.1.1', 'Failure'],
    [0x80, 'suback', '5.0', 'Unspecified error'],
    [0x87, 'connack', '5.0', 'Not authorized'],
    [0x10, 'puback', '5.0', 'No matching subscribers'],
    [0x8e, 'connack', '5.0', 'Unknown code 0x8E (142)'],
  ])('calls %i in %s of %s: %s', (code, packet, version, name) => {
    expect(reasonName(code, packet, version)).toBe(name);
  });

  it('words the same number for its packet', () => {
    expect(reasonOf(0x87, 'puback').message).toMatch(/publish/);
    expect(reasonOf(0x87, 'suback').message).toMatch(/subscribe/);
    expect(reasonOf(0x87, 'connack').message).toMatch(/connect/);
  });

  it('tells refusals from answers', () => {
    expect(isRefusal(0x80, 'suback')).toBe(true);
    expect(isRefusal(2, 'suback')).toBe(false);
    expect(isRefusal(2, 'connack')).toBe(true);
    expect(isRefusal(0x10, 'puback')).toBe(false);
    expect(formatCode(4)).toBe('0x04 (4)');
  });
});

describe('port presets', () => {
  it('are the five standard ports', () => {
    expect(portPresets.map(({ port, protocol }) => `${port} ${protocol}`)).toEqual([
      '1883 mqtt',
      '8883 mqtts',
      '8884 mqtts',
      '8080 ws',
      '8081 wss',
    ]);
    expect(presetOfPort(8884)?.needsClientCertificate).toBe(true);
    expect(presetOfPort(80)).toBeUndefined();
  });
});
