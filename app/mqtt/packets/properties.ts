import { type FieldReader, Malformed } from './field-reader.ts';
import type { PacketType } from './packet.ts';
import { sections } from './sections.ts';

type Kind = 'byte' | 'uint16' | 'uint32' | 'varint' | 'text' | 'data' | 'secret' | 'pair';
/** Where a property may stand: a packet, or the will inside a CONNECT. */
export type PropertyPlace = PacketType | 'WILL';

const acks = ['PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP', 'SUBACK', 'UNSUBACK'] as const;

/** MQTT 5.0, table 2-4. */
const properties: ReadonlyMap<number, readonly [string, Kind, readonly PropertyPlace[]]> = new Map<
  number,
  readonly [string, Kind, readonly PropertyPlace[]]
>([
  [0x01, ['Payload format indicator', 'byte', ['PUBLISH', 'WILL']]],
  [0x02, ['Message expiry interval', 'uint32', ['PUBLISH', 'WILL']]],
  [0x03, ['Content type', 'text', ['PUBLISH', 'WILL']]],
  [0x08, ['Response topic', 'text', ['PUBLISH', 'WILL']]],
  [0x09, ['Correlation data', 'data', ['PUBLISH', 'WILL']]],
  [0x0b, ['Subscription identifier', 'varint', ['PUBLISH', 'SUBSCRIBE']]],
  [0x11, ['Session expiry interval', 'uint32', ['CONNECT', 'CONNACK', 'DISCONNECT']]],
  [0x12, ['Assigned client identifier', 'text', ['CONNACK']]],
  [0x13, ['Server keep alive', 'uint16', ['CONNACK']]],
  [0x15, ['Authentication method', 'text', ['CONNECT', 'CONNACK', 'AUTH']]],
  [0x16, ['Authentication data', 'secret', ['CONNECT', 'CONNACK', 'AUTH']]],
  [0x17, ['Request problem information', 'byte', ['CONNECT']]],
  [0x18, ['Will delay interval', 'uint32', ['WILL']]],
  [0x19, ['Request response information', 'byte', ['CONNECT']]],
  [0x1a, ['Response information', 'text', ['CONNACK']]],
  [0x1c, ['Server reference', 'text', ['CONNACK', 'DISCONNECT']]],
  [0x1f, ['Reason string', 'text', ['CONNACK', ...acks, 'DISCONNECT', 'AUTH']]],
  [0x21, ['Receive maximum', 'uint16', ['CONNECT', 'CONNACK']]],
  [0x22, ['Topic alias maximum', 'uint16', ['CONNECT', 'CONNACK']]],
  [0x23, ['Topic alias', 'uint16', ['PUBLISH']]],
  [0x24, ['Maximum QoS', 'byte', ['CONNACK']]],
  [0x25, ['Retain available', 'byte', ['CONNACK']]],
  [
    0x26,
    [
      'User property',
      'pair',
      ['CONNECT', 'CONNACK', 'PUBLISH', 'WILL', ...acks, 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT', 'AUTH'],
    ],
  ],
  [0x27, ['Maximum packet size', 'uint32', ['CONNECT', 'CONNACK']]],
  [0x28, ['Wildcard subscription available', 'byte', ['CONNACK']]],
  [0x29, ['Subscription identifiers available', 'byte', ['CONNACK']]],
  [0x2a, ['Shared subscription available', 'byte', ['CONNACK']]],
]);

/** Reads the properties of a packet of MQTT 5.0 (section 2.2.2), their length first. */
export function readProperties(reader: FieldReader, place: PropertyPlace): void {
  reader.group(place === 'WILL' ? 'Will properties' : 'Properties', () => {
    const start = reader.at;
    const length = reader.varint('Length of properties');
    if (length > reader.left) {
      throw new Malformed(
        start,
        `The properties say ${length} bytes, but ${reader.left} are left`,
        sections.properties,
      );
    }
    const end = reader.at + length;
    const seen = new Set<number>();
    let found = 0;
    while (reader.at < end) {
      readProperty(reader, place, end, seen);
      found += 1;
    }
    return found === 0 ? 'none' : String(found);
  });
}

function readProperty(reader: FieldReader, place: PropertyPlace, end: number, seen: Set<number>): void {
  const start = reader.at;
  const id = reader.bytes[start] ?? 0;
  const known = properties.get(id);
  if (known === undefined) {
    throw new Malformed(
      start,
      `0x${id.toString(16).padStart(2, '0')} is no property of MQTT 5.0`,
      sections.property,
    );
  }
  const [name, kind, places] = known;
  if (!places.includes(place)) {
    reader.complain(
      start,
      `${name} may not stand in ${place === 'WILL' ? 'a will' : place}`,
      sections.property,
    );
  }
  if (seen.has(id) && kind !== 'pair' && !(id === 0x0b && place === 'PUBLISH')) {
    reader.complain(start, `${name} stands here twice`);
  }
  seen.add(id);
  reader.group(
    name,
    () => {
      reader.byte('Identifier');
      switch (kind) {
        case 'byte':
          return String(reader.byte('Value'));
        case 'uint16':
          return String(reader.uint16('Value'));
        case 'uint32':
          return String(reader.uint32('Value'));
        case 'varint':
          return String(reader.varint('Value'));
        case 'text':
          return reader.text('Value');
        case 'data':
          reader.data('Value');
          return undefined;
        case 'secret':
          reader.data('Value', true);
          return 'hidden';
        case 'pair':
          return `${reader.text('Name')}: ${reader.text('Value')}`;
      }
    },
    end,
  );
}
