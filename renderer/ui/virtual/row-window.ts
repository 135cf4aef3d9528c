/** Rows by number, the end not included. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Part of a list as it came from the engine. */
export interface RowWindow<Row> {
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly Row[];
}

/** What is asked of the engine. */
export interface WindowPlan {
  readonly offset: number;
  readonly count: number;
}

/** The range to render is a multiple of this, so that scrolling renders anew every few rows only. */
const RANGE_STEP = 8;

/** The rows that are at least partly in view. */
export function visibleRange(top: number, view: number, rowHeight: number, total: number): RowRange {
  const first = Math.min(Math.max(0, total - 1), Math.max(0, Math.floor(top / rowHeight)));
  return { first, end: Math.max(first, Math.min(total, Math.ceil((top + view) / rowHeight))) };
}

/** The rows to render: those in view and a few around them. */
export function renderedRange(visible: RowRange, total: number): RowRange {
  const first = Math.floor(Math.max(0, visible.first - RANGE_STEP) / RANGE_STEP) * RANGE_STEP;
  const end = Math.ceil((visible.end + RANGE_STEP) / RANGE_STEP) * RANGE_STEP;
  return { first, end: Math.min(total, end) };
}

/** Rows around those in view that are asked for, on each side: about a view, so that a notch of the wheel finds them known. */
function overscan(visible: RowRange): number {
  return Math.min(60, Math.max(16, visible.end - visible.first));
}

/**
 * What to ask for so that the rows in view and some around them are known. Stays with the last plan as long as that
 * still covers them: a moved window costs a round trip.
 */
export function planWindow(last: WindowPlan, visible: RowRange, total: number, maxCount: number): WindowPlan {
  const margin = overscan(visible);
  const near = Math.ceil(margin / 3);
  const needFirst = Math.max(0, visible.first - near);
  const needEnd = Math.min(total, visible.end + near);
  const wanted = Math.min(maxCount, roundUp(visible.end - visible.first) + 2 * margin);
  const isFitting = last.count >= wanted / 2 && last.count <= wanted * 2;
  if (isFitting && last.offset <= needFirst && last.offset + last.count >= needEnd) {
    return last;
  }
  return { offset: Math.max(0, visible.first - margin), count: wanted };
}

/** A view whose height changes by a row must not move the window. */
function roundUp(rows: number): number {
  return Math.ceil((rows + 1) / RANGE_STEP) * RANGE_STEP;
}

/** The row with a number, or `undefined` where it is not known. */
export function rowAt<Row>(window: RowWindow<Row> | undefined, index: number): Row | undefined {
  return window?.rows[index - window.offset];
}

/** The number of the row with a key, or `undefined` where it is not known. */
export function indexOfKey<Row>(
  window: RowWindow<Row> | undefined,
  key: number | undefined,
  keyOf: (row: Row) => number,
): number | undefined {
  const place = key === undefined ? -1 : (window?.rows.findIndex((row) => keyOf(row) === key) ?? -1);
  return window === undefined || place < 0 ? undefined : window.offset + place;
}

/**
 * By how many rows the list moved between two windows, judged by the first of `anchors` (keys) that is known in both;
 * `undefined` when none is.
 */
export function rowShift<Row>(
  last: RowWindow<Row> | undefined,
  next: RowWindow<Row>,
  anchors: readonly (number | undefined)[],
  keyOf: (row: Row) => number,
): number | undefined {
  for (const anchor of anchors) {
    const from = indexOfKey(last, anchor, keyOf);
    const to = from === undefined ? undefined : indexOfKey(next, anchor, keyOf);
    if (from !== undefined && to !== undefined) {
      return to - from;
    }
  }
  return undefined;
}
