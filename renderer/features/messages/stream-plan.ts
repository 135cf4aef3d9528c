import type { GapRow, MessageRow, MessagesWindow } from '#app/contract/feeds/session.ts';
import { planWindow, type RowRange } from '#renderer/ui/virtual/row-window.ts';

export type StreamRow = MessageRow | GapRow;

/** Where the window of the stream stands, as the feed takes it. */
export type StreamAt =
  | { readonly kind: 'live' }
  | { readonly kind: 'row'; readonly row: number }
  | { readonly kind: 'sequence'; readonly sequence: number; readonly rowsBefore: number };

export interface StreamPlan {
  readonly at: StreamAt;
  readonly count: number;
}

export const followPlan: StreamPlan = { at: { kind: 'live' }, count: 100 };
/** Counts are asked for in steps, so that a pane that is resized does not ask anew with each pixel. */
const COUNT_STEP = 32;

/** Key of a row in the virtual list. */
export function sequenceOf(row: StreamRow): number {
  return row.sequence;
}

/** What to ask for to show the newest rows. */
export function planFollow(last: StreamPlan, rendered: RowRange, maxCount: number): StreamPlan {
  const rows = rendered.end - rendered.first + COUNT_STEP / 2;
  const count = Math.min(maxCount, Math.max(followPlan.count, Math.ceil(rows / COUNT_STEP) * COUNT_STEP));
  return last.at.kind === 'live' && last.count === count ? last : { at: { kind: 'live' }, count };
}

/**
 * What to ask for to hold the view where it is. The window hangs on a message, not on a row number: numbers change
 * with each message that goes at the front. Only where no message is known nearby (the scroll bar was dragged far)
 * it is asked for by number, and hung on its first message as soon as that is there.
 */
export function planHold(
  last: StreamPlan,
  window: MessagesWindow,
  rendered: RowRange,
  maxCount: number,
): StreamPlan {
  const current = { offset: window.offset, count: Math.max(last.count, window.rows.length) };
  const wanted = planWindow(current, rendered, window.total, maxCount);
  const isCovered = wanted === current;
  if (isCovered && last.at.kind === 'sequence') {
    return last;
  }
  const place = Math.max(0, wanted.offset - window.offset);
  const row = window.rows[place];
  const at: StreamAt =
    row === undefined
      ? { kind: 'row', row: wanted.offset }
      : {
          kind: 'sequence',
          sequence: row.sequence,
          rowsBefore: Math.max(0, window.offset + place - wanted.offset),
        };
  const next = { at, count: Math.min(maxCount, wanted.count) };
  // Until its answer comes the same plan is made again and again.
  return arePlansEqual(last, next) ? last : next;
}

function arePlansEqual(one: StreamPlan, other: StreamPlan): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Rows keep this number for as long as they are kept, whatever goes before them. */
export function stableRow(window: MessagesWindow, index: number): number {
  return window.evictedRows + index;
}

/** By how many rows the list moved when none of the rows in view is left: what went at the front. */
export function evictionShift(last: MessagesWindow, next: MessagesWindow): number {
  return last.evictedRows - next.evictedRows;
}
