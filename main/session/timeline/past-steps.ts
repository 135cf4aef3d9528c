import type { MessageLog } from '../log/message-log.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import { NodeFlag } from '../tree/node-columns.ts';
import { RATE_TIME_CONSTANT, type TopicTree } from '../tree/topic-tree.ts';
import type { PastState } from './past-state.ts';

/*
 * The steps by which a state of the past is moved. Each does what it is told at once; who calls it cuts the way into
 * pieces. Rows between must be kept.
 */

/** Milliseconds before a moment that its rates are made of; what came earlier adds a quarter of a percent. */
const RATE_SPAN = 6 * RATE_TIME_CONSTANT;

/** Takes back the rows from `from` down to the one behind `to`; their topics join `unsettled`. */
export function takeBack(
  { ownMessages, last, isUnsettled }: PastState,
  log: MessageLog,
  { from, to }: { readonly from: number; readonly to: number },
  unsettled: number[],
): void {
  for (let sequence = from; sequence > to; ) {
    const chunk = log.chunkAt(sequence);
    const end = Math.max(to, (chunk?.first ?? sequence) - 1);
    if (chunk !== undefined) {
      const { topicId, flags, previous } = chunk.columns;
      for (; sequence > end; sequence -= 1) {
        const row: number = sequence - chunk.first;
        if (kindOf(flags[row]!) === RowKind.received) {
          const topic = topicId[row]!;
          ownMessages[topic] = ownMessages[topic]! - 1;
          // The row before it on its topic, in either direction.
          last[topic] = previous[row] === 0 ? 0 : sequence - previous[row]!;
          if (isUnsettled[topic] === 0) {
            isUnsettled[topic] = 1;
            unsettled.push(topic);
          }
        }
      }
    }
    sequence = end;
  }
}

/** Enters the rows behind `from` up to `to`. */
export function enter(
  { ownMessages, last, lastOwnAt, retained }: PastState,
  log: MessageLog,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let sequence = from + 1; sequence <= to; ) {
    const chunk = log.chunkAt(sequence);
    const end = Math.min(to + 1, chunk?.end ?? sequence + 1);
    if (chunk !== undefined) {
      const { topicId, flags, receivedAt } = chunk.columns;
      for (; sequence < end; sequence += 1) {
        const row: number = sequence - chunk.first;
        if (kindOf(flags[row]!) === RowKind.received) {
          const topic = topicId[row]!;
          ownMessages[topic] = ownMessages[topic]! + 1;
          last[topic] = sequence;
          lastOwnAt[topic] = receivedAt[row]!;
          retained[topic] = (flags[row]! & RETAIN_FLAG) === 0 ? 0 : 1;
        }
      }
    }
    sequence = end;
  }
}

/**
 * Looks up the messages that became the newest of their topics: published ones do not count, as in the live tree.
 * Looks at so many rows at most; true when all topics are settled.
 */
export function settle(
  { ownMessages, last, lastOwnAt, retained, isUnsettled }: PastState,
  log: MessageLog,
  unsettled: number[],
  maxRows: number,
): boolean {
  for (let rows = 0; rows < maxRows; rows += 1) {
    const topic = unsettled.at(-1);
    if (topic === undefined) {
      return true;
    }
    const sequence = ownMessages[topic] === 0 ? 0 : last[topic]!;
    const place = sequence === 0 ? undefined : log.find(sequence);
    const flags = place?.source.columns.flags[place.row] ?? 0;
    if (place !== undefined && kindOf(flags) !== RowKind.received) {
      last[topic] = log.previousOf(sequence);
      continue;
    }
    last[topic] = place === undefined ? 0 : sequence;
    lastOwnAt[topic] = place?.source.columns.receivedAt[place.row] ?? 0;
    retained[topic] = (flags & RETAIN_FLAG) === 0 ? 0 : 1;
    isUnsettled[topic] = 0;
    unsettled.pop();
  }
  return false;
}

/**
 * Adds to the rates as of `at` what the rows from `from` down to the one behind `to` make of them; false at the first
 * that came too early to count.
 */
export function addRates(
  { rates }: PastState,
  log: MessageLog,
  { from, to }: { readonly from: number; readonly to: number },
  at: number,
): boolean {
  const step = 1000 / RATE_TIME_CONSTANT;
  for (let sequence = from; sequence > to; ) {
    const chunk = log.chunkAt(sequence);
    const end = Math.max(to, (chunk?.first ?? sequence) - 1);
    if (chunk !== undefined) {
      const { topicId, flags, receivedAt } = chunk.columns;
      for (; sequence > end; sequence -= 1) {
        const row: number = sequence - chunk.first;
        const age = at - receivedAt[row]!;
        if (age > RATE_SPAN) {
          return false;
        }
        if (kindOf(flags[row]!) === RowKind.received) {
          const topic = topicId[row]!;
          rates[topic] = rates[topic]! + step * Math.exp(-Math.max(0, age) / RATE_TIME_CONSTANT);
        }
      }
    }
    sequence = end;
  }
  return true;
}

/** Empties what {@link sumUp} fills. */
export function clearSums(state: PastState): void {
  const { messages, topics, lastAt, firstChild, nextSibling, childCount } = state;
  for (const column of [messages, topics, lastAt, firstChild, nextSibling, childCount]) {
    column.fill(0);
  }
}

/**
 * Sums up the nodes from `from` down to the one behind `to`, and hangs those on which something came into the tree.
 * Parents have the smaller numbers: in a sweep from the last node to the first each is met with all that is below it.
 */
export function sumUp(
  state: PastState,
  live: TopicTree,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { ownMessages, lastOwnAt, messages, topics, lastAt, rates, flags } = state;
  const { firstChild, nextSibling, childCount } = state;
  const { parent, flags: liveFlags } = live.columns;
  for (let node = from; node > to; node -= 1) {
    const own = ownMessages[node]!;
    const isTopic = own > 0;
    const all = messages[node]! + own;
    flags[node] = liveFlags[node]! & NodeFlag.expanded;
    if (all === 0) {
      continue;
    }
    flags[node] = flags[node]! | NodeFlag.attached | (isTopic ? NodeFlag.topic : 0);
    messages[node] = all;
    lastAt[node] = Math.max(lastAt[node]!, isTopic ? lastOwnAt[node]! : 0);
    topics[node] = topics[node]! + (isTopic ? 1 : 0);
    const above = parent[node]!;
    messages[above] = messages[above]! + all;
    topics[above] = topics[above]! + topics[node]!;
    rates[above] = rates[above]! + rates[node]!;
    lastAt[above] = Math.max(lastAt[above]!, lastAt[node]!);
    nextSibling[node] = firstChild[above]!;
    firstChild[above] = node;
    childCount[above] = childCount[above]! + 1;
  }
}
