import type { TreeWindow } from '#app/contract/feeds/session.ts';
import { planWindow, type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';

/** Where the window of the tree stands, as the feed takes it. */
export interface TreePlan {
  readonly offset: number;
  readonly count: number;
  /** A node that the window follows when rows come or go above it. */
  readonly anchor?: { readonly nodeId: number; readonly rowsBefore: number };
}

export const firstPlan: TreePlan = { offset: 0, count: 100 };

/**
 * What to ask for to keep the rows in view known. Once the tree is scrolled the window hangs on a node, not on a row
 * number: hundreds of rows may come above it at once. At the top it shows whatever comes first.
 */
export function planTree(last: TreePlan, window: TreeWindow, rendered: RowRange, maxCount: number): TreePlan {
  // What the window holds, not what was asked for: the answer to the last plan may still be on its way.
  const isCut = window.offset + window.rows.length < window.total;
  const current = { offset: window.offset, count: isCut ? window.rows.length : last.count };
  const wanted = planWindow(current, rendered, window.total, maxCount);
  const isAtTop = rendered.first === 0;
  if (wanted === current && isAtTop === (last.anchor === undefined)) {
    return last;
  }
  const index = Math.max(rendered.first, wanted.offset);
  const row = isAtTop ? undefined : rowAt(window, index);
  const next: TreePlan = {
    ...wanted,
    ...(row === undefined ? {} : { anchor: { nodeId: row.nodeId, rowsBefore: index - wanted.offset } }),
  };
  // Until its answer comes the same plan is made again and again.
  return arePlansEqual(last, next) ? last : next;
}

function arePlansEqual(one: TreePlan, other: TreePlan): boolean {
  return (
    one.offset === other.offset &&
    one.count === other.count &&
    one.anchor?.nodeId === other.anchor?.nodeId &&
    one.anchor?.rowsBefore === other.anchor?.rowsBefore
  );
}
