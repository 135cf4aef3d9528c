import {
  type SilenceSort,
  type SilenceState,
  silenceState,
  timesUsual,
} from '#app/contract/feeds/silence.ts';
import { compileFilter, hasWildcard, topicFilterProblem } from '#app/mqtt/topic.ts';
import { silentFor } from './rhythm.ts';
import type { SilenceScan } from './silence-scan.ts';

/** What is shown, and in which order. */
export interface SilenceView {
  readonly text: string;
  readonly state: SilenceState | 'all';
  readonly factor: number;
  readonly sort: { readonly by: SilenceSort; readonly descending: boolean };
}

/** A place in the order is one number: what it is sorted by, and the slot in its lowest 20 bits. */
const SLOT_BITS = 2 ** 20;
const MAX_RANK = 2 ** 32 - 1;

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** Whole numbers that are in the order of what they stand for: a float that is not negative, as its bits. */
function rankOf(value: number): number {
  asFloat[0] = Math.max(0, value);
  return asBits[0] ?? 0;
}

/** Which topics are shown in which order. Made anew as a whole: for 200,000 topics that takes a few hundredths of a second. */
export class SilenceOrder {
  readonly #scan: SilenceScan;
  #text = '';
  #matches: (topic: string) => boolean = () => true;
  /** By slot: 0 not looked at yet, 1 matches, 2 does not. */
  #matched = new Uint8Array(0);
  #keys = new Float64Array(0);
  #slots: Uint32Array = new Uint32Array(0);
  #topics = 0;
  #counts: Record<SilenceState, number> = noCounts();
  /** Slots by topic, as far as there were any, and the place of each. */
  #byTopic: number[] = [];
  #topicRanks = new Uint32Array(0);

  constructor(scan: SilenceScan) {
    this.#scan = scan;
  }

  /** Topics that there were when the order was made. */
  get topics(): number {
    return this.#topics;
  }

  /** Slots in the order of the rows. */
  get slots(): Uint32Array {
    return this.#slots;
  }

  get counts(): Readonly<Record<SilenceState, number>> {
    return this.#counts;
  }

  /** `keepsPlaces`: rows stay where they are, also those that no longer fit; new ones go to the end. */
  update({ text, state, factor, sort }: SilenceView, now: number, keepsPlaces: boolean): void {
    const { table, heard } = this.#scan;
    const { slots } = table;
    this.#topics = slots;
    this.#setText(text, slots);
    if (this.#keys.length < slots) {
      this.#keys = new Float64Array(Math.ceil(slots * 1.5));
    }
    if (sort.by === 'topic') {
      this.#rankTopics();
    }
    const keys = this.#keys;
    const counts = noCounts();
    const placed = keepsPlaces ? new Set(this.#slots) : undefined;
    let shown = 0;
    for (let slot = 0; slot < slots; slot++) {
      if (!this.#isMatch(slot)) {
        continue;
      }
      const heardTime = heard.heard(this.#scan.classOf(slot));
      const length = silentFor(heardTime, this.#scan.silentFrom(slot), now);
      const usual = table.usual(slot);
      const isLearned = !Number.isNaN(usual);
      const stateNow = silenceState(length, isLearned ? usual : undefined, factor, heardTime.isHeard);
      counts[stateNow] += 1;
      if ((state === 'all' || state === stateNow) && placed?.has(slot) !== true) {
        const rank = this.#rank(sort.by, slot, now, length, isLearned ? usual : undefined);
        const turned = rank === undefined ? MAX_RANK : sort.descending ? MAX_RANK - 1 - rank : rank;
        keys[shown] = turned * SLOT_BITS + slot;
        shown += 1;
      }
    }
    this.#counts = counts;
    const sorted = keys.subarray(0, shown).sort();
    const before = placed === undefined ? 0 : this.#slots.length;
    const next = new Uint32Array(before + shown);
    next.set(this.#slots.subarray(0, before));
    for (let place = 0; place < shown; place++) {
      next[before + place] = (sorted[place] ?? 0) % SLOT_BITS;
    }
    this.#slots = next;
  }

  /** `undefined`: goes to the end in either direction. */
  #rank(
    by: SilenceSort,
    slot: number,
    now: number,
    length: number | undefined,
    usual: number | undefined,
  ): number | undefined {
    const { table } = this.#scan;
    switch (by) {
      case 'times':
        return usual === undefined || length === undefined ? undefined : rankOf(timesUsual(length, usual));
      case 'topic':
        return this.#topicRanks[slot];
      case 'age': {
        const last = table.lastAt(slot);
        return last === Number.NEGATIVE_INFINITY ? undefined : rankOf(now - last);
      }
      case 'usual':
        return usual === undefined ? undefined : rankOf(usual);
      case 'spread': {
        if (usual === undefined) {
          return undefined;
        }
        const { shortest, longest } = table.range(slot);
        return rankOf((longest - shortest) / Math.max(usual, 1));
      }
      case 'messages':
        return rankOf(table.messages(slot));
    }
  }

  #setText(text: string, slots: number): void {
    if (text !== this.#text) {
      this.#text = text;
      this.#matches = textMatcher(text);
      this.#matched = new Uint8Array(slots);
    } else if (this.#matched.length < slots) {
      const larger = new Uint8Array(Math.ceil(slots * 1.5));
      larger.set(this.#matched);
      this.#matched = larger;
    }
  }

  #isMatch(slot: number): boolean {
    if (this.#matched[slot] === 0) {
      this.#matched[slot] = this.#matches(this.#scan.topics[slot] ?? '') ? 1 : 2;
    }
    return this.#matched[slot] === 1;
  }

  /** New topics are sorted among themselves and then merged in: most of them are known. */
  #rankTopics(): void {
    const { topics } = this.#scan;
    const known = this.#byTopic;
    if (known.length === topics.length) {
      return;
    }
    const nameOf = (slot: number | undefined) => topics[slot ?? 0] ?? '';
    const compare = (a: number, b: number) => (nameOf(a) < nameOf(b) ? -1 : 1);
    const added = Array.from({ length: topics.length - known.length }, (_, index) => known.length + index);
    added.sort(compare);
    const merged: number[] = [];
    let place = 0;
    for (const slot of added) {
      while (place < known.length && nameOf(known[place]) < nameOf(slot)) {
        merged.push(known[place] ?? 0);
        place += 1;
      }
      merged.push(slot);
    }
    this.#byTopic = merged.concat(known.slice(place));
    this.#topicRanks = new Uint32Array(topics.length);
    for (const [rank, slot] of this.#byTopic.entries()) {
      this.#topicRanks[slot] = rank;
    }
  }
}

function textMatcher(text: string): (topic: string) => boolean {
  if (hasWildcard(text) && topicFilterProblem(text) === undefined) {
    return compileFilter(text);
  }
  const part = text.toLowerCase();
  return (topic) => topic.toLowerCase().includes(part);
}

function noCounts(): Record<SilenceState, number> {
  return { quiet: 0, late: 0, onTime: 0, learning: 0, unheard: 0 };
}
