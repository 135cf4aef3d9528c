import type { z } from 'zod';
import type { TalkerSpan, talkersParamsSchema } from '#app/contract/feeds/broker.ts';
import { BYTES, COUNTERS, MESSAGES, OWN_MESSAGES } from '../tree/node-columns.ts';
import type { TopicTree } from '../tree/topic-tree.ts';

/** What is ranked, of the parameters of the feed. */
export type Ranking = Pick<z.output<typeof talkersParamsSchema>, 'by' | 'depth' | 'span' | 'order'>;

/** One who sends, within the span. */
export interface Talker {
  readonly nodeId: number;
  readonly isBranch: boolean;
  readonly messages: number;
  readonly bytes: number;
}

/** Who sent most between two moments. */
export interface Ranked {
  /** Milliseconds. */
  readonly counted: number;
  readonly messages: number;
  readonly bytes: number;
  /** Best first; at most {@link MAX_RANKED}. */
  readonly talkers: readonly Talker[];
  readonly active: number;
}

/** Talkers that are ranked. */
export const MAX_RANKED = 1000;

/** Milliseconds. */
const spans: Readonly<Record<Exclude<TalkerSpan, 'session'>, number>> = {
  '10s': 10_000,
  '1min': 60_000,
  '5min': 300_000,
};

/** A moment's counters take three doubles a node; so many moments are kept for a span, fewer where memory is short. */
const MOMENTS = 6;
const MOMENT_BYTES = 24;
const MEMORY = 96 * 1024 * 1024;
/** Nodes between two pauses. */
const STEP = 8192;

/** The tree's counters as they were at a moment. Nodes that came later had none. */
interface Moment {
  readonly at: number;
  readonly messages: Float64Array;
  readonly bytes: Float64Array;
  readonly own: Float64Array;
}

/**
 * Ranks topics by how much the counters of the tree grew. Nothing is counted per message: the counters are compared with
 * what they were when the span began, so that the traffic pays nothing, and memory goes with the topics.
 */
export class Talkers {
  readonly #tree: TopicTree;
  /** Since when the tree counts. */
  readonly #since: number;
  #moments: Moment[] = [];
  #span: TalkerSpan | undefined;
  /** Levels of each node, as far as it was asked for. */
  #levels = new Uint16Array(1024);
  #levelled = 1;

  constructor(tree: TopicTree, since: number) {
    this.#tree = tree;
    this.#since = since;
  }

  /** One sweep over all nodes, with pauses. `now` in milliseconds, by the clock of `since`. */
  *sweep(ranking: Ranking, now: number): Generator<undefined, Ranked> {
    if (ranking.span !== this.#span) {
      this.#span = ranking.span;
      this.#moments = [];
    }
    const base = this.#base(ranking.span, now);
    const count = this.#tree.columns.length;
    const moment = this.#isMomentDue(ranking.span, now, count) ? emptyMoment(now, count) : undefined;
    const isFirst = ranking.span !== 'session' && base === undefined;
    const { columns } = this.#tree;
    if (ranking.by === 'branch') {
      yield* this.#level(count);
    }
    const childBytes = new Float64Array(count);
    const best = new Best(ranking.order);
    let total = { messages: 0, bytes: 0 };
    // Downwards: children have larger numbers than their parents.
    for (let node = count - 1; node >= 0; node -= 1) {
      const at = node * COUNTERS;
      const { counters, parent } = columns;
      const messages = counters[at + MESSAGES]!;
      const bytes = counters[at + BYTES]!;
      const own = counters[at + OWN_MESSAGES]!;
      if (moment !== undefined) {
        moment.messages[node] = messages;
        moment.bytes[node] = bytes;
        moment.own[node] = own;
      }
      const grewMessages = messages - (base?.messages[node] ?? 0);
      const grewBytes = bytes - (base?.bytes[node] ?? 0);
      if (!isFirst && grewMessages > 0) {
        if (node === 0) {
          total = { messages: grewMessages, bytes: grewBytes };
        } else {
          childBytes[parent[node]!]! += grewBytes;
          const level = ranking.by === 'branch' ? this.#levels[node]! : Number.POSITIVE_INFINITY;
          const isWhole = ranking.by === 'branch' && level === ranking.depth;
          const ownGrew = own - (base?.own[node] ?? 0);
          if (isWhole) {
            best.add({
              nodeId: node,
              isBranch: columns.firstChild[node] !== 0,
              messages: grewMessages,
              bytes: grewBytes,
            });
          } else if (ownGrew > 0 && (ranking.by === 'topic' || level < ranking.depth)) {
            // What came while the sweep was under way may have reached the parent only.
            const ownBytes = Math.max(0, grewBytes - childBytes[node]!);
            best.add({ nodeId: node, isBranch: false, messages: ownGrew, bytes: ownBytes });
          }
        }
      }
      if (node % STEP === 0) {
        yield;
      }
    }
    if (moment !== undefined) {
      this.#moments.push(moment);
    }
    const from = ranking.span === 'session' ? this.#since : (base?.at ?? now);
    return { counted: Math.max(0, now - from), ...total, talkers: best.take(), active: best.added };
  }

  /** The moment that the span is counted from. */
  #base(span: TalkerSpan, now: number): Moment | undefined {
    if (span === 'session') {
      return undefined;
    }
    while ((this.#moments[1]?.at ?? now) <= now - spans[span]) {
      this.#moments.shift();
    }
    return this.#moments[0];
  }

  #isMomentDue(span: TalkerSpan, now: number, nodes: number): boolean {
    if (span === 'session') {
      return false;
    }
    const moments = Math.max(1, Math.min(MOMENTS, Math.floor(MEMORY / (MOMENT_BYTES * nodes))));
    const last = this.#moments.at(-1);
    return last === undefined || now - last.at >= spans[span] / moments;
  }

  *#level(count: number): Generator<undefined, void> {
    const { parent } = this.#tree.columns;
    if (this.#levels.length < count) {
      const grown = new Uint16Array(Math.ceil(count * 1.5));
      grown.set(this.#levels);
      this.#levels = grown;
    }
    for (let node = this.#levelled; node < count; node += 1) {
      this.#levels[node] = Math.min(0xffff, this.#levels[parent[node]!]! + 1);
      this.#levelled = node + 1;
      if (node % STEP === 0) {
        yield;
      }
    }
  }
}

function emptyMoment(at: number, nodes: number): Moment {
  return {
    at,
    messages: new Float64Array(nodes),
    bytes: new Float64Array(nodes),
    own: new Float64Array(nodes),
  };
}

/** Keeps the best of many. */
class Best {
  readonly #order: 'messages' | 'bytes';
  #kept: Talker[] = [];
  #floor = -1;
  added = 0;

  constructor(order: 'messages' | 'bytes') {
    this.#order = order;
  }

  add(talker: Talker): void {
    this.added += 1;
    if (talker[this.#order] > this.#floor || this.#kept.length < MAX_RANKED) {
      this.#kept.push(talker);
      if (this.#kept.length >= 2 * MAX_RANKED) {
        this.#cut();
        this.#floor = this.#kept.at(-1)?.[this.#order] ?? -1;
      }
    }
  }

  take(): readonly Talker[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    const order = this.#order;
    const other = order === 'messages' ? 'bytes' : 'messages';
    this.#kept.sort((a, b) => b[order] - a[order] || b[other] - a[other] || a.nodeId - b.nodeId);
    this.#kept.length = Math.min(this.#kept.length, MAX_RANKED);
  }
}
