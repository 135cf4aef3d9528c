import { compareNatural, sortByName } from './natural-order.ts';
import { grownInt32 } from './node-columns.ts';
import type { TreeShape } from './tree-shape.ts';

/** Children of one node by name, in natural order; at the root `$SYS` and the like below what devices send. */
export class NamedChildren {
  readonly #tree: TreeShape;
  readonly #isRoot: boolean;
  #names: Int32Array<ArrayBuffer>;
  #length: number;

  /** Takes over `children` and sorts them. */
  constructor(tree: TreeShape, node: number, children: Int32Array<ArrayBuffer>) {
    this.#tree = tree;
    this.#isRoot = node === 0;
    this.#names = children;
    this.#length = children.length;
    this.#sort(children);
  }

  get length(): number {
    return this.#length;
  }

  /** A view on them, valid until the next merge. */
  all(): Int32Array<ArrayBuffer> {
    return this.#names.subarray(0, this.#length);
  }

  /** Takes in new children; `fresh` is sorted in place. */
  merge(fresh: Int32Array<ArrayBuffer>): void {
    this.#sort(fresh);
    const total = this.#length + fresh.length;
    if (total > this.#names.length) {
      this.#names = grownInt32(this.#names, Math.ceil(total * 1.5));
    }
    const names = this.#names;
    let end = this.#length;
    let target = total;
    for (let index = fresh.length - 1; index >= 0; index -= 1) {
      const node = fresh[index]!;
      const low = this.#placeBelow(node, end);
      target -= end - low;
      names.copyWithin(target, low, end);
      target -= 1;
      names[target] = node;
      end = low;
    }
    this.#length = total;
  }

  /** Index of the first of those; the length if there are none. */
  firstSystem(): number {
    let index = this.#length;
    while (index > 0 && this.#isSystem(this.#names[index - 1]!)) {
      index -= 1;
    }
    return index;
  }

  /** Where a node belongs among the first `end` names. Steps grow, so that many new ones cost no more than a pass. */
  #placeBelow(node: number, end: number): number {
    const names = this.#names;
    let low = end;
    let high = end;
    for (let step = 1; low > 0; step *= 2) {
      low = Math.max(0, high - step);
      if (this.#compare(names[low]!, node) < 0) {
        low += 1;
        break;
      }
      high = low;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(names[middle]!, node) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #sort(nodes: Int32Array<ArrayBuffer>): void {
    const { segments, columns } = this.#tree;
    const { segment } = columns;
    sortByName(
      nodes,
      (node) => segments.text(segment[node]!),
      (node) => segments.folded(segment[node]!),
    );
    if (this.#isRoot) {
      const system = nodes.filter((node) => this.#isSystem(node));
      if (system.length > 0) {
        nodes.set(nodes.filter((node) => !this.#isSystem(node)));
        nodes.set(system, nodes.length - system.length);
      }
    }
  }

  #compare(a: number, b: number): number {
    const { segments, columns } = this.#tree;
    const { segment } = columns;
    const [left, right] = [segment[a]!, segment[b]!];
    return (
      Number(this.#isSystem(a)) - Number(this.#isSystem(b)) ||
      compareNatural(segments.text(left), segments.folded(left), segments.text(right), segments.folded(right))
    );
  }

  /** `$SYS` and the like stand below what devices send. */
  #isSystem(node: number): boolean {
    const { segments, columns } = this.#tree;
    return this.#isRoot && segments.text(columns.segment[node]!).startsWith('$');
  }
}
