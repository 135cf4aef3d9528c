import type { MqttVersion } from '../../profile/profile.ts';
import { decodePacket } from './decode-packet.ts';
import type { DecodedPacket } from './packet.ts';

/** One packet of a stream: its bytes (a view), where they begin, and what they say. */
export interface StreamPacket {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly packet: DecodedPacket;
}

/** Packets taken from one stream at most. */
export const MAX_STREAM_PACKETS = 5000;

/** What a packet may be read as when nothing in the stream says it: 3.1 differs from 3.1.1 in CONNECT only. */
const candidates = ['5.0', '3.1.1'] as const;

/**
 * Takes a stream of one direction apart. Without a version, that of the first CONNECT holds, or else the one that fits
 * best. What follows a packet whose length can't be read stays within that packet. Never throws.
 */
export function splitPackets(stream: Uint8Array, version?: MqttVersion): readonly StreamPacket[] {
  if (version !== undefined) {
    return split(stream, version);
  }
  const [newer, older] = [split(stream, candidates[0]), split(stream, candidates[1])];
  if (newer.some(({ packet }) => packet.type === 'CONNECT' && packet.problems.length === 0)) {
    return newer; // each CONNECT sets the version of what follows
  }
  return countProblems(newer) <= countProblems(older) ? newer : older;
}

function split(stream: Uint8Array, version: MqttVersion): readonly StreamPacket[] {
  const found: StreamPacket[] = [];
  let current = version;
  for (let at = 0; at < stream.length && found.length < MAX_STREAM_PACKETS; ) {
    const bytes = stream.subarray(at, at + packetLength(stream, at));
    const packet = decodePacket(bytes, current);
    if (packet.type === 'CONNECT') {
      current = packet.version;
    }
    found.push({ at, bytes, packet });
    at += bytes.length;
  }
  return found;
}

/** Bytes of the packet that begins here; all that is left where its length is none. */
function packetLength(stream: Uint8Array, at: number): number {
  let remaining = 0;
  for (let place = 0; place < 4; place++) {
    const digit = stream[at + 1 + place];
    if (digit === undefined) {
      break;
    }
    remaining += (digit & 0x7f) * 128 ** place;
    if (digit < 0x80) {
      return 2 + place + remaining;
    }
  }
  return stream.length - at;
}

function countProblems(packets: readonly StreamPacket[]): number {
  return packets.reduce((sum, { packet }) => sum + packet.problems.length, 0);
}
