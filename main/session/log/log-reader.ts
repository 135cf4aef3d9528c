import { chunkOf, UNWRITTEN } from './chunk.ts';
import {
  type ChunkColumns,
  COMMITTED,
  type Columns,
  chunkColumns,
  DUP_FLAG,
  FIRST,
  findSequence,
  kindOf,
  type LatestColumns,
  latestColumns,
  loadSequence,
  qosOf,
  RETAIN_FLAG,
  RowKind,
  type SharedLogUpdate,
} from './shared-log.ts';

/** One row as other threads see it. The topic's name is known to the session only. */
export interface SharedRow {
  readonly sequence: number;
  readonly kind: RowKind;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly topicId: number;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Bytes of the payload. */
  readonly size: number;
  /** Encoded by `properties.ts`; absent when the message has none. */
  readonly properties?: Uint8Array;
}

/** Rows of one chunk, in place: row `i` is message `first + i`. */
export interface RowBlock {
  readonly first: number;
  readonly row: number;
  readonly end: number;
  readonly columns: Columns;
  readonly bytes: Uint8Array;
  readonly isKept: () => boolean;
}

interface SharedChunk {
  readonly id: number;
  readonly first: number;
  readonly columns: ChunkColumns;
  readonly bytes: Uint8Array;
}

interface SharedLatest {
  readonly id: number;
  readonly columns: LatestColumns;
  readonly bytes: Uint8Array;
}

/**
 * Reads a session's log from another thread, in place, while the session goes on writing.
 * What it returns is a copy that was checked, after copying, to have been still there.
 */
export class LogReader {
  #control: Int32Array | undefined;
  readonly #chunks: SharedChunk[] = [];
  readonly #latest = new Map<number, SharedLatest>();

  /** Takes a message of the session about its memory; they must come in their order. */
  apply(update: SharedLogUpdate): void {
    switch (update.type) {
      case 'open':
        this.#control = new Int32Array(update.control);
        this.#chunks.length = 0;
        this.#latest.clear();
        break;
      case 'chunk':
        this.#chunks.push({
          id: update.id,
          first: update.firstSequence,
          columns: chunkColumns(update.columns, update.rowCapacity),
          bytes: new Uint8Array(update.bytes),
        });
        break;
      case 'drop-chunk': {
        const index = this.#chunks.findIndex(({ id }) => id === update.id);
        if (index >= 0) {
          this.#chunks.splice(index, 1);
        }
        break;
      }
      case 'latest':
        this.#latest.set(update.id, {
          id: update.id,
          columns: latestColumns(update.columns, update.rowCapacity),
          bytes: new Uint8Array(update.bytes),
        });
        break;
      case 'drop-latest':
        this.#latest.delete(update.id);
        break;
    }
  }

  /** The oldest row of the stream. */
  get firstSequence(): number {
    return this.#control === undefined ? 1 : loadSequence(this.#control, FIRST);
  }

  /** The newest row that may be read; 0: none. */
  get newestSequence(): number {
    return this.#control === undefined ? 0 : loadSequence(this.#control, COMMITTED);
  }

  /** A copy of a part of a payload; `undefined` when the message is no longer (or not yet) kept. */
  payload(
    sequence: number,
    offset = 0,
    length = Number.POSITIVE_INFINITY,
  ): Uint8Array<ArrayBuffer> | undefined {
    return this.#read(sequence, (columns, row, bytes) => {
      const size = columns.length[row] ?? 0;
      const from = Math.min(offset, size);
      return copy(bytes, (columns.offset[row] ?? 0) + from, Math.min(length, size - from));
    });
  }

  /**
   * The messages of a topic from a sequence number on, out of `maxRows` rows of the stream at most; go on at `next`.
   * Any of them may be gone, and its memory another's, once it is read: whoever reads it checks its topic.
   */
  topicRows(topicId: number, from: number, maxRows: number): { sequences: number[]; next: number } {
    const sequences: number[] = [];
    let next = Math.max(from, this.firstSequence);
    const end = Math.min(this.newestSequence + 1, next + maxRows);
    while (next < end) {
      const chunk = chunkOf(this.#chunks, next);
      if (chunk === undefined) {
        break;
      }
      const following = this.#chunks[this.#chunks.indexOf(chunk) + 1]?.first ?? Number.POSITIVE_INFINITY;
      const { topicId: topics, flags } = chunk.columns;
      const endRow = Math.min(end, following, chunk.first + topics.length) - chunk.first;
      let row = next - chunk.first;
      for (; row < endRow && flags[row] !== UNWRITTEN; row++) {
        if (topics[row] === topicId && kindOf(flags[row] ?? 0) !== RowKind.gap) {
          sequences.push(chunk.first + row);
        }
      }
      if (chunk.first + row === next) {
        // News of the chunk that follows is late.
        break;
      }
      next = chunk.first + row;
    }
    return { sequences, next };
  }

  /**
   * The rows from a sequence number on, at most `maxRows`, in place: `row` is the first, `end` the one behind the last.
   * What was read of them counts only if `isKept` still says so afterwards.
   */
  rowsFrom(from: number, maxRows: number): RowBlock | undefined {
    const control = this.#control;
    const chunk = chunkOf(this.#chunks, from);
    if (control === undefined || chunk === undefined || from < this.firstSequence) {
      return undefined;
    }
    const { columns, first, bytes } = chunk;
    const following = this.#chunks[this.#chunks.indexOf(chunk) + 1]?.first ?? Number.POSITIVE_INFINITY;
    const limit = Math.min(this.newestSequence + 1, following, first + columns.flags.length, from + maxRows);
    const row = from - first;
    let end = row;
    while (end < limit - first && columns.flags[end] !== UNWRITTEN) {
      end += 1;
    }
    return end === row
      ? undefined
      : {
          first,
          row,
          end,
          columns,
          bytes,
          isKept: () => {
            Atomics.add(control, FIRST, 0);
            return first >= this.firstSequence;
          },
        };
  }

  /** The messages that outlived the stream, each the newest of its topic, ascending. */
  keptBefore(sequence: number): number[] {
    const kept = new Set<number>();
    for (const { columns } of this.#latest.values()) {
      const rows = Atomics.load(columns.header, 0);
      for (let row = 0; row < rows; row++) {
        const found = columns.sequence[row] ?? 0;
        if (found < sequence) {
          kept.add(found);
        }
      }
    }
    return [...kept].sort((a, b) => a - b);
  }

  /**
   * The newest message of a topic that outlived the stream; `undefined`: there is none. Until its memory is used again
   * it may be one that a received message of the stream has followed.
   */
  keptOf(topicId: number): number | undefined {
    let kept: number | undefined;
    const first = this.firstSequence;
    for (const { columns } of this.#latest.values()) {
      const rows = Atomics.load(columns.header, 0);
      for (let row = 0; row < rows; row++) {
        const sequence = columns.sequence[row] ?? 0;
        if (columns.topicId[row] === topicId && sequence < first && sequence > (kept ?? 0)) {
          kept = sequence;
        }
      }
    }
    return kept;
  }

  /** Everything about a message but topic name and payload. */
  details(sequence: number): SharedRow | undefined {
    return this.#read(sequence, (columns, row, bytes) => {
      const flags = columns.flags[row] ?? 0;
      const size = columns.length[row] ?? 0;
      const propertiesLength = columns.propertiesLength[row] ?? 0;
      return {
        sequence,
        kind: kindOf(flags),
        receivedAt: columns.receivedAt[row] ?? 0,
        topicId: columns.topicId[row] ?? 0,
        qos: qosOf(flags),
        retain: (flags & RETAIN_FLAG) !== 0,
        dup: (flags & DUP_FLAG) !== 0,
        size,
        ...(propertiesLength === 0
          ? {}
          : { properties: copy(bytes, (columns.offset[row] ?? 0) + size, propertiesLength) }),
      };
    });
  }

  #read<T>(sequence: number, read: (columns: Columns, row: number, bytes: Uint8Array) => T): T | undefined {
    const control = this.#control;
    if (control === undefined || sequence > this.newestSequence) {
      return undefined;
    }
    if (sequence >= this.firstSequence) {
      const chunk = chunkOf(this.#chunks, sequence);
      const row = sequence - (chunk?.first ?? 0);
      // News of chunks may be late: behind the last row of the newest known one lies nothing yet.
      if (chunk !== undefined && (chunk.columns.flags[row] ?? UNWRITTEN) !== UNWRITTEN) {
        const value = read(chunk.columns, row, chunk.bytes);
        // The writer moves this on before it uses memory again: what was copied is whole if it has not passed
        // the chunk. Chunks go as a whole. Adding nothing is a barrier that the plain loads before it do not pass;
        // a mere load would let them, on ARM.
        Atomics.add(control, FIRST, 0);
        if (chunk.first >= this.firstSequence) {
          return value;
        }
      }
    }
    for (const { columns, bytes } of this.#latest.values()) {
      const generation = Atomics.load(columns.header, 1);
      const row = findSequence(columns.sequence, Atomics.load(columns.header, 0), sequence);
      const value = row < 0 ? undefined : read(columns, row, bytes);
      if (value !== undefined && Atomics.add(columns.header, 1, 0) === generation) {
        return value;
      }
    }
    return undefined;
  }
}

/** A copy that is not shared: decoders and hashes don't take shared memory. Torn lengths are cut, the caller checks. */
function copy(bytes: Uint8Array, start: number, length: number): Uint8Array<ArrayBuffer> {
  const begin = Math.min(start, bytes.length);
  const result = new Uint8Array(Math.max(0, Math.min(length, bytes.length - begin)));
  result.set(bytes.subarray(begin, begin + result.length));
  return result;
}
