import { Emitter } from '#app/base/event.ts';
import { type Failure, fail } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { GrantedSubscription } from '#app/contract/operations/diagnosis.ts';
import type { DialStep } from '#app/contract/session-state.ts';
import type {
  Connector,
  OutgoingMessage,
  PublishReceipt,
  ReceivedPacket,
  SentSubscription,
} from '../connector/connector.ts';
import { createConnector } from '../connector/mqtt-connector.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Attempted } from './control.ts';

/** A message as a probe looks at it; `size` in bytes. */
export interface Glimpse {
  readonly topic: string;
  readonly size: number;
  readonly retain: boolean;
}

/** A connection for one purpose: it never reconnects, and keeps nothing. */
export class ThrowAway {
  readonly #settings: ConnectionSettings;
  readonly #connector: Connector;
  readonly #results = new Map<string, SubscriptionResult>();
  readonly #messages = new Emitter<Glimpse>();
  readonly #signal: AbortSignal;
  #lost: Failure | undefined;
  #onState: (state: Attempted | { readonly steps: readonly DialStep[] }) => void = () => undefined;

  readonly onMessage = this.#messages.event;

  constructor(settings: ConnectionSettings, signal: AbortSignal) {
    this.#settings = { ...settings, reconnect: { ...settings.reconnect, enabled: false } };
    this.#signal = signal;
    this.#connector = createConnector({
      onMessage: (topic, payload, packet: ReceivedPacket) =>
        this.#messages.fire({ topic, size: payload.length, retain: packet.retain }),
      onState: (state) => {
        if (state.kind === 'failed') {
          this.#lost = state.failure;
        }
        if (state.kind === 'connecting' || state.kind === 'connected' || state.kind === 'failed') {
          this.#onState(state);
        }
      },
      onSubscriptionResult: (id, result) => this.#results.set(id, result),
      onLost: () => undefined,
      onGap: () => undefined,
    });
  }

  /** Why the connection, once up, is gone. */
  get lost(): Failure | undefined {
    return this.#lost;
  }

  /** One attempt. Rejects only when the signal is aborted. */
  connect(onSteps: (steps: readonly DialStep[]) => void): Promise<Attempted> {
    return new Promise((resolve, reject) => {
      const abandon = () => reject(cancelled());
      if (this.#signal.aborted) {
        abandon();
        return;
      }
      this.#signal.addEventListener('abort', abandon, { once: true });
      this.#onState = (state) => {
        onSteps(state.steps);
        if ('kind' in state && (state.kind === 'connected' || state.kind === 'failed')) {
          this.#signal.removeEventListener('abort', abandon);
          resolve(state);
        }
      };
      this.#connector.connect(this.#settings);
    });
  }

  /** Has the broker hold exactly these, and says how it answered each. */
  async subscribe(subscriptions: readonly SentSubscription[]): Promise<readonly GrantedSubscription[]> {
    this.#results.clear();
    await this.#connector.setSubscriptions(subscriptions);
    return subscriptions.map(({ id, filter, qos: requestedQos }) => {
      const result = this.#results.get(id);
      if (result?.kind === 'granted') {
        return { filter, requestedQos, grantedQos: result.qos };
      }
      const failure = result?.kind === 'refused' ? result.failure : this.#lost;
      return { filter, requestedQos, reason: failure?.message ?? 'The broker did not answer.' };
    });
  }

  publish(message: OutgoingMessage): Promise<PublishReceipt> {
    return this.#connector.publish(message, () => undefined);
  }

  /** Ends with DISCONNECT. */
  close(): Promise<void> {
    return this.#connector.dispose();
  }
}

/** Resolves after a time; rejects when the signal is aborted before. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abandon = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abandon);
      resolve();
    }, milliseconds);
    if (signal.aborted) {
      abandon();
    } else {
      signal.addEventListener('abort', abandon, { once: true });
    }
  });
}

export function cancelled() {
  return fail('diagnosis.cancelled', 'This was cancelled.');
}
