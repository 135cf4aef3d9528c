import type { Moment } from '#app/contract/operations/timeline.ts';
import type { MessageLog } from '../log/message-log.ts';

/** When a row of the stream came; `undefined` when it is not kept. Milliseconds since the epoch. */
export function timeOf(log: MessageLog, sequence: number): number | undefined {
  const chunk = log.chunkAt(sequence);
  return chunk?.columns.receivedAt[sequence - chunk.first];
}

/**
 * The newest row of the stream, from `from` on, that came at or before a time; `from` less one when there is none. Rows
 * stand in the order of their times, but for the moments at which a clock was set.
 */
export function sequenceAt(log: MessageLog, time: number, from = log.firstSequence): number {
  let low = Math.max(from, log.firstSequence) - 1;
  let high = log.newestSequence;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((timeOf(log, middle) ?? Number.POSITIVE_INFINITY) <= time) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** The moment at a time: all that had come by then. */
export function momentAt(log: MessageLog, time: number): Moment {
  return { at: time, sequence: sequenceAt(log, time) };
}

/** The moment of the row that stands so many before or behind another, as far as rows are kept. */
export function momentBeside(log: MessageLog, sequence: number, by: number): Moment | undefined {
  const target = Math.min(log.newestSequence, Math.max(log.firstSequence, sequence + by));
  const at = timeOf(log, target);
  return at === undefined ? undefined : { at, sequence: target };
}

/**
 * How many rows came in each of `columns` equal parts of the time between `from` and `to`, both included. No index is
 * kept: each border is looked up among the rows, which are in order.
 */
export function density(log: MessageLog, from: number, to: number, columns: number): number[] {
  const step = (to - from) / columns;
  const counts: number[] = [];
  // What came before `from` belongs to no column, what came in that very moment to the first.
  let before = sequenceAt(log, from - Number.EPSILON * Math.max(1, Math.abs(from)));
  for (let column = 1; column <= columns; column += 1) {
    const end = sequenceAt(log, column === columns ? to : from + step * column, before + 1);
    counts.push(end - before);
    before = end;
  }
  return counts;
}
