import { sortByKey } from './key-sort.ts';
import { NamedChildren } from './named-children.ts';
import { grownInt32 } from './node-columns.ts';
import type { TreeShape } from './tree-shape.ts';

/** How siblings stand; equal ones by name. */
export interface TreeSort {
  readonly by: 'name' | 'recent' | 'count' | 'rate';
  readonly descending: boolean;
}

/** Sorting may take one part in this many of the time. */
const COST_SHARE = 20;
/** So many new children are put at their place at once, whatever it costs; more of them may have to wait. */
const CHEAP_MERGE = 64;

/**
 * The shown children of one node in order. New ones are put in place as they come; orders that follow the traffic
 * are sorted again only as often as that stays below 5 % of the time.
 */
export class ChildOrder {
  readonly #tree: TreeShape;
  /** What orders are made from, so that equal ones stand by name. */
  readonly #names: NamedChildren;
  #order: Int32Array<ArrayBuffer>;
  #length: number;
  #pending: number[] = [];
  #sort: TreeSort;
  #sortedVersion = -1;
  /** Children stand at the end that belong elsewhere. */
  #hasTail = false;
  #nextSortAt = 0;
  #nextMergeAt = 0;
  /** First row of each child, counted from 0, and the end; undefined: each takes one row. */
  #starts: Int32Array | undefined;
  #areStartsStale = true;
  readonly #clock: () => number;

  /**
   * Takes over `children`. `now` is wall-clock time, for rates; `clock` counts milliseconds, for what sorting costs:
   * the wall clock may be set back.
   */
  constructor(
    tree: TreeShape,
    node: number,
    children: Int32Array<ArrayBuffer>,
    sort: TreeSort,
    now: number,
    clock: () => number,
  ) {
    this.#tree = tree;
    this.#clock = clock;
    this.#names = new NamedChildren(tree, node, children);
    this.#order = new Int32Array(children.length);
    this.#length = 0;
    this.#sort = sort;
    this.#arrange(now);
  }

  /** Children in order. */
  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#order[index]!;
  }

  /** Place of a child, or -1. */
  indexOf(node: number): number {
    return this.#order.subarray(0, this.#length).indexOf(node);
  }

  /** A child that is to be taken in at the next `update`. */
  add(node: number): void {
    this.#pending.push(node);
    this.#areStartsStale = true;
  }

  /** A child takes more or fewer rows than before. */
  resized(): void {
    this.#areStartsStale = true;
  }

  /**
   * Takes in new children and sorts again if it is due. `isFrozen`: nothing moves, new ones go to the end.
   * True when something is left to do later.
   */
  update(sort: TreeSort, isFrozen: boolean, now: number): boolean {
    const isOther = sort.by !== this.#sort.by || sort.descending !== this.#sort.descending;
    this.#sort = sort;
    const isLate = this.#takeIn();
    if (isOther) {
      this.#arrange(now);
      return isLate;
    }
    if (isFrozen) {
      return false;
    }
    const isStale = this.#hasTail || (sort.by !== 'name' && this.#sortedVersion !== this.#tree.version);
    if (!isStale) {
      return isLate;
    }
    if (this.#clock() < this.#nextSortAt) {
      return true;
    }
    this.#arrange(now);
    return isLate;
  }

  /** First row of a child, counted from 0 among the rows of all of them. */
  startOf(index: number, rowsOf: (node: number) => number): number {
    this.#measure(rowsOf);
    return this.#starts === undefined ? index : this.#starts[index]!;
  }

  /** Index of the child that takes a row; the last one if there are fewer rows. */
  indexAt(row: number, rowsOf: (node: number) => number): number {
    this.#measure(rowsOf);
    const starts = this.#starts;
    if (starts === undefined) {
      return Math.min(row, this.#length - 1);
    }
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  #measure(rowsOf: (node: number) => number): void {
    if (!this.#areStartsStale) {
      return;
    }
    this.#areStartsStale = false;
    const order = this.#order;
    const length = this.#length;
    let index = 0;
    while (index < length && rowsOf(order[index]!) === 1) {
      index += 1;
    }
    if (index === length) {
      this.#starts = undefined;
      return;
    }
    if (this.#starts === undefined || this.#starts.length < length) {
      this.#starts = new Int32Array(order.length);
    }
    const starts = this.#starts;
    let row = 0;
    for (index = 0; index < length; index += 1) {
      starts[index] = row;
      row += rowsOf(order[index]!);
    }
  }

  /** New children go to the end of the order, and to their place among the names; true if that has to wait. */
  #takeIn(): boolean {
    const fresh = this.#pending;
    const shown = this.#length;
    const behind = fresh.length - (shown - this.#names.length);
    if (behind > 0) {
      if (fresh.length + this.#names.length > this.#order.length) {
        this.#order = grownInt32(this.#order, Math.ceil((fresh.length + this.#names.length) * 1.5));
      }
      for (let index = fresh.length - behind; index < fresh.length; index += 1) {
        this.#order[this.#length] = fresh[index]!;
        this.#length += 1;
      }
      this.#hasTail = true;
      this.#areStartsStale = true;
    }
    if (fresh.length === 0) {
      return false;
    }
    if (fresh.length > CHEAP_MERGE && this.#clock() < this.#nextMergeAt) {
      return true;
    }
    const begin = this.#clock();
    this.#names.merge(Int32Array.from(fresh));
    this.#pending = [];
    const end = this.#clock();
    this.#nextMergeAt = end + (end - begin) * COST_SHARE;
    return false;
  }

  /** Makes the order anew from the names. */
  #arrange(now: number): void {
    const begin = this.#clock();
    // Those whose merge has to wait stay at the end.
    const tail = this.#order.slice(this.#names.length, this.#length);
    const count = this.#names.length;
    if (this.#order.length < count + tail.length) {
      this.#order = new Int32Array(count + tail.length);
    }
    const order = this.#order;
    order.set(this.#names.all());
    const { by, descending } = this.#sort;
    if (by !== 'name') {
      sortByKey(order.subarray(0, count), this.#keys(order, count, by, descending, now));
    } else if (descending) {
      const firstSystem = this.#names.firstSystem();
      order.subarray(0, firstSystem).reverse();
      order.subarray(firstSystem, count).reverse();
    }
    order.set(tail, count);
    this.#length = count + tail.length;
    this.#hasTail = tail.length > 0;
    this.#areStartsStale = true;
    this.#sortedVersion = this.#tree.version;
    const end = this.#clock();
    this.#nextSortAt = end + (end - begin) * COST_SHARE;
  }

  #keys(
    nodes: Int32Array,
    count: number,
    by: 'recent' | 'count' | 'rate',
    descending: boolean,
    now: number,
  ): Float64Array {
    const tree = this.#tree;
    const sign = descending ? -1 : 1;
    const keys = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      const node = nodes[index]!;
      const key =
        by === 'recent' ? tree.lastAt(node) : by === 'count' ? tree.messages(node) : tree.rate(node, now);
      keys[index] = sign * key;
    }
    return keys;
  }
}
