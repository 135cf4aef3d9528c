import { sysNumber } from '#app/mqtt/sys-topics.ts';
import type { MessageLog } from '../log/message-log.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import type { TopicTree } from '../tree/topic-tree.ts';

/** Values that are shown of a topic, and messages that are looked through for them. */
const MAX_SAMPLES = 121;
/** Bytes of a payload that a number takes at most. */
const NUMBER_BYTES = 64;

/** One value of a topic. */
export interface SysSample {
  readonly sequence: number;
  /** Milliseconds since the epoch: when it came. A retained one is older than that. */
  readonly at: number;
  readonly value: number;
  readonly isRetained: boolean;
}

const decoder = new TextDecoder();

/** The last numbers of topics, read from the log; of a known topic, only what is new. */
export class SysHistory {
  readonly #log: MessageLog;
  readonly #tree: TopicTree;
  readonly #samples = new Map<number, { readonly seen: number; readonly samples: readonly SysSample[] }>();

  constructor(log: MessageLog, tree: TopicTree) {
    this.#log = log;
    this.#tree = tree;
  }

  /** Oldest first. */
  of(topicId: number): readonly SysSample[] {
    const newest = this.#tree.lastSequence(topicId);
    const known = this.#samples.get(topicId);
    if (known?.seen === newest) {
      return known.samples;
    }
    const fresh: SysSample[] = [];
    let sequence = newest;
    for (let steps = 0; steps < MAX_SAMPLES && sequence > (known?.seen ?? 0); steps += 1) {
      const sample = this.#read(sequence);
      if (sample !== undefined) {
        fresh.push(sample);
      }
      sequence = this.#log.previousOf(sequence);
    }
    const samples = [...(known?.samples ?? []), ...fresh.reverse()].slice(-MAX_SAMPLES);
    this.#samples.set(topicId, { seen: newest, samples });
    return samples;
  }

  #read(sequence: number): SysSample | undefined {
    const place = this.#log.find(sequence);
    const payload = this.#log.payload(sequence, 0, NUMBER_BYTES);
    if (place === undefined || payload === undefined) {
      return undefined;
    }
    const { columns } = place.source;
    const flags = columns.flags[place.row] ?? 0;
    const value = sysNumber(decoder.decode(new Uint8Array(payload)));
    return value === undefined || kindOf(flags) !== RowKind.received
      ? undefined
      : { sequence, at: columns.receivedAt[place.row] ?? 0, value, isRetained: (flags & RETAIN_FLAG) !== 0 };
  }
}

/**
 * What a chart shows: `[time, value, ...]`, of a counter its growth a second. Between a first, retained value and
 * the next one lies an unknown time, and a counter that fell began anew: neither gives a growth.
 */
export function sysPoints(samples: readonly SysSample[], kind: 'gauge' | 'counter'): number[] {
  const points: number[] = [];
  for (const [index, { at, value }] of samples.entries()) {
    if (kind === 'gauge') {
      points.push(at, value);
      continue;
    }
    const before = samples[index - 1];
    // With “Retain as published”, brokers send their figures with RETAIN each time: only the first one is old.
    const isOld = index === 1 && before?.isRetained === true;
    if (before !== undefined && !isOld && at > before.at && value >= before.value) {
      points.push(at, ((value - before.value) * 1000) / (at - before.at));
    }
  }
  return points.slice(-2 * (MAX_SAMPLES - 1));
}
