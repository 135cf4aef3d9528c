import { performance } from 'node:perf_hooks';
import { openPayload } from '#app/payload/sparkplug/sparkplug-codec.ts';
import { parseSparkplugTopic, type SparkplugTopic } from '#app/payload/sparkplug/topic.ts';
import type { LogReader, SharedRow } from '../../session/log/log-reader.ts';
import { kindOf, RowKind } from '../../session/log/shared-log.ts';
import type { TopicNames } from '../search/topic-names.ts';
import { inflate } from './inflate.ts';
import { PlantState } from './plant-state.ts';

/** Rows whose topics are looked at in one go, before time is asked. */
const ROWS_AT_ONCE = 8192;
/** Bytes of a payload that is still read, and milliseconds for it. */
const MAX_PAYLOAD = 8 * 1024 * 1024;
const MAX_TIME = 200;
const MAX_STATE = 10_000;

/** Goes through all messages of a log in their order and takes those of Sparkplug B into a {@link PlantState}. */
export class PlantScan {
  readonly state = new PlantState();
  readonly #names: TopicNames;
  /** By the id of a topic; `null`: none of Sparkplug. */
  readonly #topics: (SparkplugTopic | null | undefined)[] = [];
  #kept: readonly number[] | undefined;
  #keptAt = 0;
  #next = 0;
  #begin = 0;
  #progress = 0;

  constructor(names: TopicNames) {
    this.#names = names;
  }

  /** How much of what was kept at the first look was gone through: 0 to 1, and then it stays 1. */
  get progress(): number {
    return this.#progress;
  }

  /** Reads on until the deadline; true: there is more, and nothing to wait for. */
  advance(reader: LogReader, deadline: number): boolean {
    if (this.#kept === undefined) {
      this.#begin = reader.firstSequence;
      this.#next = this.#begin;
      this.#kept = reader.keptBefore(this.#begin);
    }
    const kept = this.#readKept(reader, this.#kept, deadline);
    if (kept !== 'done') {
      return kept === 'more';
    }
    if (this.#next < reader.firstSequence) {
      // Faster than they are read, messages went: what is between is not known.
      this.#next = reader.firstSequence;
      this.state.forgetSequences();
    }
    for (;;) {
      const block = reader.rowsFrom(this.#next, ROWS_AT_ONCE);
      if (block === undefined) {
        this.#progress = this.#next > reader.newestSequence ? 1 : this.#progress;
        return false;
      }
      const { first, row, end, columns } = block;
      const ids: number[] = [];
      for (let at = row; at < end; at++) {
        ids.push(kindOf(columns.flags[at] ?? 0) === RowKind.gap ? 0 : (columns.topicId[at] ?? 0));
      }
      if (!this.#know(ids)) {
        return false;
      }
      for (let at = row; at < end; at++) {
        const id = ids[at - row] ?? 0;
        this.#next = first + at + 1;
        if (id === 0) {
          // The connection was down: numbers may have been missed.
          this.state.forgetSequences();
        } else if (this.#topics[id] !== null) {
          this.#visit(reader, first + at, id, false);
          if (performance.now() > deadline) {
            this.#noteProgress(reader);
            return true;
          }
        }
      }
      if (performance.now() > deadline) {
        this.#noteProgress(reader);
        return true;
      }
    }
  }

  /** What outlived the stream: the newest message of each topic, without what was around it. */
  #readKept(reader: LogReader, kept: readonly number[], deadline: number): 'done' | 'more' | 'wait' {
    while (this.#keptAt < kept.length) {
      const rows = kept
        .slice(this.#keptAt, this.#keptAt + ROWS_AT_ONCE)
        .map((sequence) => reader.details(sequence));
      if (!this.#know(rows.map((row) => row?.topicId ?? 0))) {
        return 'wait';
      }
      for (const row of rows) {
        this.#keptAt += 1;
        if (row !== undefined && this.#topics[row.topicId] !== null) {
          this.#visit(reader, row.sequence, row.topicId, true);
          if (performance.now() > deadline) {
            return 'more';
          }
        }
      }
      this.state.forgetSequences();
    }
    return 'done';
  }

  /** Are the names of all these topics known? If not, they are asked for. */
  #know(ids: readonly number[]): boolean {
    const missing = new Set<number>();
    for (const id of ids) {
      if (id !== 0 && this.#topics[id] === undefined) {
        const name = this.#names.get(id);
        if (name === undefined) {
          missing.add(id);
        } else {
          this.#topics[id] = parseSparkplugTopic(name) ?? null;
        }
      }
    }
    this.#names.want(missing);
    return missing.size === 0;
  }

  #visit(reader: LogReader, sequence: number, id: number, isAlone: boolean): void {
    const topic = this.#topics[id];
    const row = reader.details(sequence);
    if (topic === undefined || topic === null || row === undefined || row.topicId !== id) {
      return;
    }
    // What was published here comes back as it is received; only commands are told apart by their sender.
    const isCommand = topic.kind === 'message' && topic.verb.endsWith('CMD');
    if (row.kind === RowKind.gap || (row.kind === RowKind.published && !isCommand)) {
      return;
    }
    const payload = row.size > MAX_PAYLOAD ? undefined : reader.payload(sequence);
    if (payload !== undefined) {
      this.#take(topic, row, payload, isAlone);
    }
  }

  #take(topic: SparkplugTopic, row: SharedRow, bytes: Uint8Array, isAlone: boolean): void {
    const arrival = { at: row.receivedAt, sequence: row.sequence, retain: row.retain, isAlone };
    if (topic.kind === 'state') {
      if (bytes.length > 0) {
        this.state.applyHost(topic.host, topic.isOld, onlineOf(bytes), arrival);
      }
      return;
    }
    const until = performance.now() + MAX_TIME;
    const limits = { maxTextLength: 0, maxDepth: 32, isOver: () => performance.now() > until };
    const { payload, broken } = openPayload(bytes, limits, { sparkplug: { inflate } });
    if (broken === undefined) {
      this.state.apply(topic, payload, arrival);
    } else {
      this.state.applyBroken(topic, broken.message, arrival);
    }
  }

  #noteProgress(reader: LogReader): void {
    if (this.#progress < 1) {
      const seen = (this.#next - this.#begin) / Math.max(1, reader.newestSequence + 1 - this.#begin);
      this.#progress = Math.min(0.999, Math.max(0, seen));
    }
  }
}

/** `{"online": true, ...}` (3.0) or `ONLINE` (2.2); `undefined` for anything else. */
function onlineOf(bytes: Uint8Array): boolean | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_STATE)).trim();
  if (text === 'ONLINE' || text === 'OFFLINE') {
    return text === 'ONLINE';
  }
  try {
    const value: unknown = JSON.parse(text);
    const online =
      typeof value === 'object' && value !== null && 'online' in value ? value.online : undefined;
    return typeof online === 'boolean' ? online : undefined;
  } catch {
    return undefined;
  }
}
