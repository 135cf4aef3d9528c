import { grownInt32 } from './node-columns.ts';

/**
 * An endless list of node numbers that views read on from where they stopped:
 * a node stands in it when it became visible (parents first) and once more if it became a topic later.
 */
export class NodeEvents {
  #nodes = new Int32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  at(index: number): number {
    return this.#nodes[index]!;
  }

  add(node: number): void {
    if (this.#count === this.#nodes.length) {
      this.#nodes = grownInt32(this.#nodes, Math.ceil(this.#count * 1.5));
    }
    this.#nodes[this.#count] = node;
    this.#count += 1;
  }

  /** Turns round the order of what was added since `start`. */
  reverseFrom(start: number): void {
    this.#nodes.subarray(start, this.#count).reverse();
  }
}
