import { grownInt32, grownUint8, NodeFlag } from './node-columns.ts';
import type { PathFilter } from './path-filter.ts';
import { matchFlags, Row } from './row-flags.ts';
import type { TreeShape } from './tree-shape.ts';

/** What a view must do about the children it has put in order. */
export interface RowsListener {
  /** The node joined the shown children of its parent. */
  onIncluded(node: number, parent: number): void;
  /** A child of the node takes more or fewer rows than before. */
  onResized(parent: number): void;
}

/**
 * How many rows each node takes in one view of the tree: 1 and, if it is open, those of its children;
 * 0 if a filter leaves it out. Kept up to date node by node, so that a row is found by descending.
 * Nothing here knows of order: that is worked out only for the nodes that a window really meets.
 */
export class VisibleRows {
  readonly #tree: TreeShape;
  readonly #listener: RowsListener;
  #filter: PathFilter | undefined;
  #rows = new Int32Array(0);
  #flags = new Uint8Array(0);
  #states = new Int32Array(0);
  #readEvents = 0;
  #matched = 0;
  /** Levels climbed in this sync; beyond a limit two sweeps over all nodes are cheaper. */
  #steps = 0;

  constructor(tree: TreeShape, listener: RowsListener) {
    this.#tree = tree;
    this.#listener = listener;
    this.rebuild();
  }

  get total(): number {
    return this.#rows[0]!;
  }

  /** Topics that match the filter. */
  get matched(): number {
    return this.#matched;
  }

  rowsOf(node: number): number {
    return this.#rows[node]!;
  }

  isOpen(node: number): boolean {
    return node === 0 || (this.#flags[node]! & Row.open) !== 0;
  }

  isIncluded(node: number): boolean {
    return (this.#flags[node]! & Row.included) !== 0;
  }

  /** Whether all, some or none of a node's children are shown when it is opened. */
  childrenShown(node: number): 'all' | 'some' | 'none' {
    if (this.#filter === undefined) {
      return 'all';
    }
    const flags = this.#flags[node]!;
    if ((flags & Row.covered) !== 0 && !this.#filter.topicsOnly) {
      return 'all';
    }
    return (flags & Row.forced) !== 0 || node === 0 ? 'some' : 'none';
  }

  /** Counts anew under another filter. Whatever was put in order is void. */
  setFilter(filter: PathFilter | undefined): void {
    this.#filter = filter;
    this.#flags.fill(0);
    this.#states = new Int32Array(filter === undefined ? 0 : this.#rows.length);
    this.#recount();
  }

  /** Reads what came into the tree since the last call; true if there was anything. */
  sync(): boolean {
    const { events } = this.#tree;
    if (this.#readEvents === events.count) {
      return false;
    }
    this.#reserve();
    this.#steps = 0;
    const limit = 100_000 + 4 * this.#tree.columns.length;
    while (this.#readEvents < events.count) {
      this.#read(events.at(this.#readEvents));
      this.#readEvents += 1;
      if (this.#steps > limit) {
        this.rebuild();
      }
    }
    return true;
  }

  /** A node was opened or closed by the user. */
  setExpanded(node: number, isExpanded: boolean): void {
    this.sync();
    const flags = this.#flags[node]!;
    if (node === 0 || (flags & Row.included) === 0) {
      return;
    }
    if ((flags & Row.forced) !== 0) {
      this.#flags[node] = isExpanded ? flags & ~Row.closed : flags | Row.closed;
    }
    this.#setOpen(node, this.#shouldBeOpen(node));
  }

  /** Many nodes below one were opened or closed by the user. */
  setExpandedBelow(node: number, isExpanded: boolean): void {
    this.sync();
    if (this.#filter !== undefined) {
      const { parent, length } = this.#tree.columns;
      const isBelow = new Uint8Array(length);
      isBelow[node] = 1;
      for (let at = node; at < length; at += 1) {
        if (isBelow[at] === 1 || (at > node && isBelow[parent[at]!] === 1)) {
          isBelow[at] = 1;
          const flags = this.#flags[at]!;
          this.#flags[at] =
            isExpanded || (flags & Row.forced) === 0 ? flags & ~Row.closed : flags | Row.closed;
        }
      }
    }
    this.rebuild();
  }

  /** Counts all rows anew from what is open and what the filter says. */
  rebuild(): void {
    this.#reserve();
    this.#recount();
  }

  #recount(): void {
    const flags = this.#flags;
    const rows = this.#rows;
    const { length, parent, flags: nodeFlags } = this.#tree.columns;
    this.#markMatches();
    rows.fill(0);
    for (let node = length - 1; node > 0; node -= 1) {
      let own = flags[node]!;
      if ((own & Row.included) === 0) {
        rows[node] = 0;
        continue;
      }
      const isExpanded = (nodeFlags[node]! & NodeFlag.expanded) !== 0;
      const isOpen = (own & Row.forced) !== 0 ? (own & Row.closed) === 0 : isExpanded;
      own = isOpen ? own | Row.open : own & ~Row.open;
      flags[node] = own;
      const count = 1 + (isOpen ? rows[node]! : 0);
      rows[node] = count;
      const above = parent[node]!;
      rows[above] = rows[above]! + count;
      if ((own & (Row.hit | Row.forced)) !== 0 && above !== 0) {
        if ((flags[above]! & Row.included) === 0) {
          flags[above] = flags[above]! | Row.included;
          this.#listener.onIncluded(above, parent[above]!);
        }
        flags[above] = flags[above]! | Row.forced;
      }
      this.#listener.onResized(above);
    }
  }

  /** First sweep: states, matches, and who is seen. */
  #markMatches(): void {
    const flags = this.#flags;
    const { length, parent, segment, flags: nodeFlags } = this.#tree.columns;
    const filter = this.#filter;
    this.#matched = 0;
    this.#readEvents = this.#tree.events.count;
    for (let node = 1; node < length; node += 1) {
      const nodeFlag = nodeFlags[node]!;
      if ((nodeFlag & NodeFlag.attached) === 0) {
        continue;
      }
      const before = flags[node]!;
      let after = (before & ~(Row.covered | Row.counted | Row.hit)) | Row.seen;
      if (filter === undefined) {
        after |= Row.included;
      } else {
        const above = parent[node]!;
        const state = filter.next(this.#states[above]!, above === 0, segment[node]!);
        this.#states[node] = state;
        const isTopic = (nodeFlag & NodeFlag.topic) !== 0;
        after |= matchFlags(state, isTopic, filter.topicsOnly);
        if ((after & Row.counted) !== 0) {
          this.#matched += 1;
        }
      }
      flags[node] = after;
      if ((after & ~before & Row.included) !== 0) {
        this.#listener.onIncluded(node, parent[node]!);
      }
    }
  }

  #read(node: number): void {
    const { parent, segment, flags: nodeFlags } = this.#tree.columns;
    const above = parent[node]!;
    const nodeFlag = nodeFlags[node]!;
    const before = this.#flags[node]!;
    const filter = this.#filter;
    if (filter === undefined) {
      if ((before & Row.seen) === 0) {
        const open = (nodeFlag & NodeFlag.expanded) !== 0 ? Row.open : 0;
        this.#flags[node] = Row.seen | Row.included | open;
        this.#rows[node] = 1;
        this.#listener.onIncluded(node, above);
        this.#climb(above, 1);
      }
      return;
    }
    if ((before & Row.seen) === 0) {
      this.#states[node] = filter.next(this.#states[above]!, above === 0, segment[node]!);
    }
    const isTopic = (nodeFlag & NodeFlag.topic) !== 0;
    const match = matchFlags(this.#states[node]!, isTopic, filter.topicsOnly);
    this.#flags[node] = before | Row.seen | (match & ~Row.included);
    if ((match & ~before & Row.counted) !== 0) {
      this.#matched += 1;
    }
    if ((match & ~before & Row.included) !== 0) {
      this.#flags[node] = this.#flags[node]! | Row.included;
      this.#rows[node] = 1;
      this.#listener.onIncluded(node, above);
      if ((match & Row.hit) === 0) {
        this.#climb(above, 1);
      }
    }
    if ((match & ~before & Row.hit) !== 0) {
      this.#openWayTo(node, (before & Row.included) === 0 ? 1 : 0);
    }
  }

  /** A node became a match: the levels above are shown and opened. `added` rows came with the node itself. */
  #openWayTo(node: number, added: number): void {
    const { parent } = this.#tree.columns;
    let delta = added;
    for (let above = parent[node]!; above !== 0; above = parent[above]!) {
      this.#steps += 1;
      this.#listener.onResized(above);
      const flags = this.#flags[above]!;
      const rows = this.#rows[above]!;
      if ((flags & Row.forced) !== 0) {
        if ((flags & Row.open) === 0 || delta === 0) {
          return;
        }
        this.#rows[above] = rows + delta;
        continue;
      }
      const isNew = (flags & Row.included) === 0;
      this.#flags[above] = flags | Row.forced | Row.open | Row.included;
      if (isNew) {
        this.#rows[above] = 1 + delta;
        this.#listener.onIncluded(above, parent[above]!);
      } else if ((flags & Row.open) !== 0) {
        this.#rows[above] = rows + delta;
      } else {
        this.#rows[above] = 1 + this.#rowsBelow(above);
      }
      delta = this.#rows[above]! - rows;
    }
    this.#listener.onResized(0);
    this.#rows[0] = this.#rows[0]! + delta;
  }

  /** Adds to the rows of a node and of those above, as far up as they are open. */
  #climb(from: number, delta: number): void {
    const { parent } = this.#tree.columns;
    for (let node = from; node !== 0; node = parent[node]!) {
      this.#steps += 1;
      this.#listener.onResized(node);
      if ((this.#flags[node]! & Row.open) === 0) {
        return;
      }
      this.#rows[node] = this.#rows[node]! + delta;
    }
    this.#listener.onResized(0);
    this.#rows[0] = this.#rows[0]! + delta;
  }

  #setOpen(node: number, isOpen: boolean): void {
    const flags = this.#flags[node]!;
    if (((flags & Row.open) !== 0) === isOpen) {
      return;
    }
    this.#flags[node] = flags ^ Row.open;
    const after = isOpen ? 1 + this.#rowsBelow(node) : 1;
    const delta = after - this.#rows[node]!;
    this.#rows[node] = after;
    this.#climb(this.#tree.columns.parent[node]!, delta);
  }

  #shouldBeOpen(node: number): boolean {
    const flags = this.#flags[node]!;
    if ((flags & Row.forced) !== 0) {
      return (flags & Row.closed) === 0;
    }
    return (this.#tree.columns.flags[node]! & NodeFlag.expanded) !== 0;
  }

  #rowsBelow(node: number): number {
    const { firstChild, nextSibling } = this.#tree.columns;
    let sum = 0;
    for (let child = firstChild[node]!; child !== 0; child = nextSibling[child]!) {
      sum += this.#rows[child]!;
    }
    return sum;
  }

  /** Makes room for as many nodes as the tree has room for. */
  #reserve(): void {
    const capacity = this.#tree.columns.parent.length;
    if (this.#rows.length < capacity) {
      this.#rows = grownInt32(this.#rows, capacity);
      this.#flags = grownUint8(this.#flags, capacity);
      if (this.#filter !== undefined) {
        this.#states = grownInt32(this.#states, capacity);
      }
    }
  }
}
