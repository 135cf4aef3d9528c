import type { MqttVersion } from '#app/profile/profile.ts';

/** Packets and marks that are kept, and bytes of them. */
export const MAX_PACKETS = 10_000;
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;

const SENT = 1;
const MARK = 2;
/** The stream ended, or made no sense, before the packet was there whole. */
const CUT_OFF = 4;
const REUSED_ID = 8;
const DUPLICATE = 16;
const VERSION_SHIFT = 5;
const versions = ['3.1', '3.1.1', '5.0'] as const;

/** What became of a packet that wants an answer. */
export const Answer = { none: 0, waiting: 1, came: 2, never: 3 } as const;

/** What is kept of one packet. Sequence numbers rise by one from 1 on, and are never used twice. */
export interface StoredPacket {
  readonly sequence: number;
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  readonly isSent: boolean;
  readonly version: MqttVersion;
  /** A view: the beginning of the packet, secrets masked. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly isCutOff: boolean;
  /** Its packet identifier was in use. */
  readonly isReused: boolean;
  /** The same message was sent before, as far as is known. */
  readonly isDuplicate: boolean;
  /** The packet that began the exchange, which may be gone; 0: none known. */
  readonly opener: number;
  /** Milliseconds since the opener; of the opener itself until its last answer. NaN: not known. */
  readonly elapsed: number;
  readonly answer: (typeof Answer)[keyof typeof Answer];
}

/** A line between packets: what happened to the connection or to the recording. */
export interface StoredMark {
  readonly sequence: number;
  readonly at: number;
  readonly text: string;
  readonly isBad: boolean;
}

/**
 * The newest packets of a connection: columns and one arena, both of fixed size, in which the oldest make room. A packet
 * lies in one piece: what is left at the arena's end is skipped where it does not fit.
 */
export class PacketStore {
  readonly #arena = new Uint8Array(MAX_PACKET_BYTES);
  readonly #at = new Float64Array(MAX_PACKETS);
  /** Where the bytes begin, counted on through all rounds of the arena. */
  readonly #place = new Float64Array(MAX_PACKETS);
  readonly #kept = new Uint32Array(MAX_PACKETS);
  readonly #length = new Uint32Array(MAX_PACKETS);
  readonly #flags = new Uint8Array(MAX_PACKETS);
  readonly #answer = new Uint8Array(MAX_PACKETS);
  readonly #opener = new Float64Array(MAX_PACKETS);
  readonly #elapsed = new Float64Array(MAX_PACKETS);
  readonly #marks = new Map<number, { readonly text: string; readonly isBad: boolean }>();
  #oldest = 1;
  #dropped = 0;
  #next = 1;
  #end = 0;

  /** The oldest that is kept; behind the newest when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** 0 before the first. */
  get newest(): number {
    return this.#next - 1;
  }

  /** Packets and marks that made room for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a packet; the bytes are copied. */
  add(
    at: number,
    isSent: boolean,
    version: MqttVersion,
    bytes: Uint8Array,
    length: number,
    isCutOff: boolean,
  ): number {
    const kept = bytes.length;
    let place = this.#end % MAX_PACKET_BYTES;
    if (place + kept > MAX_PACKET_BYTES) {
      this.#end += MAX_PACKET_BYTES - place;
      place = 0;
    }
    const row = this.#row(at, this.#end);
    this.#end += kept;
    this.#arena.set(bytes, place);
    this.#kept[row] = kept;
    this.#length[row] = length;
    this.#flags[row] =
      (isSent ? SENT : 0) | (isCutOff ? CUT_OFF : 0) | (versions.indexOf(version) << VERSION_SHIFT);
    // What lay where this packet now is, is gone.
    while (this.#oldest < this.#next - 1 && this.#placeOf(this.#oldest) < this.#end - MAX_PACKET_BYTES) {
      this.#dropOldest();
    }
    return this.#next - 1;
  }

  mark(at: number, text: string, isBad: boolean): void {
    const row = this.#row(at, this.#end);
    this.#kept[row] = 0;
    this.#length[row] = 0;
    this.#flags[row] = MARK;
    this.#marks.set(this.#next - 1, { text, isBad });
  }

  has(sequence: number): boolean {
    return sequence >= this.#oldest && sequence < this.#next;
  }

  isMark(sequence: number): boolean {
    return (this.#flagsOf(sequence) & MARK) !== 0;
  }

  isSent(sequence: number): boolean {
    return (this.#flagsOf(sequence) & SENT) !== 0;
  }

  /** The first byte of a packet that is kept: its type is in the upper four bits. */
  firstByte(sequence: number): number {
    return this.#arena[this.#placeOf(sequence) % MAX_PACKET_BYTES] ?? 0;
  }

  timeOf(sequence: number): number {
    return this.#at[sequence % MAX_PACKETS] ?? 0;
  }

  openerOf(sequence: number): number {
    return this.#opener[sequence % MAX_PACKETS] ?? 0;
  }

  packet(sequence: number): StoredPacket | undefined {
    if (!this.has(sequence) || this.isMark(sequence)) {
      return undefined;
    }
    const row = sequence % MAX_PACKETS;
    const flags = this.#flagsOf(sequence);
    const place = this.#placeOf(sequence) % MAX_PACKET_BYTES;
    return {
      sequence,
      at: this.#at[row] ?? 0,
      isSent: (flags & SENT) !== 0,
      version: versions[flags >> VERSION_SHIFT] ?? '5.0',
      bytes: this.#arena.subarray(place, place + (this.#kept[row] ?? 0)),
      length: this.#length[row] ?? 0,
      isCutOff: (flags & CUT_OFF) !== 0,
      isReused: (flags & REUSED_ID) !== 0,
      isDuplicate: (flags & DUPLICATE) !== 0,
      opener: this.#opener[row] ?? 0,
      elapsed: this.#elapsed[row] ?? Number.NaN,
      answer: (this.#answer[row] ?? 0) as StoredPacket['answer'],
    };
  }

  markAt(sequence: number): StoredMark | undefined {
    const found = this.#marks.get(sequence);
    return found === undefined ? undefined : { sequence, at: this.timeOf(sequence), ...found };
  }

  /** The packet wants an answer. */
  open(sequence: number, isReused: boolean): void {
    const row = sequence % MAX_PACKETS;
    this.#opener[row] = sequence;
    this.#answer[row] = Answer.waiting;
    this.#flags[row] = (this.#flags[row] ?? 0) | (isReused ? REUSED_ID : 0);
  }

  /** The packet belongs to the exchange that `opener` began; `isLast`: with it that is done. */
  follow(sequence: number, opener: number, isLast: boolean, isDuplicate = false): void {
    const row = sequence % MAX_PACKETS;
    this.#opener[row] = opener;
    this.#flags[row] = (this.#flags[row] ?? 0) | (isDuplicate ? DUPLICATE : 0);
    if (!this.has(opener)) {
      return;
    }
    const elapsed = Math.max(0, this.timeOf(sequence) - this.timeOf(opener));
    this.#elapsed[row] = elapsed;
    if (isLast) {
      this.#elapsed[opener % MAX_PACKETS] = elapsed;
      this.#answer[opener % MAX_PACKETS] = Answer.came;
    }
  }

  /** No answer will come any more. */
  giveUp(opener: number): void {
    if (this.has(opener)) {
      this.#answer[opener % MAX_PACKETS] = Answer.never;
    }
  }

  clear(): void {
    this.#oldest = this.#next;
    this.#dropped = 0;
    this.#marks.clear();
  }

  #row(at: number, place: number): number {
    if (this.#next - this.#oldest >= MAX_PACKETS) {
      this.#dropOldest();
    }
    const row = this.#next % MAX_PACKETS;
    this.#next += 1;
    this.#at[row] = at;
    this.#place[row] = place;
    this.#opener[row] = 0;
    this.#elapsed[row] = Number.NaN;
    this.#answer[row] = Answer.none;
    return row;
  }

  #dropOldest(): void {
    if (this.isMark(this.#oldest)) {
      this.#marks.delete(this.#oldest);
    }
    this.#oldest += 1;
    this.#dropped += 1;
  }

  #flagsOf(sequence: number): number {
    return this.#flags[sequence % MAX_PACKETS] ?? 0;
  }

  #placeOf(sequence: number): number {
    return this.#place[sequence % MAX_PACKETS] ?? 0;
  }
}
