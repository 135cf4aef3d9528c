import type { MqttVersion } from '../../profile/profile.ts';
import { formatCode, type ReasonPacket, reasonName } from '../reason-codes.ts';
import { count, FieldReader, Malformed } from './field-reader.ts';
import { type DecodedPacket, PACKET_TYPES, type PacketType } from './packet.ts';
import { readProperties } from './properties.ts';
import { sections, sectionText } from './sections.ts';

/** What bodies tell about the packet as a whole. */
interface Facts {
  version: MqttVersion;
  packetId?: number;
  topic?: string;
  qos?: number;
  isDuplicate?: boolean;
  reasonCode?: number;
}

/** Packets that may hold secrets: what can't be read of them is not shown. */
const secretive: ReadonlySet<PacketType> = new Set(['CONNECT', 'CONNACK', 'AUTH', 'RESERVED']);

/**
 * Takes one control packet apart (MQTT 3.1, 3.1.1 and 5.0). Never throws: where the bytes make no sense or end early,
 * a problem says so and what came before stands. A CONNECT says its version itself. `isPart`: only the beginning of
 * the packet was kept, and it is no fault of the packet that the rest is missing.
 */
export function decodePacket(bytes: Uint8Array, version: MqttVersion, isPart = false): DecodedPacket {
  const reader = new FieldReader(bytes);
  const type = PACKET_TYPES[(bytes[0] ?? 0) >> 4] ?? 'RESERVED';
  const facts: Facts = { version };
  let length: number | undefined;
  let bodyAt = 1;
  try {
    reader.group('Fixed header', () => {
      const flags = (bytes[0] ?? 0) & 0x0f;
      reader.byte('Type and flags', () => showFlags(type, flags, facts));
      checkFlags(reader, type, flags, version);
      length = reader.varint('Remaining length') + reader.at;
      return type;
    });
    bodyAt = reader.at;
    const declared = length ?? bodyAt;
    if (declared > bytes.length && !isPart) {
      const message = `The packet has ${count(declared)}, of which ${bytes.length} are here`;
      reader.complain(bytes.length, message, sections.remainingLength);
    }
    reader.end = Math.min(declared, bytes.length);
    readBody(reader, type, facts, declared);
    if (reader.left > 0) {
      throw new Malformed(reader.at, `${count(reader.left)} more than ${type} has`);
    }
  } catch (error) {
    if (!(error instanceof Malformed)) {
      throw error;
    }
    if (!isPart) {
      reader.complain(error.at, error.message, error.section);
    }
    if (secretive.has(type)) {
      reader.hideFrom(Math.max(bodyAt, error.at));
    }
  }
  const { secrets, top: fields } = reader;
  const problems = reader.problems.map(({ at, message, section }) => ({
    at,
    message,
    section: sectionText(section, type, facts.version),
  }));
  return { ...facts, type, length, fields, problems, secrets };
}

function showFlags(type: PacketType, flags: number, facts: Facts): string {
  if (type !== 'PUBLISH') {
    return type;
  }
  facts.qos = (flags >> 1) & 3;
  facts.isDuplicate = (flags & 8) !== 0;
  return `PUBLISH, QoS ${facts.qos}${flags & 1 ? ', retain' : ''}${facts.isDuplicate ? ', duplicate' : ''}`;
}

function checkFlags(reader: FieldReader, type: PacketType, flags: number, version: MqttVersion): void {
  if (type === 'PUBLISH') {
    if ((flags & 6) === 6) {
      reader.complain(0, 'QoS 3 does not exist', sections.qos);
    } else if ((flags & 14) === 8) {
      reader.complain(0, 'A message at QoS 0 is never a duplicate', sections.duplicate);
    }
    return;
  }
  const wanted = type === 'PUBREL' || type === 'SUBSCRIBE' || type === 'UNSUBSCRIBE' ? 2 : 0;
  // MQTT 3.1 sets DUP and QoS in packets besides PUBLISH too (section 2.1).
  if (version !== '3.1' && flags !== wanted) {
    reader.complain(0, `The flags of ${type} are ${flags}, not ${wanted}`, sections.flags);
  }
}

function readBody(reader: FieldReader, type: PacketType, facts: Facts, declared: number): void {
  switch (type) {
    case 'RESERVED':
      throw new Malformed(0, 'Packet type 0 does not exist', sections.type);
    case 'CONNECT':
      readConnect(reader, facts);
      return;
    case 'CONNACK':
      reader.byte('Acknowledge flags', (flags) => (flags & 1 ? 'session present' : 'no session'));
      readReason(reader, facts, 'connack');
      readTail(reader, facts, type);
      return;
    case 'PUBLISH':
      readPublish(reader, facts, declared);
      return;
    case 'PUBACK':
    case 'PUBREC':
    case 'PUBREL':
    case 'PUBCOMP':
      readPacketId(reader, facts);
      if (facts.version === '5.0' && reader.left > 0) {
        readReason(reader, facts, reasonPacket(type));
        readTail(reader, facts, type);
      }
      return;
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      readFilters(reader, facts, type);
      return;
    case 'SUBACK':
    case 'UNSUBACK':
      readAnswers(reader, facts, type);
      return;
    case 'PINGREQ':
    case 'PINGRESP':
      return;
    case 'DISCONNECT':
    case 'AUTH':
      if (facts.version !== '5.0') {
        if (type === 'AUTH') {
          throw new Malformed(0, `MQTT ${facts.version} has no AUTH`, sections.type);
        }
        return;
      }
      if (reader.left > 0) {
        readReason(reader, facts, reasonPacket(type));
        readTail(reader, facts, type);
      }
  }
}

function readConnect(reader: FieldReader, facts: Facts): void {
  const nameAt = reader.at;
  const name = reader.text('Protocol name');
  const levelAt = reader.at;
  // The highest bit marks a bridge (Mosquitto).
  const level =
    reader.byte('Protocol level', (value) => `${value & 0x7f}${value & 0x80 ? ', bridge' : ''}`) & 0x7f;
  const version = ({ 3: '3.1', 4: '3.1.1', 5: '5.0' } as const)[level];
  if (version === undefined) {
    throw new Malformed(levelAt, `Protocol level ${level} is neither 3, 4 nor 5`, sections.protocolLevel);
  }
  if (name !== (level === 3 ? 'MQIsdp' : 'MQTT')) {
    throw new Malformed(
      nameAt,
      `${JSON.stringify(name)} is not the protocol name of level ${level}`,
      sections.protocolName,
    );
  }
  facts.version = version;
  const flags = reader.byte('Connect flags', showConnectFlags);
  if (flags & 1 && version !== '3.1') {
    reader.complain(reader.at - 1, 'The reserved flag is set', sections.connectFlags);
  }
  reader.uint16('Keep alive', (seconds) => (seconds === 0 ? '0 (off)' : `${seconds} s`));
  if (version === '5.0') {
    readProperties(reader, 'CONNECT');
  }
  reader.text('Client ID');
  if (flags & 4) {
    if (version === '5.0') {
      readProperties(reader, 'WILL');
    }
    reader.text('Will topic');
    reader.data('Will payload');
  }
  if (flags & 0x80) {
    // Custom authorizers of AWS IoT take a token and its signature behind the name.
    reader.text('User name', '?');
  }
  if (flags & 0x40) {
    reader.data('Password', true);
  }
}

function showConnectFlags(flags: number): string {
  const parts = [
    flags & 2 ? 'clean start' : 'session kept',
    ...(flags & 4 ? [`will at QoS ${(flags >> 3) & 3}${flags & 0x20 ? ', retained' : ''}`] : []),
    ...(flags & 0x80 ? ['user name'] : []),
    ...(flags & 0x40 ? ['password'] : []),
  ];
  return parts.join(', ');
}

function readPublish(reader: FieldReader, facts: Facts, declared: number): void {
  const start = reader.at;
  facts.topic = reader.text('Topic');
  if (/[+#]/.test(facts.topic)) {
    reader.complain(start, 'The topic of a message holds a wildcard', sections.topicName);
  }
  if (facts.qos !== undefined && facts.qos > 0) {
    readPacketId(reader, facts);
  }
  if (facts.version === '5.0') {
    readProperties(reader, 'PUBLISH');
  }
  const isCut = declared > reader.bytes.length;
  reader.rest(isCut ? `Payload (${count(declared - reader.at)} in all)` : 'Payload');
}

function readPacketId(reader: FieldReader, facts: Facts): void {
  const start = reader.at;
  facts.packetId = reader.uint16('Packet ID');
  if (facts.packetId === 0) {
    reader.complain(start, 'Packet ID 0 is not allowed', sections.packetId);
  }
}

function readFilters(reader: FieldReader, facts: Facts, type: 'SUBSCRIBE' | 'UNSUBSCRIBE'): void {
  readPacketId(reader, facts);
  if (facts.version === '5.0') {
    readProperties(reader, type);
  }
  if (reader.left === 0) {
    throw new Malformed(reader.at, `${type} names no topic filter`);
  }
  while (reader.left > 0) {
    if (type === 'UNSUBSCRIBE') {
      reader.text('Topic filter');
    } else {
      reader.group('Subscription', () => {
        const filter = reader.text('Topic filter');
        reader.byte('Options', (options) => showOptions(options, facts.version));
        return filter;
      });
    }
  }
}

function showOptions(options: number, version: MqttVersion): string {
  const qos = `QoS ${options & 3}`;
  if (version !== '5.0') {
    return qos;
  }
  const noLocal = options & 4 ? ', no local' : '';
  const asPublished = options & 8 ? ', retain as published' : '';
  return `${qos}${noLocal}${asPublished}, retain handling ${(options >> 4) & 3}`;
}

function readAnswers(reader: FieldReader, facts: Facts, type: 'SUBACK' | 'UNSUBACK'): void {
  readPacketId(reader, facts);
  if (facts.version === '5.0') {
    readProperties(reader, type);
  } else if (type === 'UNSUBACK') {
    return;
  }
  if (reader.left === 0) {
    throw new Malformed(reader.at, `${type} holds no answer`);
  }
  while (reader.left > 0) {
    readReason(reader, facts, reasonPacket(type));
  }
}

/** The first code that is a refusal is the packet's. */
function readReason(reader: FieldReader, facts: Facts, packet: ReasonPacket): void {
  const name = facts.version === '5.0' ? 'Reason code' : 'Return code';
  const code = reader.byte(name, (value) => showReason(value, packet, facts.version));
  if (facts.reasonCode === undefined || (facts.reasonCode < 0x80 && code >= 0x80)) {
    facts.reasonCode = code;
  }
}

function showReason(code: number, packet: ReasonPacket, version: MqttVersion): string {
  return `${formatCode(code)} ${reasonName(code, packet, version)}`;
}

function readTail(reader: FieldReader, facts: Facts, type: PacketType): void {
  if (facts.version === '5.0' && reader.left > 0) {
    readProperties(reader, type);
  }
}

function reasonPacket(
  type: 'PUBACK' | 'PUBREC' | 'PUBREL' | 'PUBCOMP' | 'SUBACK' | 'UNSUBACK' | 'DISCONNECT' | 'AUTH',
): ReasonPacket {
  return type.toLowerCase() as Lowercase<typeof type>;
}
