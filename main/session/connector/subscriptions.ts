import type { ISubscriptionGrant, MqttClient } from 'mqtt';
import type { Failure } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { formatCode, reasonOf } from '#app/mqtt/reason-codes.ts';
import { hasWildcard, sharedFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { MqttVersion, Qos, Subscription } from '#app/profile/profile.ts';

/** Filters in one SUBSCRIBE or UNSUBSCRIBE: the most that AWS IoT takes, the strictest of the large brokers. */
const BATCH = 8;

/** What the broker was last told of a filter. */
interface Held {
  /** Changes with everything that makes another SUBSCRIBE necessary. */
  readonly key: string;
  result: SubscriptionResult;
}

/** A connection that is up, as far as subscribing needs it. */
export interface SubscribingConnection {
  readonly client: MqttClient;
  readonly mqttVersion: MqttVersion;
  readonly connack: ConnackSummary;
}

/** The subscriptions that the user wants, and what the broker holds of them; sends the difference. */
export class Subscriptions {
  readonly #onResult: (subscriptionId: string, result: SubscriptionResult) => void;
  /** By filter; survives a reconnect if the broker keeps the session. */
  readonly #held = new Map<string, Held>();
  #wanted: readonly Subscription[] = [];
  #connection: SubscribingConnection | undefined;
  #unanswered = 0;

  constructor(onResult: (subscriptionId: string, result: SubscriptionResult) => void) {
    this.#onResult = onResult;
  }

  /** True while a SUBSCRIBE or UNSUBSCRIBE is under way. */
  get isWaiting(): boolean {
    return this.#unanswered > 0;
  }

  /** Resolves when the broker has answered all that had to be sent, or the connection is gone. */
  set(subscriptions: readonly Subscription[]): Promise<void> {
    this.#wanted = subscriptions;
    return this.#sync();
  }

  /** A connection is up; without a session of ours at the broker everything is subscribed anew. */
  connected(connection: SubscribingConnection): void {
    this.#connection = connection;
    if (!connection.connack.sessionPresent) {
      this.#held.clear();
    }
    for (const [filter, held] of this.#held) {
      if (held.result.kind !== 'granted') {
        this.#held.delete(filter);
      }
    }
    void this.#sync();
  }

  disconnected(): void {
    this.#connection = undefined;
    for (const subscription of this.#wanted) {
      if (isUsable(subscription)) {
        this.#onResult(subscription.id, { kind: 'idle' });
      }
    }
  }

  /** The user connects anew, perhaps elsewhere: nothing is held there. */
  forget(): void {
    this.#held.clear();
  }

  async #sync(): Promise<void> {
    const wanted = new Map<string, Subscription>();
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
    const stale = [...this.#held].filter(([filter]) => !wanted.has(filter));
    for (const [filter] of stale) {
      this.#held.delete(filter);
    }
    const removed = stale.filter(([, held]) => held.result.kind !== 'refused').map(([filter]) => filter);
    const added: Subscription[] = [];
    for (const subscription of wanted.values()) {
      const held = this.#held.get(subscription.filter);
      if (held?.key === keyOf(subscription)) {
        this.#report(subscription.filter, held.result);
      } else {
        added.push(subscription);
      }
    }
    await Promise.all([
      ...batches(removed).map((filters) => this.#unsubscribe(connection, filters)),
      ...this.#subscribeAll(connection, added),
    ]);
  }

  #subscribeAll(connection: SubscribingConnection, added: readonly Subscription[]): readonly Promise<void>[] {
    // mqtt.js takes one set of options for a list of filters (its other form, an object, trips over filters that are
    // named like its own keys), so those with the same options go together.
    const groups = new Map<string, Subscription[]>();
    for (const subscription of added) {
      const key = keyOf(subscription);
      const held: Held = { key, result: { kind: 'pending' } };
      this.#held.set(subscription.filter, held);
      const failure = unsupported(subscription.filter, connection.connack);
      if (failure === undefined) {
        groups.set(key, [...(groups.get(key) ?? []), subscription]);
      } else {
        held.result = { kind: 'refused', failure };
      }
      this.#report(subscription.filter, held.result);
    }
    return [...groups.values()].flatMap(batches).map((batch) => this.#subscribe(connection, batch));
  }

  #subscribe(connection: SubscribingConnection, batch: readonly Subscription[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) {
      return Promise.resolve();
    }
    const { client, mqttVersion } = connection;
    const filters = batch.map((subscription) => subscription.filter);
    const waiting = filters.map((filter) => this.#held.get(filter));
    const isShared = sharedFilter(first.filter) !== undefined;
    const options = {
      qos: first.qos,
      // No Local on a shared subscription is a protocol error (MQTT-3.8.3-4).
      ...(mqttVersion === '5.0'
        ? { nl: first.noLocal && !isShared, rap: first.retainAsPublished, rh: first.retainHandling }
        : {}),
    };
    this.#unanswered += 1;
    return new Promise((resolve) => {
      client.subscribe([...filters], options, (error, grants, packet) => {
        this.#unanswered -= 1;
        const codes = codesOf(error, grants, packet?.granted);
        for (const [index, filter] of filters.entries()) {
          const held = waiting[index];
          // A later change of the same filter has its own answer to come.
          if (held !== undefined && this.#held.get(filter) === held && this.#connection === connection) {
            held.result = resultOf(codes?.[index], mqttVersion);
            this.#report(filter, held.result);
          }
        }
        resolve();
      });
    });
  }

  #unsubscribe(connection: SubscribingConnection, filters: readonly string[]): Promise<void> {
    this.#unanswered += 1;
    return new Promise((resolve) => {
      connection.client.unsubscribe([...filters], () => {
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

function isUsable(subscription: Subscription): boolean {
  return subscription.enabled && topicFilterProblem(subscription.filter) === undefined;
}

/** Everything of a subscription that the broker is told. Shared ones stay apart, see `#subscribe`. */
function keyOf(subscription: Subscription): string {
  const { qos, noLocal, retainAsPublished, retainHandling, filter } = subscription;
  return [qos, noLocal, retainAsPublished, retainHandling, sharedFilter(filter) !== undefined].join(' ');
}

function batches<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / BATCH) }, (_, index) =>
    list.slice(index * BATCH, (index + 1) * BATCH),
  );
}

/** The codes of a SUBACK, one a filter; undefined when none came. */
function codesOf(
  error: Error | null,
  grants: readonly ISubscriptionGrant[] | undefined,
  granted: readonly unknown[] | undefined,
): readonly number[] | undefined {
  // With one refused filter the library reports the whole packet as an error, but passes it along.
  const codes = error === null ? grants?.map((grant) => grant.qos) : granted;
  return codes?.map(Number);
}

function resultOf(code: number | undefined, version: MqttVersion): SubscriptionResult {
  if (code === undefined) {
    return {
      kind: 'refused',
      failure: {
        code: 'subscribe.unanswered',
        message: 'The broker did not answer this subscription properly.',
        hint: 'Subscribe again, or look at the log of the broker.',
      },
    };
  }
  if (code <= 2) {
    return { kind: 'granted', qos: code as Qos };
  }
  const reason = reasonOf(code, 'suback', version);
  return {
    kind: 'refused',
    failure: {
      code: 'subscribe.refused',
      message: reason.message,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      detail: `SUBACK ${formatCode(code)} ${reason.name}`,
    },
  };
}

function invalidFilter(problem: string): Failure {
  return {
    code: 'subscribe.invalid-filter',
    message: problem,
    hint: 'Correct the topic filter; it was not sent.',
  };
}

/** What the broker said in CONNACK that it does not do; asking for it would end the connection. */
function unsupported(filter: string, connack: ConnackSummary): Failure | undefined {
  const code =
    connack.sharedSubscriptionAvailable === false && sharedFilter(filter) !== undefined
      ? 0x9e
      : connack.wildcardSubscriptionAvailable === false && hasWildcard(filter)
        ? 0xa2
        : undefined;
  if (code === undefined) {
    return undefined;
  }
  const reason = reasonOf(code, 'suback');
  return {
    code: 'subscribe.unsupported',
    message: reason.message,
    ...(reason.hint === undefined ? {} : { hint: reason.hint }),
    detail: 'The broker said so in CONNACK.',
  };
}
