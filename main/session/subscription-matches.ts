import { compileFilter } from '#app/mqtt/topic.ts';
import type { ProfileColor, Subscription } from '#app/profile/profile.ts';

/** A distinct set of subscriptions that select the same topics. */
interface MatchSet {
  /** Ids of the enabled subscriptions in it. */
  readonly ids: readonly string[];
  readonly filters: readonly string[];
  readonly color: ProfileColor | undefined;
  /** Some subscription matches, and all that do are muted. */
  readonly isMuted: boolean;
  messages: number;
}

/** So many subscriptions fit the bits of a small integer. */
const SMALL = 30;

interface CompiledSubscription {
  readonly subscription: Subscription;
  readonly matches: (topic: string) => boolean;
}

/**
 * Which subscriptions a topic belongs to, worked out once per topic and remembered by its id until the
 * subscriptions change. Counting a message is then one array look-up, however many subscriptions there are.
 */
export class SubscriptionMatches {
  readonly #topicOf: (topicId: number) => string;
  #subscriptions: readonly Subscription[] = [];
  #compiled: readonly CompiledSubscription[] = [];
  /** By topic id: index of its set in `#sets`; 0: not worked out yet. */
  #setOf = new Uint32Array(1024);
  #sets: MatchSet[] = [];
  #setByKey = new Map<number | bigint, number>();
  /** Messages by subscription id, as of the last change of the subscriptions. */
  readonly #counted = new Map<string, number>();
  #version = 0;
  #mutingVersion = 0;

  constructor(topicOf: (topicId: number) => string) {
    this.#topicOf = topicOf;
    this.#reset();
  }

  /** The whole list, in the user's order. */
  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions;
  }

  /** Grows when colours or matches may have changed. */
  get version(): number {
    return this.#version;
  }

  /** Grows when other topics than before may be muted. */
  get mutingVersion(): number {
    return this.#mutingVersion;
  }

  get hasMuted(): boolean {
    return this.#compiled.some(({ subscription }) => subscription.muted);
  }

  /** Replaces the list. Counts go on, but for a subscription whose filter is another now. */
  setSubscriptions(subscriptions: readonly Subscription[]): void {
    const before = new Map(this.#subscriptions.map((subscription) => [subscription.id, subscription]));
    const counts = subscriptions.map(({ id, filter }) =>
      before.get(id)?.filter === filter ? this.messages(id) : 0,
    );
    const mutingBefore = this.#mutingKey();
    this.#subscriptions = subscriptions;
    this.#counted.clear();
    for (const [index, { id }] of subscriptions.entries()) {
      this.#counted.set(id, counts[index] ?? 0);
    }
    this.#compiled = subscriptions
      .filter(({ enabled }) => enabled)
      .map((subscription) => ({ subscription, matches: compileFilter(subscription.filter) }));
    this.#reset();
    this.#version += 1;
    if (this.#mutingKey() !== mutingBefore) {
      this.#mutingVersion += 1;
    }
  }

  /** Counts a received message. The hot path: one look-up for a topic that was seen before. */
  count(topicId: number): void {
    const set = this.#sets[topicId < this.#setOf.length ? (this.#setOf[topicId] ?? 0) : 0];
    if (set === undefined || set === this.#sets[0]) {
      this.#setFor(topicId).messages += 1;
    } else {
      set.messages += 1;
    }
  }

  /** Messages received that match a subscription. */
  messages(subscriptionId: string): number {
    let total = this.#counted.get(subscriptionId) ?? 0;
    for (const set of this.#sets) {
      if (set.ids.includes(subscriptionId)) {
        total += set.messages;
      }
    }
    return total;
  }

  /** Colour of the first subscription that matches, unmuted ones first. */
  colorOf(topicId: number): ProfileColor | undefined {
    return this.#setFor(topicId).color;
  }

  isMuted(topicId: number): boolean {
    return this.#setFor(topicId).isMuted;
  }

  /** Filters of the enabled subscriptions that match. */
  filtersOf(topicId: number): readonly string[] {
    return this.#setFor(topicId).filters;
  }

  #setFor(topicId: number): MatchSet {
    const known = this.#sets[this.#setOf[topicId] ?? 0];
    return known === undefined || known === this.#sets[0] ? this.#workOut(topicId) : known;
  }

  #workOut(topicId: number): MatchSet {
    const topic = this.#topicOf(topicId);
    // A bit for each subscription that matches: runs once per topic, and there may be a million of them.
    let bits = 0n;
    let lowBits = 0;
    for (let index = 0; index < this.#compiled.length; index++) {
      if (this.#compiled[index]?.matches(topic) === true) {
        if (index < SMALL) {
          lowBits |= 1 << index;
        } else {
          bits |= 1n << BigInt(index);
        }
      }
    }
    const key = bits === 0n ? lowBits : bits | BigInt(lowBits);
    const index = this.#setByKey.get(key) ?? this.#addSet(key, topic);
    if (topicId >= this.#setOf.length) {
      const larger = new Uint32Array(Math.max(topicId + 1, Math.ceil(this.#setOf.length * 1.5)));
      larger.set(this.#setOf);
      this.#setOf = larger;
    }
    this.#setOf[topicId] = index;
    return this.#sets[index] ?? unknownSet();
  }

  #addSet(key: number | bigint, topic: string): number {
    const matching = this.#compiled
      .filter(({ matches }) => matches(topic))
      .map(({ subscription }) => subscription);
    const index = this.#sets.length;
    this.#setByKey.set(key, index);
    this.#sets.push({
      ids: matching.map(({ id }) => id),
      filters: matching.map(({ filter }) => filter),
      color: (matching.find(({ muted }) => !muted) ?? matching[0])?.color,
      isMuted: matching.length > 0 && matching.every(({ muted }) => muted),
      messages: 0,
    });
    return index;
  }

  #reset(): void {
    this.#setOf.fill(0);
    this.#sets = [unknownSet()];
    this.#setByKey = new Map();
  }

  #mutingKey(): string {
    return this.hasMuted
      ? this.#compiled.map(({ subscription }) => `${subscription.muted}${subscription.filter}`).join('\n')
      : '';
  }
}

/** Stands at index 0: a topic that was not worked out yet. */
function unknownSet(): MatchSet {
  return { ids: [], filters: [], color: undefined, isMuted: false, messages: 0 };
}
