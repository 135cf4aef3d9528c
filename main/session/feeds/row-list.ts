import type { MessageLog } from '../log/message-log.ts';
import type { RowMatcher } from './row-matcher.ts';
import { SequenceList } from './sequence-list.ts';
import { TimeBudget } from './time-budget.ts';

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

/** What the two indexes share: the list, and how it stays stable while it grows and shrinks at the front. */
export abstract class RowIndex implements RowList {
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

/** Old rows that are searched upwards before they are prepended. */
const BLOCK = 512;

/** Old rows of one chunk, looked at from `from` on, `next` being the next. */
interface Block {
  readonly from: number;
  next: number;
  readonly found: number[];
}

/** The rows of the log that a filter selects. New rows are taken in as they come, old ones searched backwards. */
export class FilteredLog extends RowIndex {
  readonly #matcher: RowMatcher;
  /** Rows from here to `#high`, exclusive, were looked at. */
  #low: number;
  #high: number;
  /** The old rows up to `#low` that are being looked at. */
  #block: Block | undefined;

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
    const budget = new TimeBudget(deadline);
    const first = this.log.firstSequence;
    this.trim((sequence) => sequence < first);
    this.#high = Math.max(this.#high, first);
    while (this.#high <= this.log.newestSequence) {
      const end = this.log.newestSequence + 1;
      this.#high = this.#scan(this.#high, end, budget, (sequence) => this.list.append(sequence));
      if (budget.isOver) {
        return true;
      }
    }
    while (this.isScanning) {
      this.#scanBackwards(first, budget);
      if (budget.isOver) {
        return true;
      }
    }
    this.#block = undefined;
    return false;
  }

  #scanBackwards(first: number, budget: TimeBudget): void {
    this.#block ??= this.#nextBlock(first);
    const { from, next, found } = this.#block;
    // Upwards within the block: the search in payloads is made for that.
    this.#block.next = this.#scan(Math.max(next, first), this.#low, budget, (sequence) =>
      found.push(sequence),
    );
    if (this.#block.next < this.#low) {
      return;
    }
    for (const sequence of found.reverse()) {
      if (sequence >= first) {
        this.prepend(sequence);
      }
    }
    this.#low = from;
    this.#block = undefined;
  }

  #nextBlock(first: number): Block {
    const chunk = this.log.chunkAt(this.#low - 1);
    const from = Math.max(first, chunk?.first ?? 0, this.#low - BLOCK);
    return { from, next: from, found: [] };
  }

  /** Looks at the rows of one chunk from `from` on, none from `end` on, while there is time. Returns the next row. */
  #scan(from: number, end: number, budget: TimeBudget, onMatch: (sequence: number) => void): number {
    const chunk = this.log.chunkAt(from);
    if (chunk === undefined) {
      return from + 1;
    }
    const stop = Math.min(chunk.end, end);
    let sequence = from;
    while (sequence < stop && !budget.isOver) {
      const isMatch = this.#matcher.matches(chunk, sequence - chunk.first, sequence, budget);
      if (isMatch === undefined) {
        break;
      }
      if (isMatch) {
        onMatch(sequence);
      }
      sequence += 1;
    }
    return sequence;
  }
}
