import { performance } from 'node:perf_hooks';
import { MAX_SILENCE_TOPICS } from '#app/contract/feeds/silence.ts';
import type { LogReader, RowBlock } from '../../session/log/log-reader.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../../session/log/shared-log.ts';
import type { TopicNames } from '../search/topic-names.ts';
import type { ListeningChange } from '../session-listening.ts';
import { Arrivals } from './arrivals.ts';
import { HeardTopics } from './heard-time.ts';
import { IntervalTable } from './interval-table.ts';

/** Rows, kept messages or topics between two looks at the clock. */
const BLOCK_ROWS = 2000;
const KEPT_AT_ONCE = 500;
const CLASSED_AT_ONCE = 500;
/** Marks in the list of slots: a topic that was not met, and one that is too many. */
const UNMET = 0;
const TOO_MANY = -1;

export interface SilenceScanOptions {
  readonly names: Pick<TopicNames, 'get' | 'want'>;
  readonly maxTopics?: number;
}

/** Goes through a session's log once, and then along with it, and keeps when each topic's messages came. */
export class SilenceScan {
  readonly table = new IntervalTable();
  readonly heard = new HeardTopics();
  /** By slot. */
  readonly topics: string[] = [];
  readonly topicIds: number[] = [];
  readonly #classes: number[] = [];
  readonly #names: SilenceScanOptions['names'];
  readonly #maxTopics: number;
  readonly #arrivals: Arrivals;
  /** By topic id, the slot + 1. */
  #slotOf = new Int32Array(1024);
  #leftOut = 0;
  /** The next row that is looked at; 0: none was. */
  #next = 0;
  #begin = 0;
  #progress = 0;
  #changes = 0;
  /** The messages that outlived the stream and are still to be looked at. */
  #kept: readonly number[] = [];
  #keptAt = 0;
  /** When the last row came that was read, while there are more. */
  #behindAt: number | undefined;
  #missedBefore = Number.NEGATIVE_INFINITY;
  #classRevision = 0;
  #classed = 0;

  constructor({ names, maxTopics = MAX_SILENCE_TOPICS }: SilenceScanOptions) {
    this.#names = names;
    this.#maxTopics = maxTopics;
    this.#arrivals = new Arrivals(this.table);
  }

  /** How much of what was kept at the first look was gone through: 0 to 1, and then it stays 1. */
  get progress(): number {
    return this.#progress;
  }

  /** Topics beyond the limit. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Grows with each change. */
  get changes(): number {
    return this.#changes;
  }

  /** The class of a topic's slot, for {@link HeardTopics.heard}. */
  classOf(slot: number): number {
    return this.#classes[slot] ?? 0;
  }

  /** Until when all messages were read: now, unless there are more than could be. */
  knownUntil(now: number): number {
    return this.#behindAt ?? now;
  }

  /** Since when nothing is known to have come: the last message, or later, where some may have been missed. */
  silentFrom(slot: number): number {
    const last = this.table.lastAt(slot);
    return this.table.isWhole(slot) ? last : Math.max(last, this.#missedBefore);
  }

  /** Reads on until the deadline; true: there is more, and nothing to wait for. */
  advance(reader: LogReader, changes: readonly ListeningChange[], deadline: number): boolean {
    this.heard.follow(changes);
    if (!this.#classAll(deadline)) {
      return true;
    }
    if (this.#next === 0 || this.#next < reader.firstSequence) {
      this.#beginAt(reader);
    }
    const kept = this.#readKept(reader, deadline);
    if (kept !== 'done') {
      return kept === 'more';
    }
    for (;;) {
      if (this.#next < reader.firstSequence) {
        // Faster than they are read, messages went.
        return true;
      }
      const block = reader.rowsFrom(this.#next, BLOCK_ROWS);
      if (block === undefined) {
        if (this.#next > reader.newestSequence) {
          this.#progress = 1;
          this.#behindAt = undefined;
        }
        return false;
      }
      const end = this.#read(block, reader);
      if (end < block.end) {
        // The names of these topics are on their way, and bring the next tick.
        return false;
      }
      if (performance.now() > deadline) {
        this.#behindAt = block.columns.receivedAt[end - 1];
        const span = reader.newestSequence + 1 - this.#begin;
        this.#progress = Math.max(this.#progress, Math.min(0.999, (this.#next - this.#begin) / span));
        return true;
      }
    }
  }

  /** At the oldest row; what may have been missed before it, the messages tell that outlived the stream. */
  #beginAt(reader: LogReader): void {
    const first = reader.firstSequence;
    if (this.#next === 0) {
      this.#begin = first;
    } else {
      this.table.forgetLast();
      const row = reader.details(first);
      this.#missedBefore = row?.receivedAt ?? this.#missedBefore;
    }
    this.#next = first;
    this.#kept = reader.keptBefore(first);
    this.#keptAt = 0;
  }

  #readKept(reader: LogReader, deadline: number): 'done' | 'more' | 'wait' {
    while (this.#keptAt < this.#kept.length) {
      const rows = this.#kept
        .slice(this.#keptAt, this.#keptAt + KEPT_AT_ONCE)
        .map((sequence) => reader.details(sequence));
      if (!this.#meet(rows.map((row) => row?.topicId ?? 0))) {
        return 'wait';
      }
      this.#keptAt += KEPT_AT_ONCE;
      for (const row of rows) {
        const slot = row === undefined ? -1 : this.#slot(row.topicId);
        if (row !== undefined && slot >= 0) {
          const { sequence, topicId, receivedAt: at, size, retain } = row;
          this.#arrivals.keep(slot, { sequence, topicId, at, size, flags: retain ? RETAIN_FLAG : 0 });
        }
      }
      this.#changes += 1;
      if (performance.now() > deadline) {
        return 'more';
      }
    }
    this.#kept = [];
    this.#keptAt = 0;
    return 'done';
  }

  /** Enters the rows of a block up to the first whose topic has no name yet; returns the row behind the last. */
  #read(block: RowBlock, reader: LogReader): number {
    const { columns, first, end } = block;
    const { topicId: ids, flags, receivedAt, length } = columns;
    const unmet: number[] = [];
    for (let row = block.row; row < end; row++) {
      const topicId = ids[row] ?? 0;
      if (topicId !== 0 && kindOf(flags[row] ?? 0) === RowKind.received && this.#isUnmet(topicId)) {
        unmet.push(topicId);
      }
    }
    const isMet = unmet.length === 0 || this.#meet(unmet);
    let row = block.row;
    for (; row < end; row++) {
      const topicId = ids[row] ?? 0;
      const flag = flags[row] ?? 0;
      const kind = kindOf(flag);
      const at = receivedAt[row] ?? 0;
      if (kind === RowKind.gap) {
        this.#arrivals.gap(at);
        continue;
      }
      if (!isMet && kind === RowKind.received && this.#isUnmet(topicId)) {
        break;
      }
      const slot = this.#slot(topicId);
      // What we publish ourselves makes no topic known here; its copy from the broker may.
      if (slot >= 0 || kind === RowKind.published) {
        // Read in place: it counts only if it was still there after reading.
        const size = length[row] ?? 0;
        if (!block.isKept()) {
          break;
        }
        const heard = this.heard.heard(this.classOf(slot));
        this.#arrivals.enter(slot, { sequence: first + row, flags: flag, topicId, at, size }, heard, reader);
      }
    }
    if (row > block.row) {
      this.#changes += 1;
    }
    this.#next = first + row;
    return row;
  }

  #isUnmet(topicId: number): boolean {
    return (this.#slotOf[topicId] ?? UNMET) === UNMET;
  }

  /** -1: none. */
  #slot(topicId: number): number {
    return Math.max(-1, (this.#slotOf[topicId] ?? UNMET) - 1);
  }

  /** Gives topics their slots. False: some of their names are not known yet, and were asked for. */
  #meet(topicIds: readonly number[]): boolean {
    const unnamed = new Set<number>();
    for (const topicId of topicIds) {
      if (topicId === 0 || !this.#isUnmet(topicId)) {
        continue;
      }
      const topic = this.#names.get(topicId);
      if (topic === undefined) {
        unnamed.add(topicId);
        continue;
      }
      if (topicId >= this.#slotOf.length) {
        const larger = new Int32Array(Math.ceil((topicId + 1) * 1.5));
        larger.set(this.#slotOf);
        this.#slotOf = larger;
      }
      if (this.table.slots >= this.#maxTopics) {
        this.#slotOf[topicId] = TOO_MANY;
        this.#leftOut += 1;
        continue;
      }
      const slot = this.table.add();
      this.#slotOf[topicId] = slot + 1;
      this.topics[slot] = topic;
      this.topicIds[slot] = topicId;
      this.#classes[slot] = this.heard.classOf(topic);
    }
    if (unnamed.size > 0) {
      this.#names.want(unnamed);
    }
    return unnamed.size === 0;
  }

  /** Holds all topics against filters that are new. False: there are more. */
  #classAll(deadline: number): boolean {
    if (this.#classRevision !== this.heard.revision) {
      this.#classRevision = this.heard.revision;
      this.#classed = 0;
      this.#changes += 1;
    } else if (this.#classed === Number.POSITIVE_INFINITY) {
      return true;
    }
    while (this.#classed < this.table.slots) {
      const end = Math.min(this.table.slots, this.#classed + CLASSED_AT_ONCE);
      for (let slot = this.#classed; slot < end; slot++) {
        this.#classes[slot] = this.heard.classOf(this.topics[slot] ?? '');
      }
      this.#classed = end;
      if (performance.now() > deadline) {
        return false;
      }
    }
    this.#classed = Number.POSITIVE_INFINITY;
    return true;
  }
}
