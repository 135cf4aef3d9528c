/** A packet's type and the four bytes of its length at most (MQTT 5.0 section 2.1.4). */
const MAX_HEADER = 5;
const INCOMPLETE = -1;
const LOST = -2;
const NOTHING = new Uint8Array();

/** Bytes of one packet that are kept; of longer ones the beginning. */
export const KEPT_BYTES = 16 * 1024;

/** Takes the packets. `bytes` is a view, not to be kept: the packet's beginning, `length` how long it is in all. */
export type OnPacket = (bytes: Uint8Array, length: number, isCutOff: boolean) => void;

/** Finds the packets in one direction of a stream, however its chunks cut them. */
export class PacketSplitter {
  readonly #onPacket: OnPacket;
  /** Bytes to come of a packet that began unheard. */
  #skip: number;
  /** What was kept of the packet at hand, how much of it came, and how long it is as soon as that is known. */
  #head: Uint8Array = NOTHING;
  #kept = 0;
  #came = 0;
  #length = INCOMPLETE;
  #isLost = false;

  constructor(skip: number, onPacket: OnPacket) {
    this.#skip = skip;
    this.#onPacket = onPacket;
  }

  /** No length could be read: nothing that comes from here on can be told apart. */
  get isLost(): boolean {
    return this.#isLost;
  }

  take(chunk: Uint8Array): void {
    if (this.#isLost) {
      return;
    }
    let at = Math.min(this.#skip, chunk.length);
    this.#skip -= at;
    if (this.#came > 0) {
      at = this.#goOn(chunk, at);
    }
    while (at < chunk.length) {
      const length = packetLength(chunk, at, chunk.length);
      if (length === LOST) {
        this.#lose(chunk.subarray(at));
        return;
      }
      const end = at + length;
      if (length === INCOMPLETE || end > chunk.length) {
        this.#length = length;
        this.#keep(chunk, at, chunk.length);
        return;
      }
      this.#onPacket(chunk.subarray(at, Math.min(end, at + KEPT_BYTES)), length, false);
      at = end;
    }
  }

  /** The stream has ended: what came of a packet until then. */
  end(): void {
    if (this.#came > 0) {
      const length = this.#length === INCOMPLETE ? this.#came : this.#length;
      this.#onPacket(this.#head.subarray(0, this.#kept), length, true);
      this.#forget();
    }
  }

  /** Goes on with a packet that a chunk before began. Returns where the next one begins. */
  #goOn(chunk: Uint8Array, from: number): number {
    let at = from;
    while (this.#length === INCOMPLETE && at < chunk.length) {
      this.#keep(chunk, at, at + 1);
      at += 1;
      this.#length = packetLength(this.#head, 0, this.#kept);
    }
    if (this.#length === LOST) {
      this.#lose(this.#head.subarray(0, this.#kept));
      return chunk.length;
    }
    if (this.#length === INCOMPLETE) {
      return at;
    }
    const end = Math.min(chunk.length, at + this.#length - this.#came);
    this.#keep(chunk, at, end);
    if (this.#came === this.#length) {
      this.#onPacket(this.#head.subarray(0, this.#kept), this.#length, false);
      this.#forget();
    }
    return end;
  }

  #keep(chunk: Uint8Array, from: number, end: number): void {
    const kept = Math.min(end - from, KEPT_BYTES - this.#kept);
    if (this.#head.length < this.#kept + kept) {
      const grown = new Uint8Array(Math.min(KEPT_BYTES, Math.max(256, (this.#kept + kept) * 2)));
      grown.set(this.#head.subarray(0, this.#kept));
      this.#head = grown;
    }
    this.#head.set(chunk.subarray(from, from + kept), this.#kept);
    this.#kept += kept;
    this.#came += end - from;
  }

  #lose(rest: Uint8Array): void {
    this.#isLost = true;
    this.#onPacket(rest.subarray(0, KEPT_BYTES), rest.length, true);
    this.#forget();
  }

  #forget(): void {
    this.#kept = 0;
    this.#came = 0;
    this.#length = INCOMPLETE;
  }
}

/** Bytes of the packet that begins at `at`, header included. */
function packetLength(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  for (let index = 1; index < MAX_HEADER; index++) {
    const byte = at + index < end ? bytes[at + index] : undefined;
    if (byte === undefined) {
      return INCOMPLETE;
    }
    length += (byte & 0x7f) << (7 * (index - 1));
    if (byte < 0x80) {
      return length + index + 1;
    }
  }
  return LOST;
}
