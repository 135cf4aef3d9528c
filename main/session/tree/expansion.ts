import { Emitter } from '#app/base/event.ts';
import { NodeFlag } from './node-columns.ts';
import type { TopicTree } from './topic-tree.ts';

/** `nodeId` was opened or closed; with `isRecursive` also whatever lies below it. */
export interface ExpansionChange {
  readonly nodeId: number;
  readonly isExpanded: boolean;
  readonly isRecursive: boolean;
}

/** Which nodes are open. Belongs to the session: all windows on it show the same. */
export class TreeExpansion {
  readonly #tree: TopicTree;
  readonly #changes = new Emitter<ExpansionChange>();
  readonly #settled = new Emitter<void>();
  /** For views to follow step by step. */
  readonly onDidChange = this.#changes.event;
  /** After each call, when all views have followed. */
  readonly onDidSettle = this.#settled.event;

  constructor(tree: TopicTree) {
    this.#tree = tree;
  }

  isExpanded(nodeId: number): boolean {
    return (this.#tree.columns.flags[nodeId]! & NodeFlag.expanded) !== 0;
  }

  /** Node 0 stands for the whole tree and makes sense only with `isRecursive`. */
  set(nodeId: number, isExpanded: boolean, isRecursive = false): void {
    this.#change(nodeId, isExpanded, isRecursive);
    this.#settled.fire();
  }

  /** Opens many nodes, each for itself. */
  openAll(nodeIds: readonly number[]): void {
    for (const nodeId of nodeIds) {
      this.#change(nodeId, true, false);
    }
    this.#settled.fire();
  }

  /** Opens all levels above a node. */
  reveal(nodeId: number): void {
    const { parent } = this.#tree.columns;
    // From below: what is opened under a closed level does not change what is shown yet, so each step is cheap.
    for (let node = parent[nodeId]!; node !== 0; node = parent[node]!) {
      this.#change(node, true, false);
    }
    this.#settled.fire();
  }

  #change(nodeId: number, isExpanded: boolean, isRecursive: boolean): void {
    this.#mark(nodeId, isExpanded);
    if (isRecursive) {
      const { firstChild, nextSibling, parent } = this.#tree.columns;
      let node = firstChild[nodeId]!;
      while (node !== 0 && node !== nodeId) {
        this.#mark(node, isExpanded);
        if (firstChild[node] !== 0) {
          node = firstChild[node]!;
          continue;
        }
        while (node !== nodeId && nextSibling[node] === 0) {
          node = parent[node]!;
        }
        if (node !== nodeId) {
          node = nextSibling[node]!;
        }
      }
    }
    this.#changes.fire({ nodeId, isExpanded, isRecursive });
  }

  #mark(nodeId: number, isExpanded: boolean): void {
    const { flags, firstChild } = this.#tree.columns;
    if (!isExpanded) {
      flags[nodeId] = flags[nodeId]! & ~NodeFlag.expanded;
    } else if (nodeId !== 0 && firstChild[nodeId] !== 0) {
      // A node without children stays closed: it should not spring open when the first one comes.
      flags[nodeId] = flags[nodeId]! | NodeFlag.expanded;
    }
  }
}
