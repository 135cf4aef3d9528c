import { assert } from '#app/base/assert.ts';
import type { Disposable } from '#app/base/disposable.ts';
import { ChildOrder, type TreeSort } from './child-order.ts';
import type { TreeExpansion } from './expansion.ts';
import { findRow, type SearchStart } from './find-row.ts';
import { parsePathFilter } from './path-filter.ts';
import { foldCase } from './segments.ts';
import type { TreeShape } from './tree-shape.ts';
import { VisibleRows } from './visible-rows.ts';

/** One row of a view: a node and where it stands among its siblings. */
export interface PlacedRow {
  readonly node: number;
  /** 1 for roots. */
  readonly level: number;
  /** 1-based. */
  readonly position: number;
  readonly siblings: number;
}

export interface ViewParams {
  readonly sort: TreeSort;
  readonly filter: string;
  readonly frozen: boolean;
}

/** So many orders are kept beside those of the last window; they are made again when they are needed. */
const MAX_ORDERS = 2000;
/** And so many children in them. */
const MAX_ORDERED = 4_000_000;
/** How the screen names a segment without characters. */
const EMPTY_SEGMENT = '(empty)';

/** What one tree pane shows: the open nodes of the tree as numbered rows, filtered and in order. */
export class TreeView {
  readonly #tree: TreeShape;
  readonly #rows: VisibleRows;
  /** By node, the longest unused first. */
  readonly #orders = new Map<number, { readonly order: ChildOrder; usedIn: number }>();
  readonly #rowsOf = (node: number) => this.#rows.rowsOf(node);
  #params: ViewParams = { sort: { by: 'name', descending: false }, filter: '', frozen: false };
  #filterProblem: string | undefined;
  readonly #clock: () => number;
  #now = 0;
  #build = 0;
  #isBehind = false;

  /** `clock` counts milliseconds; what sorting costs is measured with it. */
  constructor(tree: TreeShape, clock: () => number = () => performance.now()) {
    this.#tree = tree;
    this.#clock = clock;
    this.#rows = new VisibleRows(tree, {
      onIncluded: (node, parent) => this.#orders.get(parent)?.order.add(node),
      onResized: (parent) => this.#orders.get(parent)?.order.resized(),
    });
  }

  /** Follows what is opened and closed until the result is disposed. */
  follow(expansion: TreeExpansion): Disposable {
    return expansion.onDidChange(({ nodeId, isExpanded, isRecursive }) => {
      if (isRecursive) {
        this.#rows.setExpandedBelow(nodeId, isExpanded);
      } else {
        this.#rows.setExpanded(nodeId, isExpanded);
      }
    });
  }

  /** Brings the view up to date; to be called before rows are asked for. `now` in milliseconds since the epoch. */
  update(params: ViewParams, now: number): void {
    this.#now = now;
    this.#build += 1;
    this.#isBehind = false;
    if (params.filter !== this.#params.filter) {
      const { filter, problem } = parsePathFilter(params.filter, this.#tree.segments);
      this.#filterProblem = problem;
      this.#orders.clear();
      this.#rows.setFilter(filter);
    }
    this.#params = params;
    this.#rows.sync();
  }

  get total(): number {
    return this.#rows.total;
  }

  /** Topics that match the filter, if one is set. */
  get matched(): number | undefined {
    return this.#params.filter === '' || this.#filterProblem !== undefined ? undefined : this.#rows.matched;
  }

  get filterProblem(): string | undefined {
    return this.#filterProblem;
  }

  /** The last rows were not yet in their final order: sorting is put off to keep its cost down. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  isOpen(node: number): boolean {
    return this.#rows.isOpen(node);
  }

  /** How many children are shown when the node is opened. */
  children(node: number): number {
    switch (this.#rows.childrenShown(node)) {
      case 'all':
        return this.#tree.columns.childCount[node]!;
      case 'none':
        return 0;
      default:
        return this.#order(node).length;
    }
  }

  /** Rows from `offset` on, at most `count` and fewer at the end. */
  slice(offset: number, count: number): PlacedRow[] {
    const rows: PlacedRow[] = [];
    if (offset >= this.total || count <= 0) {
      return rows;
    }
    const path: { readonly order: ChildOrder; index: number }[] = [];
    let rest = offset;
    for (let node = 0; ; ) {
      const order = this.#order(node);
      const index = order.indexAt(rest, this.#rowsOf);
      assert(index >= 0, `node ${node} takes rows but shows no children`);
      rest -= order.startOf(index, this.#rowsOf);
      path.push({ order, index });
      if (rest === 0) {
        break;
      }
      rest -= 1;
      node = order.at(index);
    }
    while (rows.length < count) {
      const top = path.at(-1);
      if (top === undefined) {
        break;
      }
      if (top.index >= top.order.length) {
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) {
          above.index += 1;
        }
        continue;
      }
      const node = top.order.at(top.index);
      rows.push({ node, level: path.length, position: top.index + 1, siblings: top.order.length });
      if (this.#rows.rowsOf(node) > 1) {
        path.push({ order: this.#order(node), index: 0 });
      } else {
        top.index += 1;
      }
    }
    this.#forgetOrders();
    return rows;
  }

  /** The row of a node, counted from 0; undefined if it is filtered out or a level above is closed. */
  rowOf(node: number): number | undefined {
    const { parent } = this.#tree.columns;
    if (!this.#tree.has(node) || !this.#rows.isIncluded(node)) {
      return undefined;
    }
    let row = -1;
    for (let at = node; at !== 0; at = parent[at]!) {
      const above = parent[at]!;
      if (!this.#rows.isOpen(above)) {
        return undefined;
      }
      const order = this.#order(above);
      row += 1 + order.startOf(order.indexOf(at), this.#rowsOf);
    }
    return row;
  }

  /** The first row, from `start` on and around the end, whose segment begins with the text, whatever its case. */
  find(text: string, start: SearchStart): number | undefined {
    const { segments } = this.#tree;
    const wanted = foldCase(text);
    return findRow(
      {
        tree: this.#tree,
        isOpen: (node) => this.#rows.isOpen(node),
        isIncluded: (node) => this.#rows.isIncluded(node),
        orderOf: (node) => this.#order(node),
      },
      (id) => (segments.folded(id) || EMPTY_SEGMENT).startsWith(wanted),
      start,
    );
  }

  /** A node and its siblings, as far as they are shown, closed, and have something to open. */
  closedSiblings(node: number): number[] {
    const { parent, firstChild, nextSibling, childCount } = this.#tree.columns;
    const closed: number[] = [];
    for (let child = firstChild[parent[node]!]!; child !== 0; child = nextSibling[child]!) {
      const hasRows = childCount[child] !== 0 && this.#rows.childrenShown(child) !== 'none';
      if (hasRows && this.#rows.isIncluded(child) && !this.#rows.isOpen(child)) {
        closed.push(child);
      }
    }
    return closed;
  }

  #order(node: number): ChildOrder {
    const { sort, frozen } = this.#params;
    const known = this.#orders.get(node);
    if (known?.usedIn === this.#build) {
      return known.order;
    }
    const order =
      known?.order ??
      new ChildOrder(this.#tree, node, this.#shownChildren(node), sort, this.#now, this.#clock);
    if (known !== undefined) {
      this.#orders.delete(node);
      this.#isBehind = order.update(sort, frozen, this.#now) || this.#isBehind;
    }
    this.#orders.set(node, { order, usedIn: this.#build });
    return order;
  }

  #shownChildren(node: number): Int32Array<ArrayBuffer> {
    const { firstChild, nextSibling, childCount } = this.#tree.columns;
    const children = new Int32Array(childCount[node]!);
    let count = 0;
    for (let child = firstChild[node]!; child !== 0; child = nextSibling[child]!) {
      if (this.#rows.isIncluded(child)) {
        children[count] = child;
        count += 1;
      }
    }
    return count === children.length ? children : children.slice(0, count);
  }

  #forgetOrders(): void {
    let ordered = 0;
    for (const { order } of this.#orders.values()) {
      ordered += order.length;
    }
    for (const [node, { order, usedIn }] of this.#orders) {
      if (usedIn === this.#build || (this.#orders.size <= MAX_ORDERS && ordered <= MAX_ORDERED)) {
        return;
      }
      this.#orders.delete(node);
      ordered -= order.length;
    }
  }
}
