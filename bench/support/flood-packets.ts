/** What a flood consists of. */
export interface FloodPlan {
  readonly topics: number;
  readonly qos: 0 | 1;
  readonly messages: number;
  /** MQTT protocol level: 4 (3.1.1) or 5; a PUBLISH of 5 has a byte of properties length. */
  readonly level: 4 | 5;
  /** With RETAIN set, as a broker sends what it kept. */
  readonly retain?: boolean;
  /** Each round of all topics in another order, the same in every run; otherwise rounds go by number. */
  readonly shuffled?: boolean;
}

/** Packet identifiers go round in this circle; as many may be unacknowledged at most. */
export const PACKET_IDS = 50_000;

/** The name of a topic: four levels, about 35 characters, a few hundred children a node. */
export function floodTopic(index: number): string {
  const device = Math.floor(index / 4);
  const value = ['temperature', 'pressure', 'vibration', 'state'][index % 4];
  return `plant/area${device % 20}/line${Math.floor(device / 20) % 50}/device${Math.floor(device / 1000)}x${device % 1000}/${value}`;
}

/** About 150 bytes of JSON. */
export function floodPayload(index: number): string {
  return JSON.stringify({
    ts: 1_760_000_000_000 + index,
    value: (index % 1000) / 10,
    unit: 'degC',
    quality: 'good',
    sequence: index,
    site: 'north',
    device: `device-${index % 997}`,
    note: 'a line of text',
  });
}

/** Numbers of topics in the order of a flood, whole rounds of all of them: at least `messages`. */
export function floodOrder(
  { topics, shuffled }: Pick<FloodPlan, 'topics' | 'shuffled'>,
  messages: number,
): Uint32Array {
  const rounds = Math.ceil(messages / topics);
  const order = new Uint32Array(rounds * topics);
  let state = 1;
  // xorshift32: the order must be the same each time, no more.
  const below = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  for (let round = 0; round < rounds; round++) {
    const part = order.subarray(round * topics, (round + 1) * topics);
    for (let index = 0; index < topics; index++) {
      // Inside out, after Fisher and Yates.
      const other = shuffled === true ? below(index + 1) : index;
      part[index] = part[other] ?? 0;
      part[other] = index;
    }
  }
  return order;
}

/** A PUBLISH packet (MQTT 3.1.1 section 3.3, 5.0 section 3.3). */
export function publishPacket(
  topic: string,
  payload: string,
  { qos, level, retain }: FloodPlan,
  packetId: number,
): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.from(payload);
  const length = 2 + name.length + (qos > 0 ? 2 : 0) + (level === 5 ? 1 : 0) + body.length;
  const packet = Buffer.alloc(1 + 4 + length);
  let at = packet.writeUInt8(0x30 | (qos << 1) | (retain === true ? 1 : 0), 0);
  for (let rest = length; ; ) {
    const more = rest > 127;
    at = packet.writeUInt8((rest & 127) | (more ? 128 : 0), at);
    rest >>>= 7;
    if (!more) {
      break;
    }
  }
  at = packet.writeUInt16BE(name.length, at);
  at += name.copy(packet, at);
  if (qos > 0) {
    at = packet.writeUInt16BE(packetId, at);
  }
  if (level === 5) {
    at = packet.writeUInt8(0, at);
  }
  at += body.copy(packet, at);
  return packet.subarray(0, at);
}
