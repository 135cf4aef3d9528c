import type { ChildOrder } from './child-order.ts';
import type { TreeShape } from './tree-shape.ts';

/** What a search must know of a view of the tree. */
export interface SearchedView {
  readonly tree: TreeShape;
  isOpen(node: number): boolean;
  isIncluded(node: number): boolean;
  orderOf(node: number): Pick<ChildOrder, 'length' | 'at' | 'indexOf'>;
}

/** Where a search begins: at a node, or (`isNext`) behind it. */
export interface SearchStart {
  readonly node: number;
  readonly isNext: boolean;
}

/** The node has a row in the view. */
const SHOWN = 1;
/** And its segment is one that is sought. */
const HIT = 2;
/** So is one below it that has a row. */
const ABOVE = 4;

/**
 * The first row from a node on, and around the end, whose segment is sought; `undefined` when no row's is.
 * Two sweeps over all nodes mark where there are any, so that children are put in order only on the way to one:
 * about 25 ms for a million nodes. `matches` is asked once for each segment that is on screen or could be scrolled to.
 */
export function findRow(
  view: SearchedView,
  matches: (segment: number) => boolean,
  { node: from, isNext }: SearchStart,
): number | undefined {
  const { parent } = view.tree.columns;
  const marks = mark(view, matches);
  if ((marks[0]! & ABOVE) === 0) {
    return undefined;
  }
  if ((marks[from]! & SHOWN) !== 0) {
    if (!isNext && (marks[from]! & HIT) !== 0) {
      return from;
    }
    if ((marks[from]! & ABOVE) !== 0) {
      return firstBelow(view, marks, from, 0);
    }
    for (let node = from; node !== 0; node = parent[node]!) {
      const above = parent[node]!;
      const found = firstBelow(view, marks, above, view.orderOf(above).indexOf(node) + 1);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return firstBelow(view, marks, 0, 0);
}

function mark({ tree, isOpen, isIncluded }: SearchedView, matches: (segment: number) => boolean): Uint8Array {
  const { parent, segment, length } = tree.columns;
  const marks = new Uint8Array(length);
  /** By segment: 0 not asked yet, 1 no, 2 yes. */
  const answers = new Uint8Array(tree.segments.count + 1);
  marks[0] = SHOWN;
  // Parents have lower numbers than their children.
  for (let node = 1; node < length; node += 1) {
    const above = parent[node]!;
    if ((marks[above]! & SHOWN) === 0 || !isOpen(above) || !isIncluded(node)) {
      continue;
    }
    const id = segment[node]!;
    if (answers[id] === 0) {
      answers[id] = matches(id) ? 2 : 1;
    }
    marks[node] = answers[id] === 2 ? SHOWN | HIT : SHOWN;
  }
  for (let node = length - 1; node > 0; node -= 1) {
    if ((marks[node]! & (HIT | ABOVE)) !== 0) {
      const above = parent[node]!;
      marks[above] = marks[above]! | ABOVE;
    }
  }
  return marks;
}

/** The first hit at or below the children of a node, from the one at `start` on. */
function firstBelow(view: SearchedView, marks: Uint8Array, top: number, start: number): number | undefined {
  let order = view.orderOf(top);
  for (let index = start; index < order.length; index += 1) {
    const child = order.at(index);
    if ((marks[child]! & HIT) !== 0) {
      return child;
    }
    if ((marks[child]! & ABOVE) !== 0) {
      // It is below this one, so that the search never comes back.
      order = view.orderOf(child);
      index = -1;
    }
  }
  return undefined;
}
