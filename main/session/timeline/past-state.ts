import type { MessageLog } from '../log/message-log.ts';
import { COUNTERS, LAST_AT, NodeFlag } from '../tree/node-columns.ts';
import type { TopicTree } from '../tree/topic-tree.ts';

/** What a tree of the past knows of its nodes, by their numbers: of each topic for itself, and summed up to the root. */
export interface PastState {
  /** Nodes, the root's included. */
  readonly length: number;
  /** Messages on exactly this topic. */
  readonly ownMessages: Float64Array<ArrayBuffer>;
  /** Sequence number of the newest of them; 0: none, or not kept. */
  readonly last: Float64Array<ArrayBuffer>;
  /** When it came; 0: not known. Milliseconds since the epoch. */
  readonly lastOwnAt: Float64Array<ArrayBuffer>;
  readonly retained: Uint8Array<ArrayBuffer>;
  /** 1: `last` is not looked up yet. */
  readonly isUnsettled: Uint8Array<ArrayBuffer>;
  /** Sums and a tree of what was there. */
  readonly messages: Float64Array<ArrayBuffer>;
  readonly lastAt: Float64Array<ArrayBuffer>;
  readonly rates: Float64Array<ArrayBuffer>;
  readonly topics: Int32Array<ArrayBuffer>;
  readonly firstChild: Int32Array<ArrayBuffer>;
  readonly nextSibling: Int32Array<ArrayBuffer>;
  readonly childCount: Int32Array<ArrayBuffer>;
  readonly flags: Uint8Array<ArrayBuffer>;
}

/** The state as it is now, without sums. In one go, as it must be of one moment: about 20 ms for a million topics. */
export function stateOf(live: TopicTree, log: MessageLog): PastState {
  const state = emptyState(live.columns.length);
  const { counters, flags, firstChild } = live.columns;
  for (let node = 1; node < state.length; node += 1) {
    if ((flags[node]! & NodeFlag.topic) !== 0) {
      const last = live.lastSequence(node);
      state.ownMessages[node] = live.ownMessages(node);
      state.last[node] = last;
      state.retained[node] = live.isRetained(node) ? 1 : 0;
      // The tree's own time is that of the newest message at or below.
      state.lastOwnAt[node] =
        firstChild[node] === 0 ? counters[node * COUNTERS + LAST_AT]! : timeOfKept(log, last);
    }
  }
  return state;
}

/** The same with room for more nodes, on which nothing came. */
export function grownState(state: PastState, length: number): PastState {
  const grown = emptyState(length);
  grown.ownMessages.set(state.ownMessages);
  grown.last.set(state.last);
  grown.lastOwnAt.set(state.lastOwnAt);
  grown.retained.set(state.retained);
  grown.isUnsettled.set(state.isUnsettled);
  return grown;
}

function timeOfKept(log: MessageLog, sequence: number): number {
  const place = log.find(sequence);
  return place?.source.columns.receivedAt[place.row] ?? 0;
}

function emptyState(length: number): PastState {
  return {
    length,
    ownMessages: new Float64Array(length),
    last: new Float64Array(length),
    lastOwnAt: new Float64Array(length),
    retained: new Uint8Array(length),
    isUnsettled: new Uint8Array(length),
    messages: new Float64Array(length),
    lastAt: new Float64Array(length),
    rates: new Float64Array(length),
    topics: new Int32Array(length),
    firstChild: new Int32Array(length),
    nextSibling: new Int32Array(length),
    childCount: new Int32Array(length),
    flags: new Uint8Array(length),
  };
}
