import type { MessageLog } from '../log/message-log.ts';
import type { RowMatcher } from './row-matcher.ts';
import { SequenceList } from './sequence-list.ts';

/** The rows of a stream of messages, oldest first. */
export interface RowList {
  readonly length: number;
  /** The sequence number of a row; 0 outside of the list. */
  at(row: number): number;
  /** Rows with a smaller sequence number. */
  lowerBound(sequence: number): number;
  /** Rows gone at the front: added to a row's number it gives one that does not change. */
  readonly evictedRows: number;
  /** Old messages are still being searched. */
  readonly isScanning: boolean;
  /** Takes in what is new and searches on until `deadline` (`performance.now()`). True: there is more to do. */
  advance(deadline: number): boolean;
}

/** The whole log: needs no index. */
export class WholeLog implements RowList {
  readonly isScanning = false;
  readonly #log: MessageLog;

  constructor(log: MessageLog) {
    this.#log = log;
  }

  get length(): number {
    return this.#log.newestSequence - this.#log.firstSequence + 1;
  }

  get evictedRows(): number {
    return this.#log.firstSequence - 1;
  }

  at(row: number): number {
    return row >= 0 && row < this.length ? this.#log.firstSequence + row : 0;
  }

  lowerBound(sequence: number): number {
    return Math.min(this.length, Math.max(0, sequence - this.#log.firstSequence));
  }

  advance(): boolean {
    return false;
  }
}

/** Rows that are looked at between two looks at the clock. */
const BLOCK = 512;

/** What the two indexes share: the list, and how it stays stable while it grows and shrinks at the front. */
abstract class RowIndex implements RowList {
  protected readonly log: MessageLog;
  protected list = new SequenceList();
  /** Begins with as many rows as could be found before the first one: counting down never gets below zero. */
  #gone = 0;

  protected constructor(log: MessageLog) {
    this.log = log;
    this.restart();
  }

  get length(): number {
    return this.list.length;
  }

  get evictedRows(): number {
    return this.#gone;
  }

  abstract get isScanning(): boolean;
  abstract advance(deadline: number): boolean;

  at(row: number): number {
    return this.list.at(row);
  }

  lowerBound(sequence: number): number {
    return this.list.lowerBound(sequence);
  }

  protected prepend(sequence: number): void {
    this.list.prepend(sequence);
    this.#gone -= 1;
  }

  /** Forgets all rows, and with them the numbers that they had. */
  protected restart(): void {
    this.list = new SequenceList();
    // One more for a message that came and left the stream unseen, and is found as the newest of its topic.
    this.#gone = this.log.newestSequence + 1;
  }

  protected trim(isGone: (sequence: number) => boolean): void {
    this.#gone += this.list.dropWhile(isGone);
  }
}

/** The rows of the log that a filter selects. New rows are taken in as they come, old ones searched backwards. */
export class FilteredLog extends RowIndex {
  readonly #matcher: RowMatcher;
  /** Rows from here to `#high`, exclusive, were looked at. */
  #low: number;
  #high: number;

  constructor(log: MessageLog, matcher: RowMatcher) {
    super(log);
    this.#matcher = matcher;
    this.#low = log.newestSequence + 1;
    this.#high = this.#low;
  }

  get isScanning(): boolean {
    return this.#low > this.log.firstSequence;
  }

  advance(deadline: number): boolean {
    const first = this.log.firstSequence;
    this.trim((sequence) => sequence < first);
    this.#high = Math.max(this.#high, first);
    while (this.#high <= this.log.newestSequence) {
      this.#high = this.#scan(this.#high, Number.POSITIVE_INFINITY, (sequence) => this.list.append(sequence));
      if (performance.now() > deadline) {
        return true;
      }
    }
    while (this.isScanning) {
      this.#scanBackwards();
      if (performance.now() > deadline) {
        return true;
      }
    }
    return false;
  }

  #scanBackwards(): void {
    const chunk = this.log.chunkAt(this.#low - 1);
    const from = Math.max(this.log.firstSequence, chunk?.first ?? 0, this.#low - BLOCK);
    const found: number[] = [];
    // Upwards within the block: the search in payloads is made for that.
    this.#scan(from, this.#low, (sequence) => found.push(sequence));
    for (let index = found.length - 1; index >= 0; index--) {
      this.prepend(found[index] ?? 0);
    }
    this.#low = from;
  }

  /** Looks at the rows of one chunk from `from` on, a block at most and none from `end` on. Returns the next row. */
  #scan(from: number, end: number, onMatch: (sequence: number) => void): number {
    const chunk = this.log.chunkAt(from);
    if (chunk === undefined) {
      return from + 1;
    }
    const stop = Math.min(chunk.end, end, from + BLOCK);
    for (let sequence = from; sequence < stop; sequence++) {
      if (this.#matcher.matches(chunk, sequence - chunk.first)) {
        onMatch(sequence);
      }
    }
    return stop;
  }
}

/**
 * The history of one topic, found by walking from each message to the one before it. The newest received message
 * may have outlived all others around it: it is not part of the walk, and stands before what the stream holds.
 */
export class TopicHistory extends RowIndex {
  readonly #topicId: number;
  readonly #matcher: RowMatcher;
  /** The newest row that was taken in, and the next older one to look at (0: none). */
  #newest = 0;
  #older = 0;
  #hasBegun = false;

  constructor(log: MessageLog, topicId: number, matcher: RowMatcher) {
    super(log);
    this.#topicId = topicId;
    this.#matcher = matcher;
  }

  get isScanning(): boolean {
    return this.#older !== 0;
  }

  advance(deadline: number): boolean {
    const { log } = this;
    const first = log.firstSequence;
    this.trim((sequence) => sequence < first);
    const newest = log.newestOf(this.#topicId);
    if (!this.#hasBegun || (newest > this.#newest && !this.#takeNew(newest, deadline))) {
      // Or so much came that walking back through it takes too long: begin again from the newest.
      this.restart();
      this.#hasBegun = true;
      this.#older = newest;
    }
    this.#newest = Math.max(newest, this.#newest);
    let steps = 0;
    while (this.#older >= first) {
      if (this.#isMatch(this.#older)) {
        this.prepend(this.#older);
      }
      this.#older = log.previousOf(this.#older);
      steps += 1;
      if (steps % BLOCK === 0 && performance.now() > deadline && this.#older >= first) {
        return true;
      }
    }
    this.#older = 0;
    const kept = log.keptOf(this.#topicId);
    if (kept !== 0 && this.#isMatch(kept)) {
      this.prepend(kept);
    }
    return false;
  }

  /** Appends what came since the last call. False: gave up at the deadline. */
  #takeNew(newest: number, deadline: number): boolean {
    const found: number[] = [];
    const after = Math.max(this.#newest, this.log.firstSequence - 1);
    let steps = 0;
    for (let sequence = newest; sequence > after; sequence = this.log.previousOf(sequence)) {
      found.push(sequence);
      steps += 1;
      if (steps % BLOCK === 0 && performance.now() > deadline) {
        return false;
      }
    }
    for (const sequence of found.reverse()) {
      if (this.#isMatch(sequence)) {
        this.list.append(sequence);
      }
    }
    return true;
  }

  #isMatch(sequence: number): boolean {
    const place = this.log.find(sequence);
    return place !== undefined && this.#matcher.matches(place.source, place.row);
  }
}
