import type { PacketStore } from './packet-store.ts';

/** Keys of exchanges that have no packet identifier, beyond those that have. */
const CONNECT_KEY = 0x20000;
const PING_KEY = 0x20001;
/** Identifiers of the broker's messages are another space than ours (MQTT 5.0 section 2.2.1). */
const BROKER_SPACE = 0x10000;

const Type = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
} as const;

/** Ties packets to the one that they answer: by packet identifier, within the connection or the broker's session. */
export class Exchanges {
  readonly #store: PacketStore;
  /** Sequence numbers of what waits, by key. */
  readonly #open = new Map<number, number>();

  constructor(store: PacketStore) {
    this.#store = store;
  }

  /** Takes note of a packet that was just added. */
  observe(sequence: number, isSent: boolean, bytes: Uint8Array): void {
    const first = bytes[0] ?? 0;
    const type = first >> 4;
    if (type === Type.publish) {
      if ((first & 6) !== 0) {
        this.#publish(sequence, isSent, bytes, (first & 8) !== 0);
      }
      return;
    }
    const bodyAt = bodyOf(bytes);
    switch (type) {
      case Type.connect:
        this.#begin(CONNECT_KEY, sequence);
        break;
      case Type.connack:
        this.#answer(CONNECT_KEY, sequence, true);
        if (((bytes[bodyAt] ?? 0) & 1) === 0 && bytes[bodyAt + 1] === 0) {
          // The broker knows nothing of what was under way before (MQTT 5.0 section 3.2.2.1.1).
          this.#giveUp(() => true);
        }
        break;
      case Type.puback:
      case Type.pubcomp:
      case Type.suback:
      case Type.unsuback:
        this.#answer(key(!isSent, bytes, bodyAt), sequence, true);
        break;
      case Type.pubrec:
        // A refusal ends it there (MQTT 5.0 section 4.3.3).
        this.#answer(key(!isSent, bytes, bodyAt), sequence, (bytes[bodyAt + 2] ?? 0) >= 0x80);
        break;
      case Type.pubrel:
        this.#answer(key(isSent, bytes, bodyAt), sequence, false);
        break;
      case Type.subscribe:
      case Type.unsubscribe:
        this.#begin(key(isSent, bytes, bodyAt), sequence);
        break;
      case Type.pingreq:
        this.#begin(PING_KEY, sequence);
        break;
      case Type.pingresp:
        this.#answer(PING_KEY, sequence, true);
        break;
    }
  }

  /** The connection is gone. Only deliveries may go on with the next one. */
  disconnected(): void {
    this.#giveUp((opener) => !this.#store.has(opener) || this.#store.firstByte(opener) >> 4 !== Type.publish);
  }

  /** All is forgotten: what was heard after may not belong to it. */
  clear(): void {
    this.#giveUp(() => true);
  }

  #publish(sequence: number, isSent: boolean, bytes: Uint8Array, isAgain: boolean): void {
    const bodyAt = bodyOf(bytes);
    const idAt = bodyAt + 2 + (bytes[bodyAt] ?? 0) * 256 + (bytes[bodyAt + 1] ?? 0);
    if (idAt + 2 > bytes.length) {
      return;
    }
    const place = key(isSent, bytes, idAt);
    const before = this.#open.get(place);
    if (before !== undefined && isAgain) {
      this.#store.follow(sequence, before, false, true);
    } else {
      this.#begin(place, sequence);
    }
  }

  #begin(place: number, sequence: number): void {
    const before = this.#open.get(place);
    if (before !== undefined) {
      this.#store.giveUp(before);
    }
    this.#open.set(place, sequence);
    this.#store.open(sequence, before !== undefined && place < CONNECT_KEY);
  }

  #answer(place: number, sequence: number, isLast: boolean): void {
    const opener = this.#open.get(place);
    if (opener !== undefined) {
      this.#store.follow(sequence, opener, isLast);
      if (isLast) {
        this.#open.delete(place);
      }
    }
  }

  #giveUp(isOver: (opener: number) => boolean): void {
    for (const [place, opener] of this.#open) {
      if (isOver(opener)) {
        this.#open.delete(place);
        this.#store.giveUp(opener);
      }
    }
  }
}

/** Where the part behind the fixed header begins. */
function bodyOf(bytes: Uint8Array): number {
  let at = 1;
  while (at < 5 && (bytes[at] ?? 0) >= 0x80) {
    at += 1;
  }
  return at + 1;
}

function key(isOurs: boolean, bytes: Uint8Array, at: number): number {
  return (isOurs ? 0 : BROKER_SPACE) + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
