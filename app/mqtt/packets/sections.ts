import type { MqttVersion } from '../../profile/profile.ts';
import { PACKET_TYPES, type PacketType } from './packet.ts';

/** Where a rule stands in the specifications of 3.1, 3.1.1 and 5.0. */
export type Section = readonly [oldest: string, older: string, newest: string];

/** Rules that are broken in more than one packet, or deeper in one. */
export const sections = {
  type: ['2.1', '2.2.1', '2.1.2'],
  flags: ['2.1', '2.2.2', '2.1.3'],
  remainingLength: ['2.1', '2.2.3', '2.1.4'],
  varint: ['2.1', '2.2.3', '1.5.5'],
  text: ['2.5', '1.5.3', '1.5.4'],
  packetId: ['2.4', '2.3.1', '2.2.1'],
  properties: ['2.2', '2.2', '2.2.2.1'],
  property: ['2.2', '2.2', '2.2.2.2'],
  protocolName: ['3.1', '3.1.2.1', '3.1.2.1'],
  protocolLevel: ['3.1', '3.1.2.2', '3.1.2.2'],
  connectFlags: ['3.1', '3.1.2.3', '3.1.2.3'],
  qos: ['2.1', '3.3.1.2', '3.3.1.2'],
  duplicate: ['2.1', '3.3.1.1', '3.3.1.1'],
  topicName: ['3.3', '3.3.2.1', '3.3.2.1'],
} as const satisfies Readonly<Record<string, Section>>;

/** `MQTT 5.0 section 3.3.1.2`; without a section of its own, that of the packet as a whole. */
export function sectionText(section: Section | undefined, type: PacketType, version: MqttVersion): string {
  const number = PACKET_TYPES.indexOf(type);
  const place = { '3.1': 0, '3.1.1': 1, '5.0': 2 }[version];
  const [...all] = section ?? (number === 0 ? sections.type : undefined) ?? [];
  return `MQTT ${version} section ${all[place] ?? `3.${number}`}`;
}
