import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { expect, it } from 'vitest';
import { decodePacket } from './decode-packet.ts';
import { maskSecrets, type PacketField } from './packet.ts';
import { splitPackets } from './split-packets.ts';

const version = fc.constantFrom('3.1.1' as const, '5.0' as const);
const make = (packet: unknown, of: '3.1.1' | '5.0') =>
  new Uint8Array(generate(packet as Packet, { protocolVersion: of === '5.0' ? 5 : 4 }));
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((it) => !/[+#\0]/.test(it));
const id = fc.integer({ min: 1, max: 65_535 });

/** Leaves follow one another without a gap: every byte belongs to exactly one. */
function leaves(fields: readonly PacketField[]): PacketField[] {
  return fields.flatMap((field) => (field.children === undefined ? [field] : leaves(field.children)));
}
function expectWhole(bytes: Uint8Array, fields: readonly PacketField[]): void {
  let at = 0;
  for (const leaf of leaves(fields)) {
    expect(leaf.start).toBe(at);
    at = leaf.end;
  }
  expect(at).toBe(bytes.length);
}
const fieldValue = (fields: readonly PacketField[], name: string) =>
  leaves(fields).find((field) => field.name === name)?.value;

const packets = fc.oneof(
  fc.record({
    cmd: fc.constant('publish'),
    topic: text,
    payload: fc.string({ maxLength: 300 }),
    qos: fc.constantFrom(1, 2),
    messageId: id,
    retain: fc.boolean(),
    dup: fc.boolean(),
  }),
  fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }),
  fc.record({
    cmd: fc.constant('subscribe'),
    messageId: id,
    subscriptions: fc.array(fc.record({ topic: text, qos: fc.constantFrom(0, 1, 2) }), { minLength: 1 }),
  }),
  fc.record({
    cmd: fc.constant('suback'),
    messageId: id,
    granted: fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1 }),
  }),
  fc.record({
    cmd: fc.constant('unsubscribe'),
    messageId: id,
    unsubscriptions: fc.array(text, { minLength: 1 }),
  }),
  fc.record({ cmd: fc.constantFrom('pingreq', 'pingresp') }),
);

it('reads what another encoder writes, each byte in one field', () => {
  fc.assert(
    fc.property(packets, version, (packet, of) => {
      const bytes = make(packet, of);
      const decoded = decodePacket(bytes, of);
      expect(decoded.problems).toEqual([]);
      expect(decoded.type).toBe(packet.cmd.toUpperCase());
      expect(decoded.length).toBe(bytes.length);
      expect(decoded.secrets).toEqual([]);
      expectWhole(bytes, decoded.fields);
      if ('messageId' in packet) {
        expect(decoded.packetId).toBe(packet.messageId);
      }
      if ('payload' in packet) {
        expect(decoded).toMatchObject({ topic: packet.topic, qos: packet.qos, isDuplicate: packet.dup });
      }
    }),
  );
});

const connect = fc.record({
  cmd: fc.constant('connect'),
  protocolId: fc.constant('MQTT'),
  clientId: text,
  clean: fc.constant(true),
  keepalive: fc.nat(65_535),
  username: text,
  password: fc.constant('PaSsWoRd'),
  will: fc.option(fc.record({ topic: text, payload: fc.constant('gone'), qos: fc.constant(1) }), {
    nil: undefined,
  }),
});
const hasSecret = (bytes: Uint8Array) => /PaS|SCRAM-DATA|SCR/.test(new TextDecoder('latin1').decode(bytes));

function connectBytes(packet: object, of: '3.1.1' | '5.0'): Uint8Array {
  const properties = {
    authenticationMethod: 'X',
    authenticationData: Buffer.from('SCRAM-DATA'),
    userProperties: { a: 'b' },
  };
  const protocolVersion = of === '5.0' ? 5 : 4;
  return make({ ...packet, protocolVersion, ...(of === '5.0' ? { properties } : {}) }, of);
}

it('shows the will and the user name, and hides the password and authentication data', () => {
  fc.assert(
    fc.property(
      connect,
      version,
      fc.constantFrom('3.1.1' as const, '5.0' as const),
      (packet, of, assumed) => {
        const bytes = connectBytes(packet, of);
        const decoded = decodePacket(bytes, assumed);
        expect(decoded.problems).toEqual([]);
        expect(decoded.version).toBe(of);
        expectWhole(bytes, decoded.fields);
        expect(fieldValue(decoded.fields, 'User name')).toBe(packet.username);
        expect(fieldValue(decoded.fields, 'Will payload')).toBe(
          packet.will === undefined ? undefined : 'gone',
        );
        expect(JSON.stringify(decoded.fields)).not.toMatch(/PaSsWoRd|SCRAM-DATA/);
        expect(hasSecret(bytes)).toBe(true);
        expect(hasSecret(maskSecrets(bytes, decoded.secrets))).toBe(false);
      },
    ),
  );
});

it('hides secrets in a CONNECT that is cut off or has wrong bytes before them', () => {
  fc.assert(
    fc.property(connect, version, fc.nat(), fc.nat(255), (packet, of, place, wrong) => {
      const whole = connectBytes(packet, of);
      const bytes = whole.slice(0, 2 + (place % whole.length));
      const decoded = decodePacket(bytes, of);
      expect(hasSecret(maskSecrets(bytes, decoded.secrets))).toBe(false);
      const broken = whole.slice();
      broken[broken.indexOf(0x4d) + 4] = wrong; // the protocol level
      const other = decodePacket(broken, of);
      if (other.problems.length > 0) {
        expect(hasSecret(maskSecrets(broken, other.secrets))).toBe(false);
      }
    }),
  );
});

it('never throws, and its fields and problems lie within the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), version, (bytes, of) => {
      const { fields, problems, secrets } = decodePacket(bytes, of);
      for (const range of [...leaves(fields), ...secrets]) {
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThanOrEqual(bytes.length);
      }
      for (const problem of problems) {
        expect(problem.at).toBeLessThanOrEqual(bytes.length);
      }
      const parts = splitPackets(bytes);
      expect(parts.reduce((sum, part) => sum + part.bytes.length, 0)).toBe(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

it('says where a packet ends early, and how long it was', () => {
  const bytes = make({ cmd: 'publish', topic: 'a', payload: 'x'.repeat(50), qos: 0 }, '3.1.1').slice(0, 20);
  const decoded = decodePacket(bytes, '3.1.1');
  expect(decoded.length).toBe(55);
  expect(decoded.problems).toEqual([
    {
      at: 20,
      message: 'The packet has 55 bytes, of which 20 are here',
      section: 'MQTT 3.1.1 section 2.2.3',
    },
  ]);
  expect(decodePacket(bytes, '3.1.1', true).problems).toEqual([]);
  expect(fieldValue(decoded.fields, 'Payload (50 bytes in all)')).toBe('x'.repeat(15));
});

it('names a property that stands where it may not', () => {
  // PUBACK 1, success, one property: Topic alias 7.
  const decoded = decodePacket(Uint8Array.of(0x40, 7, 0, 1, 0, 3, 0x23, 0, 7), '5.0');
  expect(decoded.problems).toEqual([
    { at: 6, message: 'Topic alias may not stand in PUBACK', section: 'MQTT 5.0 section 2.2.2.2' },
  ]);
});

it('guesses the version of a stream', () => {
  const of = (wanted: '3.1.1' | '5.0') =>
    splitPackets(
      Buffer.concat([
        make({ cmd: 'publish', topic: 'a/b', payload: '{"t": 21.5}', qos: 0 }, wanted),
        make({ cmd: 'suback', messageId: 4, granted: [1] }, wanted),
      ]),
    );
  expect(of('3.1.1').map(({ packet }) => packet.version)).toEqual(['3.1.1', '3.1.1']);
  expect(of('5.0').map(({ packet }) => packet.version)).toEqual(['5.0', '5.0']);
  expect(fieldValue(of('5.0')[0]?.packet.fields ?? [], 'Payload')).toBe('{"t": 21.5}');
});
