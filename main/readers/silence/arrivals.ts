import type { LogReader } from '../../session/log/log-reader.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../../session/log/shared-log.ts';
import { Echoes } from './echoes.ts';
import type { HeardTime } from './heard-time.ts';
import type { IntervalTable } from './interval-table.ts';

/** One row of the log, without what it says. */
export interface ArrivedRow {
  readonly sequence: number;
  readonly flags: number;
  readonly topicId: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly size: number;
}

/** Enters the rows of a log into a table, in their order: says which of them are messages that someone sent just then. */
export class Arrivals {
  readonly #table: IntervalTable;
  readonly #echoes = new Echoes();
  /** When the connection was last lost, as the log tells. */
  #gapAt = Number.NEGATIVE_INFINITY;

  constructor(table: IntervalTable) {
    this.#table = table;
  }

  /** A row that is no message: the connection was down. */
  gap(at: number): void {
    this.#gapAt = at;
  }

  /** A message that outlived the stream: the newest that was received on its topic. */
  keep(slot: number, { flags, at }: ArrivedRow): void {
    const table = this.#table;
    if ((flags & RETAIN_FLAG) !== 0) {
      table.see(slot, Math.max(at, table.seenAt(slot)));
    } else if (at > table.lastAt(slot)) {
      table.arrive(slot, at, Number.POSITIVE_INFINITY);
    }
    table.confirm(slot);
  }

  /** A message of the stream. `heard`: of its topic. */
  enter(slot: number, row: ArrivedRow, heard: HeardTime, reader: LogReader): void {
    const { flags, topicId, at } = row;
    if (kindOf(flags) === RowKind.published) {
      this.#echoes.expect(topicId, row);
      return;
    }
    const table = this.#table;
    if ((flags & RETAIN_FLAG) !== 0 && !(heard.keepsRetain && table.seenAt(slot) >= heard.replayFrom)) {
      // The broker told what it had kept; when that was published is not known.
      table.see(slot, at);
      return;
    }
    if (this.#echoes.take(topicId, row, reader)) {
      table.see(slot, at);
      return;
    }
    table.arrive(slot, at, Math.max(heard.lastChange(at), this.#gapAt));
  }
}
