import { fail } from '#app/contract/failure.ts';
import { ChildTable } from './child-table.ts';
import { NameTable } from './name-table.ts';
import {
  ABOVE,
  BYTES,
  COUNTERS,
  LAST_AT,
  LAST_SEQUENCE,
  MESSAGES,
  NodeColumns,
  NodeFlag,
  OWN_MESSAGES,
  RATE,
  RETAINED,
} from './node-columns.ts';
import { NodeEvents } from './node-events.ts';
import { SegmentTable } from './segments.ts';

/** Rates are smoothed with this time constant, in milliseconds. */
export const RATE_TIME_CONSTANT = 5000;
/** Below this age the decay is taken as linear: the error is under 0.01 %, and `exp` is not called per message. */
const LINEAR_AGE = 50;
/** A rate this old is nothing any more. */
const DEAD_AGE = 40 * RATE_TIME_CONSTANT;
/** What one message adds to a rate, per second. */
const RATE_STEP = 1000 / RATE_TIME_CONSTANT;
/** Shown as no rate at all. */
const MIN_RATE = 0.01;

/**
 * Nodes that a tree holds at most: about 1.1 GB if all are topics, of which 650 MB on the worker's heap, which has 1 GB.
 * Without a limit, topics of 30,000 levels could take all memory.
 */
const MAX_NODES = 4_000_000;
/** UTF-16 units of all names: topics may be 64 KB long each, and names live on the heap. */
const MAX_NAME_UNITS = 192 * 1024 * 1024;

/**
 * All topics of a session with their counters. Node numbers start at 1 and are never reused;
 * a topic's id is its node's number. Node 0 is the root above all topics, its counters are the totals.
 */
export class TopicTree {
  readonly columns = new NodeColumns();
  readonly segments = new SegmentTable();
  /** What became visible, in order; for views that follow the tree. */
  readonly events = new NodeEvents();
  readonly #children = new ChildTable(this.columns);
  /** By node; topics only. */
  readonly #names: (string | undefined)[] = [undefined];
  readonly #ids = new NameTable(this.#names);
  readonly #maxNodes: number;
  readonly #maxNameUnits: number;
  #nameUnits = 0;
  #records = 0;

  constructor(maxNodes = MAX_NODES, maxNameUnits = MAX_NAME_UNITS) {
    this.#maxNodes = maxNodes;
    this.#maxNameUnits = maxNameUnits;
  }

  /** Topics on which messages came. */
  get topics(): number {
    return this.columns.topics[0]!;
  }

  /** Nodes without the root, those included that were only interned so far. */
  get nodes(): number {
    return this.columns.length - 1;
  }

  /** Grows with each recorded message: equal means unchanged. */
  get version(): number {
    return this.#records;
  }

  /**
   * The id of a topic, for known ones by one lookup. A new one gets its nodes,
   * but shows in the tree only once a message is recorded. Fails with `tree.full` at the limits of nodes and names.
   */
  intern(topic: string): number {
    return this.#ids.find(topic) || this.#internNew(topic);
  }

  /** Puts the ids of the first `count` topics into `ids`; 0 for one that is not interned. */
  findMany(topics: readonly string[], count: number, ids: Uint32Array): void {
    this.#ids.findMany(topics, count, ids);
  }

  /**
   * Reads what {@link record} will need of these topics, all at once, so that it does not wait for each in turn. Returns
   * a number made of it, which keeps the reads from being left out.
   */
  prefetch(ids: Uint32Array, count: number): number {
    const { counters } = this.columns;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      sum += counters[ids[index]! * COUNTERS]!;
    }
    for (let index = 0; index < count; index++) {
      sum += counters[counters[ids[index]! * COUNTERS + ABOVE]! * COUNTERS]!;
    }
    return sum;
  }

  /** The node of a topic or of a level above one, if there is such a node. */
  find(topic: string): number | undefined {
    const known = this.#ids.find(topic);
    if (known !== 0) {
      return known;
    }
    let node = 0;
    for (let start = 0; start <= topic.length; ) {
      const end = segmentEnd(topic, start);
      const segment = this.segments.find(topic.slice(start, end));
      node = segment === 0 ? 0 : this.#children.find(node, segment);
      if (node === 0) {
        return undefined;
      }
      start = end + 1;
    }
    return node;
  }

  /** Is this the number of a node, the root not being one? */
  has(nodeId: number): boolean {
    return Number.isInteger(nodeId) && nodeId > 0 && nodeId < this.columns.length;
  }

  /** The name of a topic; `undefined` for a node that is none. */
  nameOf(nodeId: number): string | undefined {
    return this.#names[nodeId];
  }

  /** The whole name of a node from the root; empty for the root. */
  topicOf(nodeId: number): string {
    const known = this.#names[nodeId];
    if (known !== undefined) {
      return known;
    }
    const { parent, segment } = this.columns;
    const path: string[] = [];
    for (let node = nodeId; node !== 0; node = parent[node]!) {
      path.push(this.segments.text(segment[node]!));
    }
    return path.reverse().join('/');
  }

  /**
   * Counts a message on a topic and on all levels above it. Times in milliseconds since the epoch.
   * Runs once per message: O(levels), and nothing is allocated unless the topic is new.
   */
  record(nodeId: number, receivedAt: number, bytes: number, retained: boolean, sequence: number): void {
    const { counters } = this.columns;
    const own = nodeId * COUNTERS;
    if (counters[own + OWN_MESSAGES] === 0) {
      this.#becomeTopic(nodeId);
    }
    counters[own + RETAINED] = retained ? 1 : 0;
    counters[own + LAST_SEQUENCE] = sequence;
    counters[own + OWN_MESSAGES] = counters[own + OWN_MESSAGES]! + 1;
    this.#records += 1;
    for (let node = nodeId; ; ) {
      const at = node * COUNTERS;
      counters[at + MESSAGES] = counters[at + MESSAGES]! + 1;
      counters[at + BYTES] = counters[at + BYTES]! + bytes;
      const age = receivedAt - counters[at + LAST_AT]!;
      counters[at + RATE] = decayed(counters[at + RATE]!, age) + RATE_STEP;
      counters[at + LAST_AT] = receivedAt;
      if (node === 0) {
        return;
      }
      node = counters[at + ABOVE]!;
    }
  }

  /** Newest message on exactly this topic; 0: none. */
  lastSequence(nodeId: number): number {
    return this.columns.counters[nodeId * COUNTERS + LAST_SEQUENCE] ?? 0;
  }

  /** Messages on exactly this topic. */
  ownMessages(nodeId: number): number {
    return this.columns.counters[nodeId * COUNTERS + OWN_MESSAGES] ?? 0;
  }

  /** Messages at or below. */
  messages(nodeId: number): number {
    return this.columns.counters[nodeId * COUNTERS + MESSAGES] ?? 0;
  }

  /** Payload bytes at or below. */
  bytes(nodeId: number): number {
    return this.columns.counters[nodeId * COUNTERS + BYTES] ?? 0;
  }

  /** Topics at or below. */
  topicsBelow(nodeId: number): number {
    return this.columns.topics[nodeId] ?? 0;
  }

  /** Milliseconds since the epoch of the newest message at or below; 0: none. */
  lastAt(nodeId: number): number {
    return this.columns.counters[nodeId * COUNTERS + LAST_AT] ?? 0;
  }

  /** Messages per second at or below, smoothed over about 5 s, as of `now`; 0 when next to nothing. */
  rate(nodeId: number, now: number): number {
    const at = nodeId * COUNTERS;
    const { counters } = this.columns;
    const rate = decayed(counters[at + RATE] ?? 0, now - (counters[at + LAST_AT] ?? 0));
    return rate < MIN_RATE ? 0 : rate;
  }

  /** A message came at or below the node, so that it shows. */
  isAttached(nodeId: number): boolean {
    return (this.columns.flags[nodeId]! & NodeFlag.attached) !== 0;
  }

  isTopic(nodeId: number): boolean {
    return (this.columns.flags[nodeId]! & NodeFlag.topic) !== 0;
  }

  /** The newest message on exactly this topic came with RETAIN set. */
  isRetained(nodeId: number): boolean {
    return this.columns.counters[nodeId * COUNTERS + RETAINED] === 1;
  }

  #internNew(topic: string): number {
    let levels = 1;
    for (let slash = topic.indexOf('/'); slash !== -1; slash = topic.indexOf('/', slash + 1)) {
      levels += 1;
    }
    if (this.nodes + levels > this.#maxNodes || this.#nameUnits + topic.length > this.#maxNameUnits) {
      throw fail(
        'tree.full',
        `The topic tree is full: it holds ${this.nodes} nodes and takes no new topics.`,
        'Subscribe to fewer topics and connect anew.',
      );
    }
    let node = 0;
    for (let start = 0; start <= topic.length; ) {
      const end = segmentEnd(topic, start);
      const segment = this.segments.internIn(topic, start, end);
      let child = this.#children.find(node, segment);
      if (child === 0) {
        child = this.columns.add(node, segment);
        this.#children.add(child);
        this.#names.push(undefined);
      }
      node = child;
      start = end + 1;
    }
    this.#nameUnits += topic.length;
    this.#names[node] = topic;
    this.#ids.add(topic, node);
    return node;
  }

  #becomeTopic(nodeId: number): void {
    const { flags, parent, topics, firstChild, nextSibling, childCount } = this.columns;
    const wasAttached = (flags[nodeId]! & NodeFlag.attached) !== 0;
    flags[nodeId] = flags[nodeId]! | NodeFlag.topic;
    if (wasAttached) {
      this.events.add(nodeId);
    }
    const firstEvent = this.events.count;
    for (let node = nodeId; ; node = parent[node]!) {
      topics[node] = topics[node]! + 1;
      if (node === 0) {
        break;
      }
      if ((flags[node]! & NodeFlag.attached) === 0) {
        flags[node] = flags[node]! | NodeFlag.attached;
        const above = parent[node]!;
        nextSibling[node] = firstChild[above]!;
        firstChild[above] = node;
        childCount[above] = childCount[above]! + 1;
        this.events.add(node);
      }
    }
    // Views want parents first.
    this.events.reverseFrom(firstEvent);
  }
}

/** Where the segment that begins at `start` ends. */
function segmentEnd(topic: string, start: number): number {
  const slash = topic.indexOf('/', start);
  return slash === -1 ? topic.length : slash;
}

/** A rate after `age` milliseconds without a message. A clock that was set back does not make it grow. */
function decayed(rate: number, age: number): number {
  if (age <= 0) {
    return rate;
  }
  if (age < LINEAR_AGE) {
    return rate * (1 - age / RATE_TIME_CONSTANT);
  }
  return age > DEAD_AGE ? 0 : rate * Math.exp(-age / RATE_TIME_CONSTANT);
}
