import type { PacketRow, PacketTie } from '#app/contract/feeds/packets.ts';
import { decodePacket } from '#app/mqtt/packets/decode-packet.ts';
import type { DecodedPacket } from '#app/mqtt/packets/packet.ts';
import { isRefused, summarisePacket } from '#app/mqtt/packets/summary.ts';
import { Answer, type StoredPacket } from './packet-store.ts';

const MAX_SUMMARY = 256;

/** True where only the beginning was kept though the packet came whole. */
export function isPartOf({ bytes, length, isCutOff }: StoredPacket): boolean {
  return bytes.length < length && !isCutOff;
}

/** A packet as a row shows it. */
export function packetRow(stored: StoredPacket): PacketRow {
  const packet = decodePacket(stored.bytes, stored.version, isPartOf(stored));
  const { type, packetId, qos } = packet;
  const summary = summarisePacket(packet);
  const tie = tieOf(stored);
  const problem = problemOf(stored, packet);
  return {
    kind: 'packet',
    sequence: stored.sequence,
    at: stored.at,
    direction: stored.isSent ? 'sent' : 'received',
    type,
    summary: summary.length > MAX_SUMMARY ? `${summary.slice(0, MAX_SUMMARY)}…` : summary,
    size: stored.length,
    ...(packetId === undefined ? {} : { packetId }),
    ...(qos === undefined
      ? {}
      : { qos, retain: ((stored.bytes[0] ?? 0) & 1) !== 0, dup: packet.isDuplicate === true }),
    ...(tie === undefined ? {} : { tie }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function tieOf({ sequence, opener, answer, elapsed }: StoredPacket): PacketTie | undefined {
  if (opener === 0) {
    return undefined;
  }
  if (opener !== sequence) {
    return { kind: 'follows', opener, ...(Number.isNaN(elapsed) ? {} : { after: elapsed }) };
  }
  switch (answer) {
    case Answer.waiting:
      return { kind: 'waiting' };
    case Answer.never:
      return { kind: 'unanswered' };
    case Answer.came:
      return { kind: 'answered', after: elapsed };
    default:
      return undefined;
  }
}

function problemOf(stored: StoredPacket, packet: DecodedPacket): string | undefined {
  const first = packet.problems[0];
  if (first !== undefined) {
    return `${first.message} (${first.section})`;
  }
  if (stored.isCutOff) {
    return 'Cut off';
  }
  if (isRefused(packet)) {
    return 'Refused';
  }
  if (stored.isReused) {
    return `Packet ID ${packet.packetId ?? ''} was still in use`;
  }
  if (stored.isDuplicate) {
    return 'Duplicate of one before';
  }
  if (packet.isDuplicate === true) {
    return 'Duplicate';
  }
  return stored.opener === stored.sequence && stored.answer === Answer.never ? 'Without answer' : undefined;
}
