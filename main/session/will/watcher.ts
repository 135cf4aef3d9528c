import { type Failure, FailureError, fail } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { MqttVersion, Qos } from '#app/profile/profile.ts';
import type { Connector, ConnectorEvents, OutgoingMessage, PublishReceipt } from '../connector/connector.ts';
import { type StoredMessage, storedMessage } from '../retained/retained-link.ts';
import type { ConnectionSettings } from '../settings.ts';

/** Milliseconds without a retained message after which the broker is taken to have none. */
const QUIET = 400;
/** The time between SUBSCRIBE and SUBACK tells how far the broker is; so many times that the message may take. */
const QUIET_ROUND_TRIPS = 3;
const ID = 'will';

/** A live message on the watched topic. */
export interface Watched {
  /** `performance.now()` when it came. */
  readonly at: number;
  readonly message: StoredMessage;
  readonly retain: boolean;
}

/** A connection beside the session's own, that sees what is published to one topic and can publish there. */
export class Watcher {
  readonly #settings: ConnectionSettings;
  readonly #connector: Connector;
  readonly #topic: string;
  readonly #onMessage: (watched: Watched) => void;
  #result: SubscriptionResult | undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  #lost: Failure | undefined;
  /** While the broker is asked what it keeps. */
  #onKept: ((message: StoredMessage) => void) | undefined;
  #maximumQos: Qos = 2;

  /** `settings` are those of a throw-away connection. */
  constructor(
    settings: ConnectionSettings,
    topic: string,
    createConnector: (events: ConnectorEvents) => Connector,
    onMessage: (watched: Watched) => void,
  ) {
    this.#settings = { ...settings, reconnect: { ...settings.reconnect, enabled: false } };
    this.#topic = topic;
    this.#onMessage = onMessage;
    this.#connector = createConnector({
      onMessage: (received, payload, packet) => {
        if (received !== topic) {
          return;
        }
        const message = storedMessage(received, payload, packet);
        if (packet.retain && this.#onKept !== undefined) {
          this.#onKept(message);
          return;
        }
        this.#onMessage({ at: performance.now(), message, retain: packet.retain });
      },
      onState: (state) => {
        if (state.kind === 'failed') {
          this.#lost = state.failure;
        }
        this.#onState(state);
      },
      onSubscriptionResult: (_, result) => {
        this.#result = result;
      },
      onLost: () => undefined,
      onGap: () => undefined,
    });
  }

  get version(): MqttVersion {
    return this.#settings.mqttVersion;
  }

  /** Why the connection, once up, is gone. */
  get lost(): Failure | undefined {
    return this.#lost;
  }

  async connect(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(cancelledFailure()), { once: true });
      this.#onState = (state) => {
        if (state.kind === 'connected') {
          const { maximumQos } = state.connack;
          this.#maximumQos = maximumQos === 0 || maximumQos === 1 ? maximumQos : 2;
          resolve();
        } else if (state.kind === 'failed') {
          reject(new FailureError(state.failure));
        }
      };
      this.#connector.connect(this.#settings);
    });
  }

  /**
   * Subscribes, anew if it had, and answers with what the broker keeps on the topic and grants. Throws when it refuses.
   * What is published live goes to `onMessage` from then on.
   */
  async look(): Promise<{ readonly kept: StoredMessage | undefined; readonly granted: Qos }> {
    await this.#connector.setSubscriptions([]);
    let kept: StoredMessage | undefined;
    this.#result = undefined;
    this.#onKept = (message) => {
      kept = message;
    };
    try {
      const asked = performance.now();
      await this.#connector.setSubscriptions([newSubscription(this.#topic, { id: ID, qos: 2 })]);
      const answered = performance.now();
      const result = this.#result as SubscriptionResult | undefined;
      if (result?.kind !== 'granted') {
        throw new FailureError(
          this.#lost ?? (result?.kind === 'refused' ? result.failure : unansweredFailure()),
        );
      }
      const until = answered + Math.max(QUIET, QUIET_ROUND_TRIPS * (answered - asked));
      while (kept === undefined && performance.now() < until && this.#lost === undefined) {
        await new Promise<void>((resolve) => setTimeout(resolve, 20));
      }
      return { kept, granted: result.qos };
    } finally {
      this.#onKept = undefined;
    }
  }

  /** Publishes with an acknowledgement where the broker gives any. Throws what {@link Connector.publish} does. */
  publish(message: OutgoingMessage): Promise<PublishReceipt> {
    const wanted = Math.max(1, message.qos);
    const qos = Math.min(wanted, this.#maximumQos) as Qos;
    return this.#connector.publish({ ...message, qos }, () => undefined);
  }

  /** Ends with DISCONNECT. */
  close(): Promise<void> {
    return this.#connector.dispose();
  }
}

/** What ends a rehearsal that the user does not want any more. */
export function cancelledFailure(): FailureError {
  return fail('rehearsal.cancelled', 'This was cancelled.');
}

function unansweredFailure(): Failure {
  return { code: 'rehearsal.unanswered', message: 'The broker did not answer the watcher’s subscription.' };
}
