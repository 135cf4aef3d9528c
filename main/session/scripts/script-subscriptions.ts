import { fail } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { Qos, Subscription } from '#app/profile/profile.ts';

export interface ScriptSubscriptionsDependencies {
  /** Resolves when the broker has answered, or at once without a connection. */
  readonly setTemporary: (subscriptions: readonly Subscription[]) => Promise<void>;
  readonly resultOf: (subscriptionId: string) => SubscriptionResult | undefined;
}

/** A filter that scripts subscribed to. */
interface Shared {
  readonly subscription: Subscription;
  /** Settled when the broker has answered. */
  readonly ready: Promise<void>;
  readonly users: Set<object>;
}

/** Subscriptions that one script can have. */
const MAX_SUBSCRIPTIONS = 100;

/** What scripts subscribed to, each filter once, for as long as one of them wants it. A user is a run of a script. */
export class ScriptSubscriptions {
  readonly #dependencies: ScriptSubscriptionsDependencies;
  readonly #shared = new Map<string, Shared>();

  constructor(dependencies: ScriptSubscriptionsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when the broker has granted it. Rejects with `script.filter`, `script.filters` or `script.subscribe`. */
  async add(user: object, filter: string, qos: Qos): Promise<void> {
    const problem = topicFilterProblem(filter);
    if (problem !== undefined) {
      throw fail('script.filter', `“${filter}”: ${problem}`);
    }
    const before = this.#shared.get(filter);
    if (before?.users.has(user) !== true && this.#countOf(user) >= MAX_SUBSCRIPTIONS) {
      throw fail('script.filters', `A script can have ${MAX_SUBSCRIPTIONS} subscriptions.`);
    }
    if (before !== undefined && before.subscription.qos >= qos) {
      before.users.add(user);
      await this.#granted(user, filter, before);
      return;
    }
    const subscription =
      before === undefined ? newSubscription(filter, { qos }) : { ...before.subscription, qos };
    const granted = Promise.withResolvers<void>();
    // One set for both: whoever leaves while the broker is asked has left, whatever it says.
    const users = before?.users ?? new Set<object>();
    const wasUser = users.has(user);
    users.add(user);
    const shared: Shared = { subscription, ready: granted.promise, users };
    this.#shared.set(filter, shared);
    this.#apply()
      .then(() => this.#checkGranted(shared))
      .then(granted.resolve, granted.reject);
    try {
      await this.#granted(user, filter, shared);
    } catch (error) {
      if (!wasUser) {
        users.delete(user);
      }
      if (this.#shared.get(filter) === shared) {
        // What the broker refuses must not be asked for again with each connect.
        if (before === undefined || users.size === 0) {
          this.#shared.delete(filter);
        } else {
          this.#shared.set(filter, before);
        }
        this.#give();
      }
      throw error;
    }
  }

  async remove(user: object, filter: string): Promise<void> {
    if (this.#leave(user, filter)) {
      await this.#apply();
    }
  }

  /** Gives all back that the user had. */
  drop(user: object): void {
    const left = [...this.#shared.keys()].filter((filter) => this.#leave(user, filter));
    if (left.length > 0) {
      this.#give();
    }
  }

  /** Waits for the broker's answer, also to what took the place of it meanwhile: only the last one is answered. */
  async #granted(user: object, filter: string, shared: Shared): Promise<void> {
    await shared.ready;
    const now = this.#shared.get(filter);
    if (now !== undefined && now !== shared && now.users.has(user)) {
      await this.#granted(user, filter, now);
    }
  }

  #checkGranted({ subscription }: Shared): void {
    const result = this.#dependencies.resultOf(subscription.id);
    if (result?.kind === 'refused') {
      throw fail(
        'script.subscribe',
        `The broker refuses the subscription to “${subscription.filter}”: ${result.failure.message}`,
      );
    }
  }

  #countOf(user: object): number {
    return [...this.#shared.values()].filter(({ users }) => users.has(user)).length;
  }

  /** Whether nobody wants it any more. */
  #leave(user: object, filter: string): boolean {
    const users = this.#shared.get(filter)?.users;
    if (users?.delete(user) !== true || users.size > 0) {
      return false;
    }
    this.#shared.delete(filter);
    return true;
  }

  /** Without a connection there is nothing to give back. */
  #give(): void {
    this.#apply().catch(() => undefined);
  }

  #apply(): Promise<void> {
    return this.#dependencies.setTemporary(
      [...this.#shared.values()].map(({ subscription }) => subscription),
    );
  }
}
