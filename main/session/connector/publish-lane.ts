import type { ReceivedPacket } from './connector.ts';

/** First byte of a PUBLISH at QoS 0: type 3, no QoS bits; RETAIN is bit 0, DUP bit 3 (MQTT 5.0 section 3.3.1). */
const PUBLISH_QOS_0 = 0x30;
const RETAIN = 0x01;
const DUP = 0x08;
/** Packets longer than this, header included, are left to mqtt.js: the few of them are no flood. */
const MAX_LENGTH = 64 * 1024;
/** Changes between both ways in one chunk, beyond which what is left of it goes to mqtt.js whole. */
const MAX_CHANGES = 8;
/** A packet's type and the four bytes of its length at most (MQTT 5.0 section 2.1.4). */
const MAX_HEADER = 5;

const INCOMPLETE = -1;
const NOTHING = Buffer.alloc(0);

/** By the bits of the first byte: messages share them, so that none is made for each. */
const packets: readonly ReceivedPacket[] = [false, true].flatMap((dup) =>
  [false, true].map((retain) => ({ qos: 0 as const, retain, dup })),
);

export interface PublishLaneOptions {
  /** MQTT 5.0, in which properties stand between topic and payload. */
  readonly hasProperties: boolean;
  /** Bytes a packet may have: whoever sends a longer one is answered by mqtt.js. */
  readonly maximumPacketSize?: number | undefined;
  readonly onMessage: (topic: string, payload: Uint8Array, packet: ReceivedPacket) => void;
}

/**
 * The short way of the packets that floods are made of: PUBLISH at QoS 0 without properties, which has no state and no
 * answer. mqtt.js takes 2 to 3 µs for one, more than all that the session does with it (measured). Whatever else comes
 * goes to mqtt.js byte for byte, and so does what looks wrong: it judges, and ends the connection. The order of
 * messages is kept, because nothing is taken while mqtt.js has something to do.
 */
export class PublishLane {
  readonly #hasProperties: boolean;
  readonly #maxLength: number;
  readonly #onMessage: PublishLaneOptions['onMessage'];
  /** What is looked at, and how far that has come. */
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** Bytes to come of a packet whose beginning mqtt.js has. */
  #passing = 0;
  #changes = 0;
  #isDry = true;
  /** Places in the packet at hand. */
  #bodyAt = 0;
  #topicEnd = 0;
  #payloadAt = 0;
  #isOpen = false;
  /** No MQTT any more: mqtt.js gets all of it. */
  #isLost = false;

  constructor(options: PublishLaneOptions) {
    this.#hasProperties = options.hasProperties;
    this.#maxLength = Math.min(MAX_LENGTH, options.maximumPacketSize ?? MAX_LENGTH);
    this.#onMessage = options.onMessage;
  }

  /** From now on messages go the short way: the broker has accepted the connection. */
  open(): void {
    this.#isOpen = true;
  }

  /** All that was fed is used up, but for the beginning of a packet. */
  get isDry(): boolean {
    return this.#isDry;
  }

  /** Takes the next bytes of the connection, when it is dry. Payloads are views on them. */
  feed(chunk: Uint8Array): void {
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#bytes =
      this.#at === this.#bytes.length ? fresh : Buffer.concat([this.#bytes.subarray(this.#at), fresh]);
    this.#at = 0;
    this.#changes = 0;
    this.#isDry = false;
  }

  /** What was fed and is not used up, and how much of it and of what follows belongs to a packet that began before. */
  get place(): { readonly skip: number; readonly unread: Uint8Array } {
    return { skip: this.#passing, unread: this.#bytes.subarray(this.#at) };
  }

  /** The beginning of a packet that did not come whole before the end of the connection. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = NOTHING;
    this.#at = 0;
    return rest;
  }

  /**
   * Hands on messages until something comes that is for mqtt.js, and returns that; `undefined` when there is nothing
   * for it. `mayTake` false: mqtt.js has not done its part yet, so this stops before the next message.
   */
  advance(mayTake: boolean): Uint8Array | undefined {
    const bytes = this.#bytes;
    const end = bytes.length;
    let otherFrom = this.#at;
    let at = Math.min(end, otherFrom + this.#passing);
    this.#passing -= at - otherFrom;
    for (;;) {
      const packetEnd = at < end ? this.#endOfPacket(at) : INCOMPLETE;
      const isOurs = packetEnd !== INCOMPLETE && this.#mayBeOurs(at, packetEnd);
      if (packetEnd === INCOMPLETE || (isOurs && packetEnd > end)) {
        this.#isDry = true;
        break;
      }
      if (isOurs && this.#isPlain(packetEnd)) {
        if (at > otherFrom || !mayTake) {
          this.#changes += 1;
          break;
        }
        this.#hand(bytes[at]!, packetEnd);
        at = packetEnd;
        otherFrom = at;
      } else {
        this.#passing = Math.max(0, packetEnd - end);
        at = Math.min(packetEnd, end);
      }
    }
    this.#at = at;
    return at > otherFrom ? bytes.subarray(otherFrom, at) : undefined;
  }

  /** Where the packet that begins at `at` ends, and in passing where its body begins. */
  #endOfPacket(at: number): number {
    const bytes = this.#bytes;
    if (this.#isLost) {
      return bytes.length;
    }
    let length = 0;
    for (let index = 1; index < MAX_HEADER; index++) {
      const byte = bytes[at + index];
      if (byte === undefined) {
        return INCOMPLETE;
      }
      length += (byte & 0x7f) << (7 * (index - 1));
      if (byte < 0x80) {
        this.#bodyAt = at + index + 1;
        return this.#bodyAt + length;
      }
    }
    this.#isLost = true;
    return bytes.length;
  }

  #mayBeOurs(at: number, packetEnd: number): boolean {
    return (
      this.#isOpen &&
      (this.#bytes[at]! & ~(RETAIN | DUP)) === PUBLISH_QOS_0 &&
      packetEnd - at <= this.#maxLength &&
      this.#changes < MAX_CHANGES &&
      !this.#isLost
    );
  }

  /** Has a topic and no properties. Finds where both end. */
  #isPlain(packetEnd: number): boolean {
    const bytes = this.#bytes;
    const topicAt = this.#bodyAt + 2;
    if (topicAt > packetEnd) {
      return false;
    }
    const topicEnd = topicAt + bytes[topicAt - 2]! * 256 + bytes[topicAt - 1]!;
    this.#topicEnd = topicEnd;
    this.#payloadAt = this.#hasProperties ? topicEnd + 1 : topicEnd;
    return (
      topicEnd > topicAt && this.#payloadAt <= packetEnd && (!this.#hasProperties || bytes[topicEnd] === 0)
    );
  }

  #hand(firstByte: number, packetEnd: number): void {
    const bytes = this.#bytes;
    const topic = bytes.toString('utf8', this.#bodyAt + 2, this.#topicEnd);
    const payload = new Uint8Array(
      bytes.buffer,
      bytes.byteOffset + this.#payloadAt,
      packetEnd - this.#payloadAt,
    );
    this.#onMessage(topic, payload, packets[(firstByte & RETAIN) | ((firstByte & DUP) >> 2)]!);
  }
}
