import { LEARNED_INTERVALS, MIN_INTERVALS } from '#app/contract/feeds/silence.ts';

/** One in so many intervals is left out, the longest: an outage is not what is usual. */
const LEFT_OUT_PART = 8;
const FIRST_CAPACITY = 64;

const NEVER = Number.NEGATIVE_INFINITY;
const scratch = new Float32Array(LEARNED_INTERVALS);

/**
 * What is usual of the newest intervals: half of their time lies in intervals no longer than this one. A burst of
 * messages so counts as what it is, one long interval and a few short ones, and not as a topic that is always quiet.
 * The longest eighth is left out. `undefined`: too few.
 */
export function usualOf(intervals: Float32Array): number | undefined {
  const { length } = intervals;
  if (length < MIN_INTERVALS) {
    return undefined;
  }
  sortFew(intervals);
  const kept = length - Math.floor(length / LEFT_OUT_PART);
  let sum = 0;
  for (let index = 0; index < kept; index++) {
    sum += intervals[index] ?? 0;
  }
  let passed = 0;
  for (let index = 0; index < kept; index++) {
    passed += intervals[index] ?? 0;
    if (passed * 2 >= sum) {
      return intervals[index] ?? 0;
    }
  }
  return intervals[kept - 1] ?? 0;
}

/** By insertion: a few times faster than the array's own for so few. */
function sortFew(values: Float32Array): void {
  for (let index = 1; index < values.length; index++) {
    const value = values[index] ?? 0;
    let place = index;
    for (; place > 0 && (values[place - 1] ?? 0) > value; place--) {
      values[place] = values[place - 1] ?? 0;
    }
    values[place] = value;
  }
}

/** When messages came on many topics, a few numbers each; a slot is a topic. Times in milliseconds since the epoch. */
export class IntervalTable {
  #slots = 0;
  /** The last message that counted, and the last of any kind. */
  #lastAt = new Float64Array(FIRST_CAPACITY);
  #seenAt = new Float64Array(FIRST_CAPACITY);
  #messages = new Uint32Array(FIRST_CAPACITY);
  #recent = new Float32Array(FIRST_CAPACITY * LEARNED_INTERVALS);
  /** Intervals so far, up to twice the ring: then it goes back by one round. */
  #count = new Uint8Array(FIRST_CAPACITY);
  /** 1: between the last message and the next no other was missed. */
  #isWhole = new Uint8Array(FIRST_CAPACITY);
  #usual = new Float32Array(FIRST_CAPACITY);
  #isStale = new Uint8Array(FIRST_CAPACITY);

  get slots(): number {
    return this.#slots;
  }

  /** A new slot. */
  add(): number {
    if (this.#slots === this.#count.length) {
      this.#grow(this.#slots * 2);
    }
    const slot = this.#slots;
    this.#slots = slot + 1;
    this.#lastAt[slot] = NEVER;
    this.#seenAt[slot] = NEVER;
    this.#usual[slot] = Number.NaN;
    return slot;
  }

  /** When the last message that counts came; `-Infinity`: none did. */
  lastAt(slot: number): number {
    return this.#lastAt[slot] ?? NEVER;
  }

  /** When the last message of any kind came. */
  seenAt(slot: number): number {
    return this.#seenAt[slot] ?? NEVER;
  }

  messages(slot: number): number {
    return this.#messages[slot] ?? 0;
  }

  /** False: messages may have been missed since the last. */
  isWhole(slot: number): boolean {
    return this.#isWhole[slot] === 1;
  }

  /** Messages were missed: what comes next ends no interval. */
  forgetLast(): void {
    this.#isWhole.fill(0);
  }

  /** The last message is known to be the last that came. */
  confirm(slot: number): void {
    this.#isWhole[slot] = 1;
  }

  /** A message that does not count. */
  see(slot: number, at: number): void {
    this.#seenAt[slot] = at;
  }

  /** A message. It ends an interval unless that began before `from`, when nothing could be heard for a while. */
  arrive(slot: number, at: number, from: number): void {
    const last = this.#lastAt[slot] ?? NEVER;
    if (this.#isWhole[slot] === 1 && last >= from) {
      const count = this.#count[slot] ?? 0;
      this.#recent[slot * LEARNED_INTERVALS + (count % LEARNED_INTERVALS)] = Math.max(0, at - last);
      this.#count[slot] = count + 1 < 2 * LEARNED_INTERVALS ? count + 1 : LEARNED_INTERVALS;
      this.#isStale[slot] = 1;
    }
    this.#lastAt[slot] = at;
    this.#seenAt[slot] = at;
    this.#messages[slot] = (this.#messages[slot] ?? 0) + 1;
    this.#isWhole[slot] = 1;
  }

  /** The interval that the topic's messages usually come in; NaN: too few. Worked out when it is asked for. */
  usual(slot: number): number {
    if (this.#isStale[slot] === 1) {
      this.#isStale[slot] = 0;
      this.#usual[slot] = usualOf(this.#intervals(slot)) ?? Number.NaN;
    }
    return this.#usual[slot] ?? Number.NaN;
  }

  /** The shortest and the longest of what the usual interval was learned from. */
  range(slot: number): { readonly shortest: number; readonly longest: number } {
    let shortest = Number.POSITIVE_INFINITY;
    let longest = 0;
    for (const interval of this.#intervals(slot)) {
      shortest = Math.min(shortest, interval);
      longest = Math.max(longest, interval);
    }
    return { shortest, longest };
  }

  #intervals(slot: number): Float32Array {
    const length = Math.min(LEARNED_INTERVALS, this.#count[slot] ?? 0);
    const intervals = scratch.subarray(0, length);
    const start = slot * LEARNED_INTERVALS;
    intervals.set(this.#recent.subarray(start, start + length));
    return intervals;
  }

  #grow(capacity: number): void {
    const larger = <T extends Float64Array | Float32Array | Uint32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#lastAt = larger(new Float64Array(capacity), this.#lastAt);
    this.#seenAt = larger(new Float64Array(capacity), this.#seenAt);
    this.#messages = larger(new Uint32Array(capacity), this.#messages);
    this.#recent = larger(new Float32Array(capacity * LEARNED_INTERVALS), this.#recent);
    this.#count = larger(new Uint8Array(capacity), this.#count);
    this.#isWhole = larger(new Uint8Array(capacity), this.#isWhole);
    this.#usual = larger(new Float32Array(capacity), this.#usual);
    this.#isStale = larger(new Uint8Array(capacity), this.#isStale);
  }
}
