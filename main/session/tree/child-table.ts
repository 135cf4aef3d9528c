import type { NodeColumns } from './node-columns.ts';

/**
 * Finds the child of a node by its segment: one open-addressing hash table for the whole tree,
 * because a Map per node costs several times the node itself. Holds node numbers, 0 is a free slot.
 */
export class ChildTable {
  readonly #columns: NodeColumns;
  /** Segment numbers can be steered by who sends topics; an unknown seed keeps collisions from being steered too. */
  readonly #seed = (Math.random() * 0x1_0000_0000) | 0;
  #slots = new Int32Array(4096);
  #count = 0;

  constructor(columns: NodeColumns) {
    this.#columns = columns;
  }

  /** The node with this parent and segment, or 0. */
  find(parent: number, segment: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const { parent: parents, segment: segments } = this.#columns;
    for (let slot = this.#hash(parent, segment) & mask; ; slot = (slot + 1) & mask) {
      const node = slots[slot]!;
      if (node === 0 || (parents[node] === parent && segments[node] === segment)) {
        return node;
      }
    }
  }

  /** Takes in a node that is not there yet; its columns must be set. */
  add(node: number): void {
    // At most two thirds full: linear probing grows long beyond that.
    if (++this.#count * 3 > this.#slots.length * 2) {
      const previous = this.#slots;
      this.#slots = new Int32Array(previous.length * 2);
      for (const kept of previous) {
        if (kept !== 0) {
          this.#place(kept);
        }
      }
    }
    this.#place(node);
  }

  #place(node: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hash(this.#columns.parent[node]!, this.#columns.segment[node]!) & mask;
    while (slots[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = node;
  }

  #hash(parent: number, segment: number): number {
    let hash = Math.imul(parent ^ this.#seed, 0x9e3779b1) ^ Math.imul(segment + 0x7f4a7c15, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }
}
