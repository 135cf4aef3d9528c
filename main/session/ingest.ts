import { formatDuration } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Ledger } from '#app/contract/session-state.ts';
import type { OutgoingMessage, ReceivedPacket } from './connector/connector.ts';
import type { Pacer } from './feeds/pacer.ts';
import type { MessageLog } from './log/message-log.ts';
import { packPublished, packReceived } from './log/properties.ts';
import { packFlags, RowKind } from './log/shared-log.ts';
import type { SubscriptionMatches } from './subscription-matches.ts';
import { TopicIds } from './topic-ids.ts';
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

/**
 * The way of every message into the session. `onMessage` is the hot path: it allocates nothing for a known topic,
 * and one bad message never stops the stream.
 */
export class Ingest {
  readonly #log: MessageLog;
  readonly #tree: TopicTree;
  readonly #matches: SubscriptionMatches;
  readonly #pacer: Pacer;
  readonly #onFailure: IngestOptions['onFailure'];
  readonly #topicIds: TopicIds;
  readonly #clock = new WallClock();
  /** The time of this turn of the event loop; 0: not asked yet. */
  #turnTime = 0;
  readonly #endTurn = () => {
    this.#turnTime = 0;
  };
  /** Empty most of the time: a closed sink costs nothing. */
  readonly #sinks: MessageSink[] = [];
  #received = 0;
  #failed = 0;
  #receivedBytes = 0;

  constructor(options: IngestOptions) {
    this.#log = options.log;
    this.#tree = options.tree;
    this.#topicIds = new TopicIds(options.tree);
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
    return this.#receivedBytes;
  }

  get ledger(): Ledger {
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

  /** Takes a message from the connector; `payload` is copied before this returns. Never throws. */
  onMessage(topic: string, payload: Uint8Array, packet: ReceivedPacket): void {
    this.#received += 1;
    this.#receivedBytes += payload.length;
    let isKept = false;
    try {
      const tree = this.#tree;
      if (!this.#pacer.isDirty) {
        this.#clock.resync();
        this.#pacer.markDirty();
      }
      const receivedAt = this.#receivedAt();
      const topicId = this.#topicIds.intern(topic);
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
      this.#turnTime = this.#clock.now();
    } else if ((this.#received & 15) === 0) {
      this.#turnTime = this.#clock.now();
    }
    return this.#turnTime;
  }

  /** Keeps a message of our own in the stream. Throws when it can't be kept. */
  onPublished(message: OutgoingMessage, sentAt: number): number {
    const topicId = this.#tree.intern(message.topic);
    const properties = packPublished(message.properties);
    const { payload, qos, retain } = message;
    const sequence = this.#log.appendPublished(topicId, payload, sentAt, qos, retain, properties);
    this.#pacer.markDirty();
    return sequence;
  }

  /** Marks a time without connection. */
  onGap(from: number, to: number, reason: string): void {
    const span = formatDuration(Math.max(0, to - from));
    this.#log.appendGap(to, `No connection for ${span}: ${reason}`);
    this.#pacer.markDirty();
  }
}
