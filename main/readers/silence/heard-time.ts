import { compileFilter } from '#app/mqtt/topic.ts';
import type { ListeningChange } from '../session-listening.ts';

/**
 * The time in which a topic could be heard, out of the changes of what its session listens to. Milliseconds since the
 * epoch; the changes come in the order of their times.
 */
export class HeardTime {
  readonly #matches: (filter: string) => boolean;
  /** Moments at which it changed, whether something was heard from then on, and the time heard until then. */
  readonly #times: number[] = [];
  readonly #isHeard: boolean[] = [];
  readonly #sums: number[] = [];
  #matched = '';
  #replayFrom = Number.NEGATIVE_INFINITY;
  #keepsRetain = false;
  /** Place behind the last change before the moment that was asked for last. */
  #place = 0;

  /** `matches`: whether a filter of the session selects the topic. */
  constructor(matches: (filter: string) => boolean) {
    this.#matches = matches;
  }

  /** Something can be heard now. */
  get isHeard(): boolean {
    return this.#isHeard.at(-1) ?? true;
  }

  /** The last change, `-Infinity` before the first. */
  get changedAt(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** From here on the broker has sent what it retains: since the last time that a subscription joined. */
  get replayFrom(): number {
    return this.#replayFrom;
  }

  /** A message may have RETAIN set as it was published so. */
  get keepsRetain(): boolean {
    return this.#keepsRetain;
  }

  add({ at: time, isConnected, filters }: ListeningChange): void {
    // A clock that was set back must not take away what was heard.
    const at = Math.max(time, this.changedAt);
    const matching = isConnected ? filters.filter(({ filter }) => this.#matches(filter)) : [];
    const matched = matching.map(({ filter }) => filter).join(' ');
    const isHeard = matching.length > 0;
    if (matched !== this.#matched) {
      this.#matched = matched;
      this.#replayFrom = isHeard ? at : this.#replayFrom;
    }
    this.#keepsRetain = isHeard ? matching.some(({ keepsRetain }) => keepsRetain) : this.#keepsRetain;
    if (this.#times.length === 0 || isHeard !== this.isHeard) {
      this.#sums.push(this.#times.length === 0 ? 0 : this.until(at));
      this.#times.push(at);
      this.#isHeard.push(isHeard);
    }
  }

  /** Milliseconds heard until a moment, from an arbitrary beginning. Before the first change nothing was heard. */
  until(at: number): number {
    const { length } = this.#times;
    if (length === 0) {
      return at;
    }
    let low = 0;
    let high = length;
    // Nearly always it is behind the last change.
    if (at >= (this.#times[length - 1] ?? 0)) {
      low = length;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const place = low - 1;
    if (place < 0) {
      return 0;
    }
    const since = this.#isHeard[place] === true ? at - (this.#times[place] ?? 0) : 0;
    return (this.#sums[place] ?? 0) + since;
  }

  /** The last change at or before a moment; moments are asked for in their order, so that this costs next to nothing. */
  lastChange(at: number): number {
    while (this.#place < this.#times.length && (this.#times[this.#place] ?? 0) <= at) {
      this.#place += 1;
    }
    return this.#times[this.#place - 1] ?? Number.NEGATIVE_INFINITY;
  }
}

/** The topics of a session by what selects them: those that the same filters match share their {@link HeardTime}. */
export class HeardTopics {
  readonly #filters: string[] = [];
  readonly #matchers: ((topic: string) => boolean)[] = [];
  readonly #places = new Map<string, number>();
  readonly #classes: HeardTime[] = [];
  readonly #byKey = new Map<string, number>();
  #changes: readonly ListeningChange[] = [];
  #last: ListeningChange | undefined;
  #revision = 0;

  /** Grows when there are filters that topics were not held against: their classes are void. */
  get revision(): number {
    return this.#revision;
  }

  /** The connection is up, as far as is known. */
  get isConnected(): boolean {
    return this.#last?.isConnected ?? true;
  }

  /** Takes over what is new in a session's list of changes. */
  follow(changes: readonly ListeningChange[]): void {
    if (changes === this.#changes) {
      return;
    }
    const known = this.#last === undefined ? -1 : changes.lastIndexOf(this.#last);
    this.#changes = changes;
    for (const change of changes.slice(known + 1)) {
      this.#last = change;
      for (const { filter } of change.filters) {
        if (!this.#places.has(filter)) {
          this.#places.set(filter, this.#filters.length);
          this.#filters.push(filter);
          this.#matchers.push(compileFilter(filter));
          this.#revision += 1;
        }
      }
      for (const each of this.#classes) {
        each.add(change);
      }
    }
  }

  /** When the connection went down; `undefined` while it is up. */
  get offlineSince(): number | undefined {
    let since: number | undefined;
    for (let index = this.#changes.length - 1; this.#changes[index]?.isConnected === false; index--) {
      since = this.#changes[index]?.at;
    }
    return since;
  }

  /** The class of a topic, until {@link revision} grows. */
  classOf(topic: string): number {
    const matched = new Set<number>();
    for (const [place, matches] of this.#matchers.entries()) {
      if (matches(topic)) {
        matched.add(place);
      }
    }
    const key = [...matched].join();
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      return known;
    }
    const heard = new HeardTime((filter) => matched.has(this.#places.get(filter) ?? -1));
    for (const change of this.#changes) {
      heard.add(change);
    }
    const made = this.#classes.length;
    this.#classes.push(heard);
    this.#byKey.set(key, made);
    return made;
  }

  heard(place: number): HeardTime {
    return this.#classes[place] ?? everything;
  }
}

/** Where nothing is known of what is listened to. */
const everything = new HeardTime(() => true);
