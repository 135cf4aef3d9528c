import { type Failure, FailureError, fail } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { PublishProperties, Qos } from '#app/profile/profile.ts';
import type {
  Connector,
  ConnectorEvents,
  OutgoingMessage,
  PublishReceipt,
  ReceivedPacket,
} from '../connector/connector.ts';
import { packReceived, unpackProperties } from '../log/properties.ts';
import type { ConnectionSettings } from '../settings.ts';

/** A message as the broker keeps it. The payload is a copy. */
export interface StoredMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly properties: PublishProperties;
}

/** How {@link RetainedLink.collect} asks. */
export interface CollectOptions {
  /** The most that a message comes with; its own where that is lower. */
  readonly qos: Qos;
  /** Milliseconds without another one after which all are taken to have come; more where the broker is far away. */
  readonly quiet: number;
  /** A view on the socket's memory, not to be kept. */
  readonly onMessage: (topic: string, payload: Uint8Array, packet: ReceivedPacket) => void;
  /** Nothing more is wanted: asked after each message or so. */
  readonly isEnough: () => boolean;
}

/** Milliseconds between two looks at whether all have come. */
const LOOK = 20;
/** The time between SUBSCRIBE and SUBACK tells how far the broker is; so many times that may pass between two messages. */
const QUIET_ROUND_TRIPS = 3;

/**
 * A connection of its own for what the broker keeps. A subscription of the session would do neither: its own ones may
 * overlap, and then nobody can tell which message was meant for whom; the log would fill with what is no news.
 */
export class RetainedLink {
  readonly #settings: ConnectionSettings;
  readonly #connector: Connector;
  readonly #signal: AbortSignal;
  readonly #results = new Map<string, SubscriptionResult>();
  #onRetained: CollectOptions['onMessage'] | undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  #lost: Failure | undefined;

  /** `settings` are those of a throw-away connection. When the signal is aborted, everything fails with `retained.cancelled`. */
  constructor(
    settings: ConnectionSettings,
    createConnector: (events: ConnectorEvents) => Connector,
    signal: AbortSignal,
  ) {
    this.#settings = { ...settings, reconnect: { ...settings.reconnect, enabled: false } };
    this.#signal = signal;
    this.#connector = createConnector({
      onMessage: (topic, payload, packet) => {
        // What is live came by chance: RETAIN is set on what the broker kept (3.1.1 section 3.3.1.3).
        if (packet.retain) {
          this.#onRetained?.(topic, payload, packet);
        }
      },
      onState: (state) => {
        if (state.kind === 'failed') {
          this.#lost = state.failure;
        }
        this.#onState(state);
      },
      onSubscriptionResult: (id, result) => this.#results.set(id, result),
      onLost: () => undefined,
      onGap: () => undefined,
    });
  }

  /** Most that the broker takes; known once connected. */
  maximumQos: Qos = 2;

  async connect(): Promise<void> {
    const connected = new Promise<void>((resolve, reject) => {
      this.#onState = (state) => {
        if (state.kind === 'connected') {
          const { maximumQos } = state.connack;
          this.maximumQos = maximumQos === 0 || maximumQos === 1 ? maximumQos : 2;
          resolve();
        } else if (state.kind === 'failed') {
          reject(new FailureError(state.failure));
        }
      };
    });
    this.#connector.connect(this.#settings);
    await this.#unlessCancelled(connected);
  }

  /** Has the broker send what it keeps under these filters. Says which it refused, and why. */
  async collect(filters: readonly string[], options: CollectOptions): Promise<ReadonlyMap<string, Failure>> {
    const began = performance.now();
    let last = began;
    this.#results.clear();
    this.#onRetained = (topic, payload, packet) => {
      last = performance.now();
      options.onMessage(topic, payload, packet);
    };
    const subscriptions = filters.map((filter) =>
      newSubscription(filter, { id: filter, qos: options.qos, retainAsPublished: false }),
    );
    try {
      await this.#unlessCancelled(this.#connector.setSubscriptions(subscriptions));
      const answered = performance.now();
      const quiet = Math.max(options.quiet, QUIET_ROUND_TRIPS * (answered - began));
      last = Math.max(last, answered);
      while (performance.now() - last < quiet && !options.isEnough()) {
        await this.#unlessCancelled(new Promise<void>((resolve) => setTimeout(resolve, LOOK)));
        this.#checkLine();
      }
    } finally {
      this.#onRetained = undefined;
    }
    this.#checkLine();
    const refused = new Map<string, Failure>();
    for (const [filter, result] of this.#results) {
      if (result.kind === 'refused') {
        refused.set(filter, result.failure);
      }
    }
    await this.#unlessCancelled(this.#connector.setSubscriptions([]));
    return refused;
  }

  /** Not cancelled by the signal: what was begun is to have an end. */
  publish(message: OutgoingMessage): Promise<PublishReceipt> {
    return this.#connector.publish(message, () => undefined);
  }

  /** Throws when the connection is gone. */
  #checkLine(): void {
    if (this.#lost !== undefined) {
      throw new FailureError(this.#lost);
    }
  }

  /** Ends with DISCONNECT. */
  close(): Promise<void> {
    return this.#connector.dispose();
  }

  #unlessCancelled<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal;
    return new Promise<T>((resolve, reject) => {
      const abandon = () => reject(cancelledFailure());
      if (signal.aborted) {
        abandon();
      }
      signal.addEventListener('abort', abandon, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
    });
  }
}

/** What ends the work when the user cancelled it. */
export function cancelledFailure(): FailureError {
  return fail('retained.cancelled', 'This was cancelled.');
}

/** A message to keep, from what the connection gave. */
export function storedMessage(topic: string, payload: Uint8Array, packet: ReceivedPacket): StoredMessage {
  const { topicAlias, subscriptionIdentifiers, ...properties } = unpackProperties(
    packReceived(packet.properties),
  );
  return { topic, payload: payload.slice(), qos: packet.qos, properties };
}

/** Are these the same bytes? */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
