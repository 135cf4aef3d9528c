import type { RowRange } from '#renderer/ui/virtual/row-window.ts';

/** Rows asked for beyond those that are drawn, on each side. */
const MARGIN = 24;

type HistoryPlan =
  | { readonly count: number; readonly at: { readonly kind: 'live' } }
  | { readonly count: number; readonly at: { readonly kind: 'row'; readonly row: number } };

/**
 * What to ask of a feed that counts from the oldest row for rows that are counted from the newest. The newest rows are
 * asked for as such, whatever comes.
 */
export function planHistory(wanted: RowRange, total: number, maxCount: number): HistoryPlan {
  const first = Math.max(0, wanted.first - MARGIN);
  const end = wanted.end + MARGIN;
  const count = Math.min(maxCount, end - first);
  return first === 0
    ? { count, at: { kind: 'live' } }
    : { count, at: { kind: 'row', row: Math.max(0, total - first - count) } };
}

/** A window that counts from the oldest row as one that counts from the newest. */
export function toNewestFirst<Row>(
  offset: number,
  total: number,
  rows: readonly Row[],
): { readonly offset: number; readonly rows: readonly Row[] } {
  return { offset: Math.max(0, total - offset - rows.length), rows: rows.toReversed() };
}
