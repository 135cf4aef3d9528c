import type { LogReader, RowBlock } from '../../session/log/log-reader.ts';
import { isOver, type QueryMatcher } from './query-matcher.ts';

/** Rows and bytes of one block: where bytes are searched as they are, and where each payload is decoded. */
const FAST = { rows: 16_384, bytes: 4 * 1024 * 1024 };
const SLOW = { rows: 512, bytes: 256 * 1024 };

/**
 * Goes through all that a log keeps and then along with it: from the newest message back while new ones join, or from
 * the oldest on. Results are sequence numbers.
 */
export class SearchScan {
  readonly #matcher: QueryMatcher;
  readonly #isBackwards: boolean;
  /** Found and no longer in the stream, but the newest of their topics; ascending. */
  #kept: number[] = [];
  #keptLeft: readonly number[] | undefined;
  #keptAt = 0;
  #keptFound: number[] = [];
  /** Found going back, so descending; and found going on, ascending. */
  readonly #older: number[] = [];
  #newer: number[] = [];
  #head = 0;
  #isBegun = false;
  #isBackDone = false;
  #isKeptDone = false;
  /** The next message going on; all from `#back` to the start are searched going back. */
  #next = 0;
  #back = 0;
  #begin = 0;
  /** Part of the way back that is being searched, forwards. */
  #part: { at: number; readonly end: number; readonly found: number[] } | undefined;
  #progress = 0;

  constructor(matcher: QueryMatcher, isBackwards: boolean) {
    this.#matcher = matcher;
    this.#isBackwards = isBackwards;
  }

  /** How much of what was kept at the start was searched, from 0 to 1. */
  get progress(): number {
    return this.#progress;
  }

  get isDone(): boolean {
    return this.#progress === 1;
  }

  get total(): number {
    return this.#kept.length + this.#older.length + this.#newer.length - this.#head;
  }

  /** The result at a place; 0 is the oldest. */
  at(index: number): number | undefined {
    const kept = this.#kept.length;
    if (index < kept) {
      return this.#kept[index];
    }
    const back = kept + this.#older.length;
    return index < back ? this.#older[back - 1 - index] : this.#newer[this.#head + index - back];
  }

  /** The place of the first result at or after a sequence number. */
  lowerBound(sequence: number): number {
    let low = 0;
    let high = this.total;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle) ?? 0) < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Searches on until the deadline; true: there is more, and nothing to wait for. */
  advance(reader: LogReader, deadline: number): boolean {
    this.#trim(reader);
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#begin = reader.firstSequence;
      this.#back = reader.newestSequence + 1;
      this.#next = this.#isBackwards ? this.#back : this.#begin;
      this.#isBackDone = !this.#isBackwards;
    }
    // Going back, the newest come first; else what outlived the stream comes before it.
    const steps = this.#isBackwards ? backwards : forwards;
    for (const step of steps) {
      const state =
        step === 'back'
          ? this.#goBack(reader, deadline)
          : step === 'kept'
            ? this.#searchKept(reader, deadline)
            : this.#goOn(reader, deadline);
      if (state !== 'done') {
        this.#noteProgress(reader);
        return state === 'more';
      }
    }
    this.#progress = 1;
    return false;
  }

  /** Takes what was found off, for who works through it in order. */
  takeFound(): readonly number[] {
    const taken = [...this.#kept, ...this.#newer.slice(this.#head)];
    this.#kept = [];
    this.#newer = [];
    this.#head = 0;
    return taken;
  }

  /** These are gone, as was seen while reading them. */
  forget(sequences: ReadonlySet<number>): void {
    this.#kept = this.#kept.filter((sequence) => !sequences.has(sequence));
  }

  #goOn(reader: LogReader, deadline: number): State {
    this.#next = Math.max(this.#next, reader.firstSequence);
    while (this.#next <= reader.newestSequence) {
      const block = this.#block(reader, this.#next, Number.POSITIVE_INFINITY);
      if (block === undefined) {
        // News of the memory is late, or it went just now.
        return 'wait';
      }
      const found = this.#search(block);
      if (found === undefined) {
        return 'wait';
      }
      for (const row of found) {
        this.#newer.push(block.first + row);
      }
      this.#next = block.first + block.end;
      if (isOver(deadline)) {
        return 'more';
      }
    }
    return 'done';
  }

  #goBack(reader: LogReader, deadline: number): State {
    while (!this.#isBackDone) {
      const first = reader.firstSequence;
      if (this.#part === undefined) {
        if (this.#back <= first) {
          this.#isBackDone = true;
          break;
        }
        const rows = this.#matcher.isSlow ? SLOW.rows : FAST.rows;
        this.#part = { at: Math.max(first, this.#back - rows), end: this.#back, found: [] };
        this.#back = this.#part.at;
      }
      const part = this.#part;
      part.at = Math.max(part.at, first);
      if (part.at < part.end) {
        const block = this.#block(reader, part.at, part.end);
        if (block === undefined) {
          return 'wait';
        }
        const found = this.#search(block);
        if (found === undefined) {
          return 'wait';
        }
        for (const row of found) {
          part.found.push(block.first + row);
        }
        part.at = block.first + block.end;
      }
      if (part.at >= part.end) {
        for (const sequence of part.found.reverse()) {
          this.#older.push(sequence);
        }
        this.#part = undefined;
      }
      if (isOver(deadline)) {
        return 'more';
      }
    }
    return 'done';
  }

  /** Messages that outlived the stream, as the newest of their topics: the oldest of all. */
  #searchKept(reader: LogReader, deadline: number): State {
    if (this.#isKeptDone) {
      return 'done';
    }
    if (this.#keptLeft === undefined) {
      const known = new Set([...this.#kept, ...this.#older, ...this.#newer]);
      this.#keptLeft = reader.keptBefore(reader.firstSequence).filter((sequence) => !known.has(sequence));
    }
    while (this.#keptAt < this.#keptLeft.length) {
      const sequence = this.#keptLeft[this.#keptAt] ?? 0;
      const block = keptBlock(reader, sequence);
      const found = block === undefined ? [] : this.#search(block);
      if (found === undefined) {
        return 'wait';
      }
      if (found.length > 0) {
        this.#keptFound.push(sequence);
      }
      this.#keptAt += 1;
      if (isOver(deadline)) {
        return 'more';
      }
    }
    this.#kept = [...this.#keptFound, ...this.#kept].sort((a, b) => a - b);
    this.#keptFound = [];
    this.#keptLeft = [];
    this.#isKeptDone = true;
    return 'done';
  }

  #block(reader: LogReader, from: number, end: number): RowBlock | undefined {
    const { rows, bytes } = this.#matcher.isSlow ? SLOW : FAST;
    const block = reader.rowsFrom(from, Math.min(rows, end - from));
    if (block === undefined) {
      return undefined;
    }
    const { offset, length } = block.columns;
    let last = block.end;
    while (
      last - block.row > 1 &&
      (offset[last - 1] ?? 0) + (length[last - 1] ?? 0) - (offset[block.row] ?? 0) > bytes
    ) {
      last = block.row + ((last - block.row) >> 1);
    }
    return { ...block, end: last };
  }

  /** The rows that match; none of memory that was used again meanwhile; `undefined`: names are on their way. */
  #search(block: RowBlock): number[] | undefined {
    if (!this.#matcher.isReady(block)) {
      return undefined;
    }
    const found = this.#matcher.match(block);
    return block.isKept() ? found : [];
  }

  #trim(reader: LogReader): void {
    const first = reader.firstSequence;
    const leave = (sequence: number) => {
      if (reader.details(sequence) !== undefined) {
        this.#kept.push(sequence);
      }
    };
    for (
      let oldest = this.#older.at(-1);
      oldest !== undefined && oldest < first;
      oldest = this.#older.at(-1)
    ) {
      this.#older.pop();
      leave(oldest);
    }
    for (let oldest = this.#newer[this.#head]; oldest !== undefined && oldest < first; ) {
      leave(oldest);
      this.#head += 1;
      oldest = this.#newer[this.#head];
    }
    if (this.#head > 4096 && this.#head > this.#newer.length / 2) {
      this.#newer = this.#newer.slice(this.#head);
      this.#head = 0;
    }
  }

  #noteProgress(reader: LogReader): void {
    if (this.#progress === 1) {
      return;
    }
    const all = Math.max(1, (this.#isBackwards ? this.#next : reader.newestSequence + 1) - this.#begin);
    const left = this.#isBackwards ? this.#back - this.#begin : reader.newestSequence + 1 - this.#next;
    this.#progress = Math.min(0.999, Math.max(0, 1 - left / all));
  }
}

type State = 'done' | 'more' | 'wait';
type Step = 'back' | 'kept' | 'on';
const backwards: readonly Step[] = ['back', 'kept', 'on'];
const forwards: readonly Step[] = ['kept', 'on'];

/** A message that outlived the stream as a block of its own. */
function keptBlock(reader: LogReader, sequence: number): RowBlock | undefined {
  const row = reader.details(sequence);
  const payload = reader.payload(sequence);
  if (row === undefined || payload === undefined) {
    return undefined;
  }
  const properties = row.properties ?? new Uint8Array();
  const flags = row.qos | (row.retain ? 4 : 0) | (row.dup ? 8 : 0) | (row.kind << 4);
  return {
    first: sequence,
    row: 0,
    end: 1,
    columns: {
      receivedAt: Float64Array.of(row.receivedAt),
      topicId: Uint32Array.of(row.topicId),
      offset: Uint32Array.of(0),
      length: Uint32Array.of(payload.length),
      propertiesLength: Uint32Array.of(properties.length),
      flags: Uint8Array.of(flags),
    },
    bytes: Buffer.concat([payload, properties]),
    isKept: () => true,
  };
}
