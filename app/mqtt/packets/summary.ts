import { isRefusal, type ReasonPacket } from '../reason-codes.ts';
import type { DecodedPacket, PacketField } from './packet.ts';

/** Topic filters and answers that a summary lists. */
const MAX_LISTED = 3;

/** The first field with a name, at any depth. */
export function findField(fields: readonly PacketField[], name: string): PacketField | undefined {
  for (const field of fields) {
    const found = field.name === name ? field : findField(field.children ?? [], name);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What a packet is about, in one line; raw text from the network, to be shown through `visibleText`. */
export function summarisePacket(packet: DecodedPacket): string {
  const { type, fields, version } = packet;
  const value = (name: string) => findField(fields, name)?.value;
  switch (type) {
    case 'CONNECT':
      return listed([
        `MQTT ${version}`,
        `client ID ${value('Client ID') || '(none)'}`,
        `keep alive ${value('Keep alive') ?? '?'}`,
        value('Connect flags'),
      ]);
    case 'PUBLISH': {
      const alias = findField(findField(fields, 'Topic alias')?.children ?? [], 'Value')?.value;
      return packet.topic === '' && alias !== undefined ? `topic alias ${alias}` : (packet.topic ?? '');
    }
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return firstOf(all(fields, 'Topic filter'));
    case 'SUBACK':
    case 'UNSUBACK':
      return firstOf(all(fields, version === '5.0' ? 'Reason code' : 'Return code'));
    case 'CONNACK':
      return listed([value(version === '5.0' ? 'Reason code' : 'Return code'), value('Acknowledge flags')]);
    default:
      return (packet.reasonCode ?? 0) === 0 ? '' : (value('Reason code') ?? '');
  }
}

/** The answer of a packet is a refusal. */
export function isRefused({ type, reasonCode }: DecodedPacket): boolean {
  return reasonCode !== undefined && isRefusal(reasonCode, type.toLowerCase() as ReasonPacket);
}

function listed(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

function all(fields: readonly PacketField[], name: string): readonly string[] {
  return fields.flatMap((field) => [
    ...(field.name === name ? [field.value] : []),
    ...all(field.children ?? [], name),
  ]);
}

function firstOf(values: readonly string[]): string {
  const rest = values.length - MAX_LISTED;
  return values.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}
