/** Messages that a list holds at most; topics and objects take some 300 bytes each. */
export const MAX_RETAINED = 250_000;
/** Bytes of payload that are kept of one message for its preview and for searching text in it, and of all together. */
const HEAD = 64 * 1024;
const HEAD_BUDGET = 64 * 1024 * 1024;
/** Kept of each beyond that budget. */
const SMALL_HEAD = 256;
const SLAB = 1024 * 1024;

/** One retained message as the list knows it. */
export interface RetainedEntry {
  /** Never used twice in a session. */
  readonly id: number;
  readonly topic: string;
  /** The beginning of the payload, and the bytes of all of it. */
  readonly head: Uint8Array;
  readonly size: number;
  readonly since: number;
  readonly isExact: boolean;
  readonly expiresAt?: number;
  /** It is not retained any more, or another list entry has taken its place. */
  isGone: boolean;
}

/** The retained messages of a broker under one filter, as it told them last. */
export class RetainedList {
  readonly entries: RetainedEntry[] = [];
  readonly #byTopic = new Map<string, RetainedEntry>();
  readonly #nextId: () => number;
  #slab = new Uint8Array(0);
  #slabUsed = 0;
  #headBytes = 0;
  #bytes = 0;
  #version = 0;

  constructor(nextId: () => number) {
    this.#nextId = nextId;
  }

  /** Messages that are there. */
  get size(): number {
    return this.#byTopic.size;
  }

  /** Payload bytes of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  get isFull(): boolean {
    return this.entries.length >= MAX_RETAINED;
  }

  find(topic: string): RetainedEntry | undefined {
    return this.#byTopic.get(topic);
  }

  /** Takes a message; one that was there on its topic goes. The payload is copied, as much of it as is kept. */
  put(
    topic: string,
    payload: Uint8Array,
    about: { readonly since: number; readonly isExact: boolean; readonly expiresAt?: number },
  ): void {
    this.remove(topic);
    if (this.isFull) {
      return;
    }
    const entry = {
      id: this.#nextId(),
      topic,
      head: this.#keep(payload),
      size: payload.length,
      ...about,
      isGone: false,
    };
    this.entries.push(entry);
    this.#byTopic.set(topic, entry);
    this.#bytes += entry.size;
    this.#version += 1;
  }

  remove(topic: string): void {
    const entry = this.#byTopic.get(topic);
    if (entry !== undefined) {
      entry.isGone = true;
      this.#byTopic.delete(topic);
      this.#bytes -= entry.size;
      this.#version += 1;
    }
  }

  /** Many small buffers would cost more than what they hold: they share slabs. */
  #keep(payload: Uint8Array): Uint8Array {
    const length = Math.min(payload.length, this.#headBytes > HEAD_BUDGET ? SMALL_HEAD : HEAD);
    if (this.#slabUsed + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB);
      this.#slabUsed = 0;
    }
    const head = this.#slab.subarray(this.#slabUsed, this.#slabUsed + length);
    head.set(payload.subarray(0, length));
    this.#slabUsed += length;
    this.#headBytes += length;
    return head;
  }
}
