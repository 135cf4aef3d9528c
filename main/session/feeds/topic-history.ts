import type { MessageLog } from '../log/message-log.ts';
import { RowIndex } from './row-list.ts';
import type { RowMatcher } from './row-matcher.ts';
import { ROW_COST, TimeBudget } from './time-budget.ts';

/**
 * The history of one topic, found by walking from each message to the one before it. The newest received message
 * may have outlived all others around it: it is not part of the walk, and stands before what the stream holds.
 */
export class TopicHistory extends RowIndex {
  readonly #topicId: number;
  readonly #matcher: RowMatcher;
  /** The newest row that is known, and the next older one to look at (0: none). */
  #newest = 0;
  #older = 0;
  /** Rows that are known and still to be looked at, the oldest last. */
  #unseen: number[] = [];
  /** The last row that stood before the stream; `isMatch` is undefined while its payload is searched. */
  #kept: { readonly sequence: number; isMatch: boolean | undefined } = { sequence: 0, isMatch: false };
  #hasBegun = false;

  constructor(log: MessageLog, topicId: number, matcher: RowMatcher) {
    super(log);
    this.#topicId = topicId;
    this.#matcher = matcher;
  }

  get isScanning(): boolean {
    return this.#older !== 0 || this.#kept.isMatch === undefined;
  }

  advance(deadline: number): boolean {
    const { log } = this;
    const budget = new TimeBudget(deadline);
    const first = log.firstSequence;
    this.trim((sequence) => sequence < first);
    const newest = log.newestOf(this.#topicId);
    if (!this.#hasBegun || (newest > this.#newest && !this.#noteNew(newest, budget))) {
      // Or so much came that walking back through it takes too long: begin again from the newest.
      this.restart();
      this.#hasBegun = true;
      this.#unseen = [];
      this.#older = newest;
    }
    this.#newest = Math.max(newest, this.#newest);
    if (!this.#takeNew(first, budget) || !this.#takeOlder(first, budget)) {
      return true;
    }
    return !this.#takeKept(budget);
  }

  /** Notes what came since the last call. False: gave up at the deadline. */
  #noteNew(newest: number, budget: TimeBudget): boolean {
    const found: number[] = [];
    const after = Math.max(this.#newest, this.log.firstSequence - 1);
    for (let sequence = newest; sequence > after; sequence = this.log.previousOf(sequence)) {
      found.push(sequence);
      budget.spend(ROW_COST);
      if (budget.isOver) {
        return false;
      }
    }
    this.#unseen = [...found, ...this.#unseen];
    return true;
  }

  /** Appends those of the new rows that match. False: there is more to look at. */
  #takeNew(first: number, budget: TimeBudget): boolean {
    for (let next = this.#unseen.at(-1); next !== undefined; next = this.#unseen.at(-1)) {
      const isMatch = next >= first && this.#isMatch(next, budget);
      if (isMatch === undefined) {
        return false;
      }
      this.#unseen.pop();
      if (isMatch) {
        this.list.append(next);
      }
      if (budget.isOver && this.#unseen.length > 0) {
        return false;
      }
    }
    return true;
  }

  /** Walks back, prepending what matches. False: there is more to look at. */
  #takeOlder(first: number, budget: TimeBudget): boolean {
    while (this.#older >= first) {
      const isMatch = this.#isMatch(this.#older, budget);
      if (isMatch === undefined) {
        return false;
      }
      if (isMatch) {
        this.prepend(this.#older);
      }
      this.#older = this.log.previousOf(this.#older);
      if (budget.isOver && this.#older >= first) {
        return false;
      }
    }
    this.#older = 0;
    return true;
  }

  /** Prepends the row that outlived the stream, if it matches. False: that is not known yet. */
  #takeKept(budget: TimeBudget): boolean {
    const sequence = this.log.keptOf(this.#topicId);
    if (sequence !== this.#kept.sequence) {
      this.#kept = { sequence, isMatch: sequence === 0 ? false : undefined };
    }
    // Looked at once: a large one would be searched again with each window.
    this.#kept.isMatch ??= this.#isMatch(sequence, budget);
    if (this.#kept.isMatch === true) {
      this.prepend(sequence);
    }
    return this.#kept.isMatch !== undefined;
  }

  #isMatch(sequence: number, budget: TimeBudget): boolean | undefined {
    const place = this.log.find(sequence);
    return place === undefined ? false : this.#matcher.matches(place.source, place.row, sequence, budget);
  }
}
