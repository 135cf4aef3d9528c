import type { MqttVersion } from '../../profile/profile.ts';
import { concat, type DumpBlock, readHexDump } from './hex-dump.ts';
import { type StreamPacket, splitPackets } from './split-packets.ts';
import { readTcpSegment, type TcpSegment } from './tcp-segment.ts';

/** What one side of one connection said. */
export interface DumpStream {
  /** `127.0.0.1:50000 to 127.0.0.1:1883`, or which piece of the dump it is. */
  readonly name: string;
  /** To the broker, or from it; undefined where the dump does not tell. */
  readonly direction: 'sent' | 'received' | undefined;
  readonly packets: readonly StreamPacket[];
  /** What is odd about it as a whole. */
  readonly notes: readonly string[];
}

/** A dump taken apart, or why it could not be. */
export type DecodedDump =
  | { readonly kind: 'streams'; readonly streams: readonly DumpStream[] }
  | { readonly kind: 'problem'; readonly message: string; readonly hint: string };

interface RawStream {
  readonly name: string;
  readonly direction: DumpStream['direction'];
  readonly parts: Uint8Array[];
  readonly notes: string[];
  /** Number of the next byte that is expected (RFC 9293 section 3.4). */
  next?: number;
}

/**
 * Takes a pasted hex dump apart. Headers of Ethernet, IP and TCP are skipped where they are there; the segments of each
 * direction are put together, those that were sent twice once. Without a version, what the dump says or fits best holds.
 */
export function decodeDump(text: string, version?: MqttVersion): DecodedDump {
  const dump = readHexDump(text);
  if (dump.kind === 'problem') {
    return dump;
  }
  const raw = streamsOf(dump.blocks).filter(({ parts }) => parts.some(({ length }) => length > 0));
  if (raw.length === 0) {
    return {
      kind: 'problem',
      message: 'The dump holds no data of a connection, only headers of TCP.',
      hint: 'Capture with tcpdump -s 0, and paste packets that carry data.',
    };
  }
  const first = raw.map(({ parts }) => splitPackets(concat(parts), version));
  // The broker's side does not say which version it speaks; the client's does.
  const told = first.flat().find(({ packet }) => packet.type === 'CONNECT' && packet.problems.length === 0);
  const streams = raw.map(({ name, direction, parts, notes }, index) => {
    const packets = first[index] ?? [];
    const isSilent = !packets.some(({ packet }) => packet.type === 'CONNECT');
    return {
      name,
      direction: direction ?? directionOf(packets),
      notes: [...notes, ...foreign(concat(parts.slice(0, 1)))],
      packets:
        isSilent && told !== undefined && version === undefined
          ? splitPackets(concat(parts), told.packet.version)
          : packets,
    };
  });
  return { kind: 'streams', streams };
}

function streamsOf(blocks: readonly DumpBlock[]): readonly RawStream[] {
  const segments = blocks.map(({ bytes }) => readTcpSegment(bytes));
  if (segments.every((segment) => segment !== undefined)) {
    return joinSegments(segments);
  }
  const hasBoth = blocks.some(({ isIndented }) => isIndented);
  return blocks.map(({ bytes, isIndented }, index) => ({
    name: blocks.length === 1 ? 'Dump' : `Piece ${index + 1}`,
    direction: hasBoth ? (isIndented ? 'received' : 'sent') : undefined,
    parts: [bytes],
    notes: [],
  }));
}

function joinSegments(segments: readonly TcpSegment[]): readonly RawStream[] {
  const streams = new Map<string, RawStream>();
  for (const { source, sourcePort, target, targetPort, sequence, payload } of segments) {
    const name = `${source}:${sourcePort} to ${target}:${targetPort}`;
    const known = streams.get(name);
    // Clients take a high port of their own.
    const direction = sourcePort === targetPort ? undefined : targetPort < sourcePort ? 'sent' : 'received';
    const stream: RawStream = known ?? { name, direction, parts: [], notes: [] };
    streams.set(name, stream);
    if (payload.length === 0) {
      continue;
    }
    const ahead = stream.next === undefined ? 0 : (sequence - stream.next) | 0;
    if (ahead > 0) {
      stream.notes.push(`${ahead} bytes of the connection are missing in the dump.`);
    }
    const again = Math.min(payload.length, Math.max(0, -ahead));
    if (again < payload.length) {
      stream.parts.push(payload.subarray(again));
      stream.next = (sequence + payload.length) >>> 0;
    }
  }
  return [...streams.values()];
}

/** Packets that only one side sends. */
const fromClient: ReadonlySet<string> = new Set(['CONNECT', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PINGREQ']);
const fromBroker: ReadonlySet<string> = new Set(['CONNACK', 'SUBACK', 'UNSUBACK', 'PINGRESP']);

function directionOf(packets: readonly StreamPacket[]): DumpStream['direction'] {
  const isFrom = (types: ReadonlySet<string>) => packets.some(({ packet }) => types.has(packet.type));
  return isFrom(fromClient) === isFrom(fromBroker) ? undefined : isFrom(fromClient) ? 'sent' : 'received';
}

/** Other protocols that are taken for MQTT by mistake. */
function foreign(bytes: Uint8Array): readonly string[] {
  if ((bytes[0] === 0x16 || bytes[0] === 0x17) && bytes[1] === 3 && (bytes[2] ?? 9) <= 4) {
    return ['This looks like TLS: what is inside can’t be read from a dump.'];
  }
  const start = String.fromCharCode(...bytes.subarray(0, 5));
  return /^(GET |HTTP\/)/.test(start) ? ['This looks like HTTP, such as the beginning of a WebSocket.'] : [];
}
