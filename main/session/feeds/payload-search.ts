import type { RowSource } from '../log/chunk.ts';
import { foldCase } from '../tree/segments.ts';
import type { TimeBudget } from './time-budget.ts';

/** Bytes that are searched at once. */
const WINDOW_BYTES = 32 * 1024;
/** Payloads whose search is under way: the next of the new rows, and of the old ones. */
const MAX_OPEN = 2;

/** How far the search in one payload has come. */
interface Progress {
  /** Bytes that were searched. */
  searched: number;
  /** The end of what was searched, folded: a find may begin there. */
  tail: string;
}

/**
 * Finds a text in payloads, ignoring case. A payload is taken as UTF-8. For a text of ASCII many neighbouring
 * payloads are folded and searched as one string of bytes, which is ten times as fast as one by one; a large payload
 * is searched in windows, over as many calls as its size takes.
 */
export class PayloadSearch {
  readonly #text: string;
  readonly #isAscii: boolean;
  #source: RowSource | undefined;
  /** What was folded last: bytes from `#start` to `#end` of `#source`. */
  #start = 0;
  #end = 0;
  #folded = '';
  /** The first find at or after `#nextFrom`; -1: none. */
  #next = -1;
  #nextFrom = 0;
  /** By sequence number, for the payload may move in memory in the meantime. */
  readonly #open = new Map<number, Progress>();

  /** `folded` as by `foldCase`, not empty. */
  constructor(folded: string) {
    this.#text = folded;
    this.#isAscii = !/[^\x00-\x7f]/.test(folded);
  }

  /**
   * Is the text in a row's payload? Undefined: the time is over before that is known; asked for the same row again,
   * the search goes on where it was. Fastest when asked for rows in ascending order.
   */
  isIn(source: RowSource, row: number, sequence: number, budget: TimeBudget): boolean | undefined {
    const start = source.columns.offset[row] ?? 0;
    const length = source.columns.length[row] ?? 0;
    if (length > WINDOW_BYTES) {
      return this.#searchOn(source.bytes.subarray(start, start + length), sequence, budget);
    }
    if (!this.#isAscii) {
      budget.spend(length);
      return foldCase(source.bytes.toString('utf8', start, start + length)).includes(this.#text);
    }
    if (length < this.#text.length) {
      return false;
    }
    if (source !== this.#source || start < this.#start || start + length > this.#end) {
      this.#load(source, start, start + length);
      budget.spend(this.#end - this.#start);
    }
    return this.#finds(start - this.#start, start + length - this.#start);
  }

  #searchOn(payload: Buffer, sequence: number, budget: TimeBudget): boolean | undefined {
    const progress = this.#open.get(sequence) ?? { searched: 0, tail: '' };
    this.#open.delete(sequence);
    while (progress.searched < payload.length) {
      const from = progress.searched;
      const end = this.#isAscii
        ? Math.min(payload.length, from + WINDOW_BYTES)
        : characterBoundary(payload, from + WINDOW_BYTES);
      const folded = progress.tail + this.#fold(payload, from, end);
      budget.spend(end - from);
      if (folded.includes(this.#text)) {
        return true;
      }
      progress.searched = end;
      progress.tail = folded.slice(Math.max(0, folded.length - this.#text.length + 1));
      if (budget.isOver && end < payload.length) {
        this.#keep(sequence, progress);
        return undefined;
      }
    }
    return false;
  }

  #keep(sequence: number, progress: Progress): void {
    this.#open.set(sequence, progress);
    if (this.#open.size > MAX_OPEN) {
      // Its row has left the log, or it begins again.
      const [oldest] = this.#open.keys();
      this.#open.delete(oldest ?? sequence);
    }
  }

  /** Folding letter by letter: a text that is cut between two characters gives the same parts. */
  #fold(bytes: Buffer, from: number, end: number): string {
    return this.#isAscii
      ? bytes.toString('latin1', from, end).toLowerCase()
      : foldCase(bytes.toString('utf8', from, end));
  }

  #load(source: RowSource, start: number, end: number): void {
    // Going backwards, as through the history of a topic, what follows has been asked for already.
    const isBackwards = source === this.#source && start < this.#start;
    this.#source = source;
    this.#start = start;
    this.#end = isBackwards ? end : Math.min(source.used, start + WINDOW_BYTES);
    this.#folded = this.#fold(source.bytes, this.#start, this.#end);
    this.#next = this.#folded.indexOf(this.#text);
    this.#nextFrom = 0;
  }

  #finds(from: number, to: number): boolean {
    if (from < this.#nextFrom || (this.#next !== -1 && from > this.#next)) {
      this.#next = this.#folded.indexOf(this.#text, from);
      this.#nextFrom = from;
    }
    return this.#next !== -1 && this.#next + this.#text.length <= to;
  }
}

/**
 * The last place at or a little before `end` where UTF-8 may be cut so that both parts are decoded as they are
 * together, valid or not: before a byte that begins a character, or after more continuation bytes than one can have.
 */
function characterBoundary(bytes: Uint8Array, end: number): number {
  if (end >= bytes.length) {
    return bytes.length;
  }
  for (let at = end; at >= end - 3; at--) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) {
      return at;
    }
  }
  return end;
}
