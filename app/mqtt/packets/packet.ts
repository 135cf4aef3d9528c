import type { MqttVersion } from '../../profile/profile.ts';

/** The sixteen packet types by number (MQTT 5.0 section 2.1.2); 0 is reserved everywhere, AUTH in 3.1 and 3.1.1. */
export const PACKET_TYPES = [
  'RESERVED',
  'CONNECT',
  'CONNACK',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  'PINGREQ',
  'PINGRESP',
  'DISCONNECT',
  'AUTH',
] as const;

/** A control packet's type as the specification writes it. */
export type PacketType = (typeof PACKET_TYPES)[number];

/** Bytes `start` to `end` (exclusive) of a packet. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a packet: what it is called, what it says, and which bytes say it. Parts lie within the part around them. */
export interface PacketField extends ByteRange {
  readonly name: string;
  /** In words; a secret's is only its length. */
  readonly value: string;
  readonly isSecret?: true;
  readonly children?: readonly PacketField[];
}

/** What is wrong, and at which byte of the packet. */
export interface PacketProblem {
  readonly at: number;
  readonly message: string;
  /** The rule that it breaks: `MQTT 5.0 section 3.3.1.2`. */
  readonly section: string;
}

/** A control packet taken apart, as far as it could be. */
export interface DecodedPacket {
  readonly type: PacketType;
  readonly version: MqttVersion;
  /** Bytes the packet has by its own header; those at hand may be fewer. `undefined` where the header does not say. */
  readonly length: number | undefined;
  readonly fields: readonly PacketField[];
  readonly problems: readonly PacketProblem[];
  /** Bytes that must not be shown, in rising order. */
  readonly secrets: readonly ByteRange[];
  readonly packetId?: number;
  readonly topic?: string;
  readonly qos?: number;
  readonly isDuplicate?: boolean;
  readonly reasonCode?: number;
}

/** The bytes with secrets written over by `*`; the same array where there are none. */
export function maskSecrets(bytes: Uint8Array, secrets: readonly ByteRange[]): Uint8Array {
  if (secrets.length === 0) {
    return bytes;
  }
  const masked = bytes.slice();
  for (const { start, end } of secrets) {
    masked.fill(0x2a, start, end);
  }
  return masked;
}
