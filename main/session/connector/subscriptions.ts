import type { MqttClient } from 'mqtt';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { sharedFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import type { SentSubscription } from './connector.ts';
import { HeldFilters } from './held-filters.ts';
import { codesOf, invalidFilter, isRefusal, resultOf, unanswered, unsupported } from './suback.ts';

/** Filters in one SUBSCRIBE or UNSUBSCRIBE: the most that AWS IoT takes, the strictest of the large brokers. */
const BATCH = 8;
/** Milliseconds to wait for an answer: shorter than what waits for all of them. */
const ANSWER_TIMEOUT = 8000;

/** What the broker was last told of a filter that is wanted. */
interface Told {
  /** Changes with everything that makes another SUBSCRIBE necessary. */
  readonly key: string;
  result: SubscriptionResult;
}

/** A connection that is up, as far as subscribing needs it. */
export interface SubscribingConnection {
  readonly client: MqttClient;
  readonly mqttVersion: MqttVersion;
  /** CONNECT asked for a new session. */
  readonly clean: boolean;
  readonly connack: ConnackSummary;
}

/** The subscriptions that the user wants, and what the broker holds of them; sends the difference. */
export class Subscriptions {
  readonly #onResult: (subscriptionId: string, result: SubscriptionResult) => void;
  /** By filter; survives a reconnect if the broker keeps the session. */
  readonly #told = new Map<string, Told>();
  readonly #held = new HeldFilters();
  /** What the broker holds is known from the beginning of its session on. */
  #isSessionKnown = false;
  #wanted: readonly SentSubscription[] = [];
  #connection: SubscribingConnection | undefined;
  readonly #answerTimeout: number;
  #unanswered = 0;

  constructor(
    onResult: (subscriptionId: string, result: SubscriptionResult) => void,
    answerTimeout = ANSWER_TIMEOUT,
  ) {
    this.#onResult = onResult;
    this.#answerTimeout = answerTimeout;
  }

  /** True while a SUBSCRIBE or UNSUBSCRIBE is under way. */
  get isWaiting(): boolean {
    return this.#unanswered > 0;
  }

  /** Resolves when the broker has answered all that had to be sent, had its time for it, or is gone. */
  set(subscriptions: readonly SentSubscription[]): Promise<void> {
    this.#wanted = subscriptions;
    this.#suspectAll();
    return this.#sync();
  }

  /**
   * A connection is up. Without a session of ours at the broker everything is subscribed anew; with one, what it may
   * still hold and nobody wants any more is taken back first.
   */
  connected(connection: SubscribingConnection): void {
    this.#connection = connection;
    const { sessionPresent } = connection.connack;
    // MQTT 3.1 has no flag for it: a session that was not to be cleaned may be there.
    const mayBePresent = !connection.clean && (sessionPresent || connection.mqttVersion === '3.1');
    if (!mayBePresent) {
      this.#held.clear();
    }
    for (const [filter, told] of this.#told) {
      if (!mayBePresent || !sessionPresent || told.result.kind !== 'granted') {
        this.#told.delete(filter);
      }
    }
    this.#isSessionKnown = true;
    void this.#sync();
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#held.disconnected();
    for (const subscription of this.#wanted) {
      if (isUsable(subscription)) {
        this.#onResult(subscription.id, { kind: 'idle' });
      }
    }
  }

  /** The user connects anew, perhaps elsewhere: nothing is sure to be held there, and anything may be. */
  forget(): void {
    this.#told.clear();
    this.#isSessionKnown = false;
    this.#suspectAll();
  }

  /** A session that an earlier run of the program left behind may hold whatever was in the list since. */
  #suspectAll(): void {
    if (!this.#isSessionKnown) {
      const filters = this.#wanted.map(({ filter }) => filter);
      this.#held.suspect(filters.filter((filter) => topicFilterProblem(filter) === undefined));
    }
  }

  async #sync(): Promise<void> {
    const wanted = new Map<string, SentSubscription>();
    for (const subscription of this.#wanted) {
      const problem = topicFilterProblem(subscription.filter);
      if (problem !== undefined) {
        this.#onResult(subscription.id, { kind: 'refused', failure: invalidFilter(problem) });
      } else if (subscription.enabled) {
        wanted.set(subscription.filter, subscription);
      } else {
        this.#onResult(subscription.id, { kind: 'idle' });
      }
    }
    const connection = this.#connection;
    if (connection === undefined) {
      for (const subscription of wanted.values()) {
        this.#report(subscription.filter, { kind: 'idle' });
      }
      return;
    }
    for (const filter of [...this.#told.keys()].filter((each) => !wanted.has(each))) {
      this.#told.delete(filter);
    }
    const removed = this.#held.unwanted((filter) => wanted.has(filter));
    const added: SentSubscription[] = [];
    for (const subscription of wanted.values()) {
      const told = this.#told.get(subscription.filter);
      if (told?.key === keyOf(subscription)) {
        this.#report(subscription.filter, told.result);
      } else {
        added.push(subscription);
      }
    }
    await Promise.all([
      ...batches(removed).map((filters) => this.#unsubscribe(connection, filters)),
      ...this.#subscribeAll(connection, added),
    ]);
  }

  #subscribeAll(
    connection: SubscribingConnection,
    added: readonly SentSubscription[],
  ): readonly Promise<void>[] {
    // mqtt.js takes one set of options for a list of filters (its other form, an object, trips over filters that are
    // named like its own keys), so those with the same options go together.
    const groups = new Map<string, SentSubscription[]>();
    for (const subscription of added) {
      const key = keyOf(subscription);
      const told: Told = { key, result: { kind: 'pending' } };
      this.#told.set(subscription.filter, told);
      const failure = unsupported(subscription.filter, connection.connack);
      if (failure === undefined) {
        groups.set(key, [...(groups.get(key) ?? []), subscription]);
      } else {
        told.result = { kind: 'refused', failure };
      }
      this.#report(subscription.filter, told.result);
    }
    return [...groups.values()].flatMap(batches).map((batch) => this.#subscribe(connection, batch));
  }

  #subscribe(connection: SubscribingConnection, batch: readonly SentSubscription[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) {
      return Promise.resolve();
    }
    const { client, mqttVersion } = connection;
    const filters = batch.map((subscription) => subscription.filter);
    const waiting = filters.map((filter) => this.#told.get(filter));
    const refusals = filters.map((filter) => this.#held.subscribing(filter));
    const isShared = sharedFilter(first.filter) !== undefined;
    const options = {
      qos: first.qos,
      // No Local on a shared subscription is a protocol error (MQTT-3.8.3-4).
      ...(mqttVersion === '5.0'
        ? { nl: first.noLocal && !isShared, rap: first.retainAsPublished, rh: first.retainHandling }
        : {}),
      ...(mqttVersion === '5.0' && first.identifier !== undefined
        ? { properties: { subscriptionIdentifier: first.identifier } }
        : {}),
    };
    const take = (resultAt: (index: number) => SubscriptionResult) => {
      for (const [index, filter] of filters.entries()) {
        const told = waiting[index];
        // A later change of the same filter has its own answer to come.
        if (told !== undefined && this.#told.get(filter) === told && this.#connection === connection) {
          told.result = resultAt(index);
          this.#report(filter, told.result);
        }
      }
    };
    return this.#ask(
      (answered) =>
        client.subscribe([...filters], options, (error, grants, packet) => {
          const codes = codesOf(error, grants, packet?.granted);
          for (const [index, refused] of refusals.entries()) {
            if (isRefusal(codes?.[index])) {
              refused();
            }
          }
          // Also when it comes late: then it is what holds.
          take((index) => resultOf(codes?.[index], mqttVersion));
          answered();
        }),
      () => take(() => unanswered(this.#answerTimeout)),
    );
  }

  #unsubscribe(connection: SubscribingConnection, filters: readonly string[]): Promise<void> {
    const releases = filters.map((filter) => this.#held.unsubscribing(filter));
    return this.#ask((answered) =>
      connection.client.unsubscribe([...filters], (error, packet) => {
        if (error === undefined || error === null) {
          // MQTT 5.0 has a code for each filter; what was not there before is gone as well.
          const codes = packet?.cmd === 'unsuback' ? packet.granted : undefined;
          for (const [index, release] of releases.entries()) {
            if (!isRefusal(Number(codes?.[index] ?? 0))) {
              release();
            }
          }
        }
        answered();
      }),
    );
  }

  /** Sends a packet and resolves when it is answered, or has not been for too long. */
  #ask(send: (answered: () => void) => void, onTimeout?: () => void): Promise<void> {
    this.#unanswered += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        onTimeout?.();
        resolve();
      }, this.#answerTimeout);
      timer.unref();
      send(() => {
        clearTimeout(timer);
        this.#unanswered -= 1;
        resolve();
      });
    });
  }

  #report(filter: string, result: SubscriptionResult): void {
    for (const subscription of this.#wanted) {
      if (subscription.filter === filter && subscription.enabled) {
        this.#onResult(subscription.id, result);
      }
    }
  }
}

function isUsable(subscription: SentSubscription): boolean {
  return subscription.enabled && topicFilterProblem(subscription.filter) === undefined;
}

/** Everything of a subscription that the broker is told. Shared ones stay apart, see `#subscribe`. */
function keyOf(subscription: SentSubscription): string {
  const { qos, noLocal, retainAsPublished, retainHandling, filter, identifier } = subscription;
  const isShared = sharedFilter(filter) !== undefined;
  return [qos, noLocal, retainAsPublished, retainHandling, isShared, identifier].join(' ');
}

function batches<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / BATCH) }, (_, index) =>
    list.slice(index * BATCH, (index + 1) * BATCH),
  );
}
