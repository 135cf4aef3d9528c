/**
 * Numbers per node in {@link NodeColumns.counters}: just the 64 bytes of a cache line, with all that counting a message
 * needs. Among many topics it waits for memory more than it works, so it must touch one line a level.
 */
export const COUNTERS = 8;
/** Messages at or below the node. */
export const MESSAGES = 0;
/** Payload bytes at or below the node. */
export const BYTES = 1;
/** Milliseconds since the epoch of the newest message at or below; 0: none. */
export const LAST_AT = 2;
/** Messages per second at or below, as it was at `LAST_AT`; it decays from there. */
export const RATE = 3;
/** Newest message on exactly this topic; 0: none. A double, because 32 bits last four hours at full speed. */
export const LAST_SEQUENCE = 4;
/** Messages on exactly this topic. */
export const OWN_MESSAGES = 5;
/** The node above, as in {@link NodeColumns.parent}. */
export const ABOVE = 6;
/** 1: the newest message on exactly this topic came with RETAIN set; 0: it did not. */
export const RETAINED = 7;

/** Bits of {@link NodeColumns.flags}. */
export const NodeFlag = {
  /** Messages came on exactly this topic. */
  topic: 1,
  /** Stands in its parent's list of children: a message came at or below it. */
  attached: 4,
  /** Opened by the user. */
  expanded: 8,
} as const;

const FIRST_CAPACITY = 1024;

/**
 * The nodes of a topic tree as columns; a node is an index, 0 is the root above all topics.
 * Parents are made before their children, so that a parent's number is always the smaller one:
 * a sweep upwards meets parents first, a sweep downwards children first.
 */
export class NodeColumns {
  /** How many indexes are in use, the root's included. */
  length = 1;
  parent = new Int32Array(FIRST_CAPACITY);
  segment = new Int32Array(FIRST_CAPACITY);
  /** Attached children as a list, newest first; 0 ends it. */
  firstChild = new Int32Array(FIRST_CAPACITY);
  nextSibling = new Int32Array(FIRST_CAPACITY);
  childCount = new Int32Array(FIRST_CAPACITY);
  /** Topics at or below. */
  topics = new Int32Array(FIRST_CAPACITY);
  flags = new Uint8Array(FIRST_CAPACITY);
  counters = new Float64Array(FIRST_CAPACITY * COUNTERS);

  /** Adds a node without counters and returns its index. */
  add(parent: number, segment: number): number {
    const node = this.length;
    if (node === this.parent.length) {
      this.#grow();
    }
    this.length = node + 1;
    this.parent[node] = parent;
    this.counters[node * COUNTERS + ABOVE] = parent;
    this.segment[node] = segment;
    return node;
  }

  #grow(): void {
    // By half: what is not used yet costs address space, what is copied costs time.
    const capacity = Math.ceil(this.parent.length * 1.5);
    this.parent = grownInt32(this.parent, capacity);
    this.segment = grownInt32(this.segment, capacity);
    this.firstChild = grownInt32(this.firstChild, capacity);
    this.nextSibling = grownInt32(this.nextSibling, capacity);
    this.childCount = grownInt32(this.childCount, capacity);
    this.topics = grownInt32(this.topics, capacity);
    this.flags = grownUint8(this.flags, capacity);
    this.counters = grownFloat64(this.counters, capacity * COUNTERS);
  }
}

/** A longer copy, zeros behind. */
export function grownInt32(column: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(column);
  return grown;
}

/** A longer copy, zeros behind. */
export function grownUint8(column: Uint8Array<ArrayBuffer>, capacity: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(capacity);
  grown.set(column);
  return grown;
}

function grownFloat64(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(column);
  return grown;
}
