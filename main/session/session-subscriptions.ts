import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { Subscription } from '#app/profile/profile.ts';
import type { Connector } from './connector/connector.ts';
import type { SubscriptionMatches } from './subscription-matches.ts';

export interface SessionSubscriptionsDependencies {
  readonly connector: () => Pick<Connector, 'setSubscriptions'>;
  readonly matches: Pick<SubscriptionMatches, 'setSubscriptions'>;
  readonly onChange: () => void;
}

/** What a session is subscribed to, and what the broker said to it. */
export class SessionSubscriptions {
  readonly #dependencies: SessionSubscriptionsDependencies;
  readonly #results = new Map<string, SubscriptionResult>();
  #own: readonly Subscription[] = [];
  /** For answers that are waited for, and of scripts; not the user's, and shown nowhere. */
  readonly #temporary = { requests: [] as readonly Subscription[], scripts: [] as readonly Subscription[] };

  constructor(dependencies: SessionSubscriptionsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Those of the user. */
  get own(): readonly Subscription[] {
    return this.#own;
  }

  /** Takes those of the user over. Resolves when the broker has answered, or at once without a connection. */
  set(subscriptions: readonly Subscription[]): Promise<void> {
    const { matches, onChange } = this.#dependencies;
    this.#own = subscriptions;
    matches.setSubscriptions(subscriptions);
    onChange();
    return this.#apply();
  }

  /** The same for those that something else needs. */
  setTemporary(whose: 'requests' | 'scripts', subscriptions: readonly Subscription[]): Promise<void> {
    this.#temporary[whose] = subscriptions;
    return this.#apply();
  }

  resultOf(subscriptionId: string): SubscriptionResult | undefined {
    return this.#results.get(subscriptionId);
  }

  noteResult(subscriptionId: string, result: SubscriptionResult): void {
    this.#results.set(subscriptionId, result);
    this.#dependencies.onChange();
  }

  #apply(): Promise<void> {
    const subscriptions = this.#all();
    const known = new Set(subscriptions.map(({ id }) => id));
    for (const id of [...this.#results.keys()]) {
      if (!known.has(id)) {
        this.#results.delete(id);
      }
    }
    return this.#dependencies.connector().setSubscriptions(subscriptions);
  }

  /**
   * Of those with the same filter the last one is what the broker is told, and all get its answer: that of the user,
   * else the one with the highest QoS.
   */
  #all(): readonly Subscription[] {
    const { requests, scripts } = this.#temporary;
    const temporary = [...requests, ...scripts].sort((one, other) => one.qos - other.qos);
    return [...temporary, ...this.#own];
  }
}
