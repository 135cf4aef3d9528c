import { performance } from 'node:perf_hooks';
import type { AliasedMetric } from '#app/payload/sparkplug/alias-names.ts';
import { openPayload } from '#app/payload/sparkplug/sparkplug-codec.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import { inflate } from './inflate.ts';

/** Bytes of a birth that is still read. */
const MAX_BIRTH = 8 * 1024 * 1024;
/** Milliseconds for one birth. */
const MAX_TIME = 200;
/** Rows of the stream that are looked at in one go. */
const ROWS_AT_ONCE = 100_000;
/** Births of one topic whose names are held. */
const MAX_HELD = 4;

/** The names and types that one birth gives. */
export interface BirthNames {
  readonly byAlias: ReadonlyMap<bigint, AliasedMetric>;
  readonly types: ReadonlyMap<string, number>;
}

/** The births on one topic, as far as they are kept, found in place and read as they are asked for. */
export class BirthsOfTopic {
  readonly #reader: LogReader;
  readonly #topicId: number;
  readonly #sequences: number[] = [];
  readonly #held = new Map<number, BirthNames>();
  #next = 0;
  /** The front of the stream when `#kept` was looked up. */
  #front = -1;
  #kept: number | undefined;

  constructor(reader: LogReader, topicId: number) {
    this.#reader = reader;
    this.#topicId = topicId;
  }

  /** Of the newest birth up to a message; `undefined` where none is kept. */
  before(sequence: number): BirthNames | undefined {
    this.#scan();
    let at = this.#sequences.length - 1;
    while (at >= 0 && (this.#sequences[at] ?? 0) > sequence) {
      at -= 1;
    }
    const found = this.#sequences[at];
    const names = found === undefined ? undefined : this.#read(found);
    if (names !== undefined) {
      return names;
    }
    const front = this.#reader.firstSequence;
    if (front !== this.#front) {
      this.#front = front;
      this.#kept = this.#reader.keptOf(this.#topicId);
    }
    return this.#kept === undefined || this.#kept > sequence ? undefined : this.#read(this.#kept);
  }

  #scan(): void {
    for (;;) {
      const { sequences, next } = this.#reader.topicRows(this.#topicId, this.#next, ROWS_AT_ONCE);
      if (next === this.#next) {
        break;
      }
      this.#sequences.push(...sequences);
      this.#next = next;
    }
    const front = this.#reader.firstSequence;
    while ((this.#sequences[0] ?? front) < front) {
      this.#sequences.shift();
    }
  }

  #read(sequence: number): BirthNames | undefined {
    const held = this.#held.get(sequence);
    if (held !== undefined) {
      return held;
    }
    const row = this.#reader.details(sequence);
    if (row === undefined || row.topicId !== this.#topicId || row.size > MAX_BIRTH) {
      return undefined;
    }
    const payload = this.#reader.payload(sequence);
    const names = payload === undefined ? undefined : namesOf(payload);
    if (names !== undefined) {
      this.#held.set(sequence, names);
      for (const oldest of this.#held.keys()) {
        if (this.#held.size <= MAX_HELD) {
          break;
        }
        this.#held.delete(oldest);
      }
    }
    return names;
  }
}

function namesOf(payload: Uint8Array): BirthNames | undefined {
  const until = performance.now() + MAX_TIME;
  const limits = { maxTextLength: MAX_BIRTH, maxDepth: 32, isOver: () => performance.now() > until };
  const byAlias = new Map<bigint, AliasedMetric>();
  const types = new Map<string, number>();
  try {
    const { metrics } = openPayload(payload, limits, { sparkplug: { inflate } }).payload;
    for (const { name, alias, datatype } of metrics) {
      if (name !== undefined && alias !== undefined) {
        byAlias.set(alias, { name, ...(datatype === undefined ? {} : { datatype }) });
      }
      if (name !== undefined && datatype !== undefined) {
        types.set(name, datatype);
      }
    }
  } catch {
    // Compressed in a way that cannot be unpacked: it names nothing.
    return undefined;
  }
  return { byAlias, types };
}
