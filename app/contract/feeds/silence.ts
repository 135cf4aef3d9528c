import { z } from 'zod';
import type { ProfileColor } from '../../profile/colors.ts';
import { defineFeed } from '../define.ts';

/** Rows of a window at most. */
export const MAX_SILENCE_ROWS = 200;
/** Topics of a session that are followed at most. */
export const MAX_SILENCE_TOPICS = 200_000;
/** Messages of a topic from which its usual interval is learned, and how many there must be at least. */
export const LEARNED_INTERVALS = 16;
export const MIN_INTERVALS = 4;
/** Times its usual from which on a topic is late. */
const LATE_FROM = 1.5;
/** Milliseconds that nobody calls silence: messages on their way from broker to screen take some of them. */
const MIN_SILENCE = 1000;

export const silenceStates = ['quiet', 'late', 'onTime', 'learning', 'unheard'] as const;
/** `unheard`: the connection is down, or no subscription brings the topic any more. */
export type SilenceState = (typeof silenceStates)[number];

export const silenceSorts = ['times', 'topic', 'age', 'usual', 'spread', 'messages'] as const;
export type SilenceSort = (typeof silenceSorts)[number];

/** How long a topic has been silent; time in which nothing could be heard does not count. Milliseconds. */
export type Silence =
  /** It goes on: since when, on the engine's clock, moved forward by what does not count. */
  | { readonly kind: 'running'; readonly since: number }
  /** It stands still: nothing can be heard now. */
  | { readonly kind: 'held'; readonly length: number }
  /** Nothing came but what the broker had retained. */
  | { readonly kind: 'unknown' };

/** What is known of a topic's rhythm. Milliseconds. */
export interface Rhythm {
  readonly silence: Silence;
  /** When the last message came; absent: only a retained one, published before. Milliseconds since the epoch. */
  readonly lastAt?: number;
  /** Messages that were counted; retained ones and our own are none. */
  readonly messages: number;
  /** Absent: too few messages. */
  readonly usual?: number;
  /** The shortest and the longest of the intervals that `usual` was learned from. */
  readonly shortest?: number;
  readonly longest?: number;
}

export interface SilenceRow extends Rhythm {
  readonly topicId: number;
  /** Cut to 512 characters. */
  readonly topic: string;
  /** Of the topic's rule. */
  readonly label?: string;
  readonly color?: ProfileColor;
}

export interface SilenceWindow {
  /** The engine's time; what goes on is counted from here. */
  readonly at: number;
  /** Row number of `rows[0]` in the order that was asked for. */
  readonly offset: number;
  /** Rows that the text and the state let through. */
  readonly total: number;
  readonly rows: readonly SilenceRow[];
  /** Of the topics that the text lets through. */
  readonly counts: Readonly<Record<SilenceState, number>>;
  /** Topics that are followed, and those beyond {@link MAX_SILENCE_TOPICS}. */
  readonly topics: number;
  readonly leftOut: number;
  /** Nothing can be heard since then: the connection is down. */
  readonly offlineSince?: number;
  /** From 0 to 1: how much of what is kept was read. */
  readonly progress: number;
}

export interface TopicSilenceWindow {
  /** Which topic it is about: a window on its way may be of the one before. */
  readonly topicId: number;
  readonly at: number;
  /** Absent until a message of the topic was read. */
  readonly rhythm?: Rhythm;
  readonly progress: number;
}

/** How many milliseconds a silence lasts at a moment of the engine's clock; `undefined`: not known. */
export function silenceAt(silence: Silence, now: number): number | undefined {
  switch (silence.kind) {
    case 'running':
      return Math.max(0, now - silence.since);
    case 'held':
      return silence.length;
    case 'unknown':
      return undefined;
  }
}

/** How many times its usual interval a silence is; messages that came at once count as a millisecond apart. */
export function timesUsual(length: number, usual: number): number {
  return length / Math.max(usual, 1);
}

/** What a silence of that length is called; `length` absent: none of the topic's messages counts. `usual`: still learning. */
export function silenceState(
  length: number | undefined,
  usual: number | undefined,
  factor: number,
  isHeard: boolean,
): SilenceState {
  if (length === undefined) {
    return 'learning';
  }
  if (!isHeard) {
    return 'unheard';
  }
  if (usual === undefined) {
    return 'learning';
  }
  const times = timesUsual(length, usual);
  if (length < MIN_SILENCE || times <= Math.min(LATE_FROM, factor)) {
    return 'onTime';
  }
  return times > factor ? 'quiet' : 'late';
}

const session = z.string().min(1).max(64);

export const silenceFeeds = {
  /** The topics of a session with their usual intervals and how long they have been silent. */
  silence: defineFeed<SilenceWindow>()(
    z.object({
      sessionId: session,
      /** Part of the topic in any case, or a topic filter with wildcards; empty: all. */
      text: z.string().max(1000),
      state: z.enum(['all', ...silenceStates]),
      /** Times its usual interval, from which on a topic is quiet. */
      factor: z.number().min(1).max(1000),
      sort: z.object({ by: z.enum(silenceSorts), descending: z.boolean() }),
      /** Rows keep their places, new ones go to the end: the pointer is among them. */
      frozen: z.boolean().default(false),
      offset: z.int().min(0),
      count: z.int().min(0).max(MAX_SILENCE_ROWS),
    }),
  ),
  /** The rhythm of one topic. */
  topicSilence: defineFeed<TopicSilenceWindow>()(
    z.object({ sessionId: session, topicId: z.int().min(1), topic: z.string().max(65_535) }),
  ),
};
