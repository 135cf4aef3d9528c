import { performance } from 'node:perf_hooks';
import type { Moment } from '#app/contract/operations/timeline.ts';
import type { MessageLog } from '../log/message-log.ts';
import { NodeFlag } from '../tree/node-columns.ts';
import { NodeEvents } from '../tree/node-events.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import type { TreeColumns, TreeShape } from '../tree/tree-shape.ts';
import { grownState, type PastState, stateOf } from './past-state.ts';
import { addRates, clearSums, enter, settle, sumUp, takeBack } from './past-steps.ts';

/** Some tens of microseconds of work. */
const AT_ONCE = 4096;
/** Rates below are shown as none. */
const MIN_RATE = 0.01;

/** What is done one after the other to get to a moment. */
type Phase = 'walk' | 'settle' | 'rates' | 'sum' | 'done';

/**
 * The topic tree as it was at a moment. It begins as a copy of the live tree and walks along the log: backwards each
 * row is taken back, and names the row before it on its topic; forwards each row is entered again. So the counts are
 * those of the whole session although only a part of it is kept, and moving on costs the rows in between. The work is
 * cut into slices; until a moment is reached, what is shown of the tree is not to be used.
 */
export class PastTree implements TreeShape {
  readonly segments;
  /** Nothing becomes visible by itself: each moment is looked at with a new view. */
  readonly events = new NodeEvents();
  readonly #live: TopicTree;
  readonly #log: MessageLog;
  readonly #atOnce: number;
  #state: PastState;
  #columns: TreeColumns;
  #version = 0;
  #phase: Phase = 'done';
  /** The moment that is wanted, and the row up to which messages are entered. */
  #moment: Moment;
  #position: number;
  /** Rows from the last position to the moment, and how many were walked. */
  #way = 0;
  #walked = 0;
  /** Where the phase stands. */
  #at = 0;
  /** Topics whose newest message is not looked up yet. */
  readonly #unsettled: number[] = [];

  /** `atOnce`: rows, topics or nodes between two looks at the clock. */
  constructor(live: TopicTree, log: MessageLog, atOnce = AT_ONCE) {
    this.#atOnce = atOnce;
    this.#live = live;
    this.#log = log;
    this.segments = live.segments;
    this.#state = stateOf(live, log);
    this.#columns = this.#newColumns();
    this.#position = log.newestSequence;
    this.#moment = { at: 0, sequence: this.#position };
  }

  get columns(): TreeColumns {
    return this.#columns;
  }

  get version(): number {
    return this.#version;
  }

  /** The row up to which messages are entered: of a moment before the oldest kept row, the one before that. */
  get sequence(): number {
    return this.#position;
  }

  /** The wanted moment is reached. */
  get isReady(): boolean {
    return this.#phase === 'done' && this.#version > 0;
  }

  /** From 0 to 1: how much of the way to the wanted moment lies behind. */
  get progress(): number {
    return this.isReady ? 1 : Math.min(0.99, this.#walked / Math.max(1, this.#way));
  }

  /** Sets out for a moment, from wherever it is. */
  seek(moment: Moment): void {
    if (this.#live.columns.length > this.#state.length) {
      this.#state = grownState(this.#state, this.#live.columns.length);
    }
    // What comes meanwhile is not asked for, and may be on topics that there is no room for.
    this.#moment = { at: moment.at, sequence: Math.min(moment.sequence, this.#log.newestSequence) };
    this.#beginWalk();
  }

  /** Goes on until the deadline (as `performance.now()` counts); true: there is more to do. */
  advance(deadline: number): boolean {
    while (this.#phase !== 'done') {
      switch (this.#phase) {
        case 'walk':
          this.#walk();
          break;
        case 'settle':
          this.#settle();
          break;
        case 'rates':
          this.#addRates();
          break;
        case 'sum':
          this.#sum();
          break;
      }
      if (performance.now() > deadline) {
        break;
      }
    }
    return this.#phase !== 'done';
  }

  /** The user opened or closed nodes of the live tree: they are open here as well. */
  takeExpanded(nodeId: number, isRecursive: boolean): void {
    const { flags, length } = this.#state;
    const live = this.#live.columns.flags;
    const end = isRecursive ? length : Math.min(length, nodeId + 1);
    for (let node = isRecursive ? 1 : nodeId; node < end; node += 1) {
      flags[node] = (flags[node]! & ~NodeFlag.expanded) | (live[node]! & NodeFlag.expanded);
    }
  }

  has(nodeId: number): boolean {
    return Number.isInteger(nodeId) && nodeId > 0 && nodeId < this.#columns.length;
  }

  isTopic(nodeId: number): boolean {
    return (this.#state.ownMessages[nodeId] ?? 0) > 0;
  }

  isRetained(nodeId: number): boolean {
    return this.#state.retained[nodeId] === 1;
  }

  lastSequence(nodeId: number): number {
    return this.#state.last[nodeId] ?? 0;
  }

  messages(nodeId: number): number {
    return this.#state.messages[nodeId] ?? 0;
  }

  topicsBelow(nodeId: number): number {
    return this.#state.topics[nodeId] ?? 0;
  }

  lastAt(nodeId: number): number {
    return this.#state.lastAt[nodeId] ?? 0;
  }

  /** As of the moment; `now` is of no account. */
  rate(nodeId: number): number {
    const rate = this.#state.rates[nodeId] ?? 0;
    return rate < MIN_RATE ? 0 : rate;
  }

  /** Sequence number of the last row that is entered at the wanted moment: no row before the kept ones can be left out. */
  get #target(): number {
    return Math.max(this.#log.firstSequence - 1, this.#moment.sequence);
  }

  #beginWalk(): void {
    this.#phase = 'walk';
    this.#walked = 0;
    this.#way = Math.abs(this.#target - this.#position);
  }

  #walk(): void {
    if (this.#position < this.#log.firstSequence - 1) {
      // Rows between here and what is kept went meanwhile: there is no way on, only one from the present.
      this.#state = stateOf(this.#live, this.#log);
      this.#unsettled.length = 0;
      this.#position = this.#log.newestSequence;
      this.#beginWalk();
    }
    const from = this.#position;
    const target = this.#target;
    if (from > target) {
      this.#position = Math.max(target, from - this.#atOnce);
      takeBack(this.#state, this.#log, { from, to: this.#position }, this.#unsettled);
    } else if (from < target) {
      this.#position = Math.min(target, from + this.#atOnce);
      enter(this.#state, this.#log, { from, to: this.#position });
    } else {
      this.#phase = 'settle';
    }
    this.#walked += Math.abs(this.#position - from);
  }

  #settle(): void {
    if (settle(this.#state, this.#log, this.#unsettled, this.#atOnce)) {
      this.#phase = 'rates';
      this.#at = this.#position;
      this.#state.rates.fill(0);
    }
  }

  #addRates(): void {
    const oldest = this.#log.firstSequence - 1;
    const from = this.#at;
    const to = Math.max(oldest, from - this.#atOnce);
    this.#at = to;
    if (!addRates(this.#state, this.#log, { from, to }, this.#moment.at) || to <= oldest) {
      clearSums(this.#state);
      this.#phase = 'sum';
      this.#at = this.#state.length - 1;
    }
  }

  #sum(): void {
    const from = this.#at;
    this.#at = Math.max(0, from - this.#atOnce);
    sumUp(this.#state, this.#live, { from, to: this.#at });
    if (this.#at === 0) {
      this.#phase = 'done';
      this.#version += 1;
      this.#columns = this.#newColumns();
    }
  }

  /** Names and places of nodes never change: those of the live tree serve. */
  #newColumns(): TreeColumns {
    const { parent, segment } = this.#live.columns;
    const { length, firstChild, nextSibling, childCount, topics, flags } = this.#state;
    return { length, parent, segment, firstChild, nextSibling, childCount, topics, flags };
  }
}
