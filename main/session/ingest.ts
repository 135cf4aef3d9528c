import { formatDuration } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Ledger } from '#app/contract/session-state.ts';
import type { OutgoingMessage, ReceivedPacket } from './connector/connector.ts';
import type { Pacer } from './feeds/pacer.ts';
import type { MessageLog } from './log/message-log.ts';
import { packPublished, packReceived } from './log/properties.ts';
import { packFlags, RowKind } from './log/shared-log.ts';
import type { SubscriptionMatches } from './subscription-matches.ts';
import type { TopicTree } from './tree/topic-tree.ts';
import { WallClock } from './wall-clock.ts';

/** Gets every received message after the log and the tree have it: a recorder, a plot. Must return at once. */
export interface MessageSink {
  onMessage(sequence: number, topicId: number, receivedAt: number, size: number, flags: number): void;
}

export interface IngestOptions {
  readonly log: MessageLog;
  readonly tree: TopicTree;
  readonly matches: SubscriptionMatches;
  readonly pacer: Pacer;
  /** A message could not be kept. Called for each; the session decides what the user is told. */
  readonly onFailure: (failure: Failure, topic: string) => void;
}

/** Messages that are entered together at most, and payload bytes that wait at most. */
const BATCH = 256;
const BATCH_BYTES = 1_000_000;

/**
 * The way of every message into the session. `onMessage` is the hot path: it allocates nothing for a known topic,
 * and one bad message never stops the stream. What comes in one turn of the event loop is entered as a batch: among
 * many topics the time goes into waiting for memory, and a batch waits once where single messages wait in turn.
 */
export class Ingest {
  readonly #log: MessageLog;
  readonly #tree: TopicTree;
  readonly #matches: SubscriptionMatches;
  readonly #pacer: Pacer;
  readonly #onFailure: IngestOptions['onFailure'];
  readonly #clock = new WallClock();
  /** The time of this turn of the event loop; 0: not asked yet. */
  #turnTime = 0;
  readonly #endTurn = () => {
    this.#turnTime = 0;
    this.#enterWaiting();
  };
  /** Received in this turn and not entered yet. Nobody sees them there: whoever asks has them entered first. */
  #waiting = 0;
  #waitingBytes = 0;
  readonly #topics: string[] = new Array<string>(BATCH).fill('');
  readonly #payloads: (Uint8Array | undefined)[] = new Array<undefined>(BATCH).fill(undefined);
  readonly #packets: (ReceivedPacket | undefined)[] = new Array<undefined>(BATCH).fill(undefined);
  readonly #times = new Float64Array(BATCH);
  readonly #ids = new Uint32Array(BATCH);
  readonly #prefetched = new Float64Array(1);
  /** Empty most of the time: a closed sink costs nothing. */
  readonly #sinks: MessageSink[] = [];
  #received = 0;
  #failed = 0;
  #receivedBytes = 0;

  constructor(options: IngestOptions) {
    this.#log = options.log;
    this.#tree = options.tree;
    this.#matches = options.matches;
    this.#pacer = options.pacer;
    this.#onFailure = options.onFailure;
  }

  /** Milliseconds since the epoch, by the clock that stamps the messages. */
  now(): number {
    return this.#clock.now();
  }

  /** Payload bytes received since the session began. */
  get receivedBytes(): number {
    this.#enterWaiting();
    return this.#receivedBytes;
  }

  get ledger(): Ledger {
    this.#enterWaiting();
    return { received: this.#received, failed: this.#failed, ...this.#log.counts };
  }

  addSink(sink: MessageSink): { dispose(): void } {
    this.#sinks.push(sink);
    return {
      dispose: () => {
        const index = this.#sinks.indexOf(sink);
        if (index >= 0) {
          this.#sinks.splice(index, 1);
        }
      },
    };
  }

  /**
   * Takes a message from the connector. `payload` is copied at the end of this turn of the event loop at the latest,
   * before the socket is read again. Never throws.
   */
  onMessage(topic: string, payload: Uint8Array, packet: ReceivedPacket): void {
    const index = this.#waiting;
    this.#topics[index] = topic;
    this.#payloads[index] = payload;
    this.#packets[index] = packet;
    this.#times[index] = this.#receivedAt();
    this.#waiting = index + 1;
    this.#waitingBytes += payload.length;
    if (index + 1 === BATCH || this.#waitingBytes > BATCH_BYTES) {
      this.#enterWaiting();
    }
  }

  #enterWaiting(): void {
    const count = this.#waiting;
    if (count === 0) {
      return;
    }
    this.#pacer.markDirty();
    this.#waiting = 0;
    this.#waitingBytes = 0;
    const ids = this.#ids;
    this.#tree.findMany(this.#topics, count, ids);
    this.#prefetched[0] = this.#tree.prefetch(ids, count) + this.#log.prefetch(ids, count);
    for (let index = 0; index < count; index++) {
      const payload = this.#payloads[index];
      const packet = this.#packets[index];
      // Both are views on the socket's memory, or on an object of the library: not to be kept alive from here.
      this.#payloads[index] = undefined;
      this.#packets[index] = undefined;
      if (payload !== undefined && packet !== undefined) {
        this.#enter(ids[index]!, this.#topics[index]!, payload, packet, this.#times[index]!);
      }
    }
  }

  /** `knownId`: 0 for a topic that was new when the batch began. */
  #enter(
    knownId: number,
    topic: string,
    payload: Uint8Array,
    packet: ReceivedPacket,
    receivedAt: number,
  ): void {
    this.#received += 1;
    this.#receivedBytes += payload.length;
    let isKept = false;
    try {
      const tree = this.#tree;
      const topicId = knownId === 0 ? tree.intern(topic) : knownId;
      const flags = packFlags(RowKind.received, packet.qos, packet.retain, packet.dup);
      const properties = packet.properties === undefined ? undefined : packReceived(packet.properties);
      const replaces = tree.lastSequence(topicId);
      const sequence = this.#log.appendReceived(topicId, payload, receivedAt, flags, replaces, properties);
      isKept = true;
      tree.record(topicId, receivedAt, payload.length, packet.retain, sequence);
      this.#matches.count(topicId);
      for (const sink of this.#sinks) {
        sink.onMessage(sequence, topicId, receivedAt, payload.length, flags);
      }
    } catch (error) {
      // A sink's failure does not unmake what the log has.
      this.#failed += isKept ? 0 : 1;
      this.#onFailure(toFailure(error), topic);
    }
  }

  /** Messages of one chunk of the socket came at once: the clock is asked for the first, and for each 16th. */
  #receivedAt(): number {
    if (this.#turnTime === 0) {
      setImmediate(this.#endTurn);
      if (!this.#pacer.isDirty) {
        this.#clock.resync();
      }
      this.#turnTime = this.#clock.now();
    } else if ((this.#waiting & 15) === 0) {
      this.#turnTime = this.#clock.now();
    }
    return this.#turnTime;
  }

  /** Keeps a message of our own in the stream. Throws when it can't be kept. */
  onPublished(message: OutgoingMessage, sentAt: number): number {
    this.#enterWaiting();
    const topicId = this.#tree.intern(message.topic);
    const properties = packPublished(message.properties);
    const { payload, qos, retain } = message;
    const sequence = this.#log.appendPublished(topicId, payload, sentAt, qos, retain, properties);
    this.#pacer.markDirty();
    return sequence;
  }

  /** Marks the moment at which a connection was lost. */
  onLost(at: number, reason: string): void {
    this.#enterWaiting();
    this.#log.appendGap(at, `Connection lost: ${reason}`);
    this.#pacer.markDirty();
  }

  /** Marks a time without connection. */
  onGap(from: number, to: number, reason: string): void {
    this.#enterWaiting();
    const span = formatDuration(Math.max(0, to - from));
    this.#log.appendGap(to, `No connection for ${span}: ${reason}`);
    this.#pacer.markDirty();
  }
}
