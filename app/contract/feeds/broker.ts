import { z } from 'zod';
import type { BrokerKind, SysKind } from '../../mqtt/sys-topics.ts';
import { defineFeed } from '../define.ts';

const window = { offset: z.int().min(0), count: z.int().min(0).max(200) };

/** A value that the broker tells of itself under `$SYS`. */
export interface BrokerRow {
  readonly topicId: number;
  /** Raw, cut to 256 UTF-16 units. */
  readonly topic: string;
  /** The known name, or the topic without what all of them begin with; raw. */
  readonly label: string;
  /** Known values come by group; `Other` for those that are not known. */
  readonly group: string;
  readonly kind: SysKind;
  /** Of numbers: what they count. */
  readonly unit?: string;
  /** As received, safe to show. */
  readonly text: string;
  readonly value?: number;
  /** Of a counter: what it grew by a second, between the last two values. */
  readonly perSecond?: number;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  /** The last values, oldest first: `[time, value, time, value, ...]`; of a counter, its growth a second. At most 120 pairs. */
  readonly points: readonly number[];
}

export interface BrokerWindow {
  readonly broker: BrokerKind | 'unknown' | 'none';
  /** The user's own enabled subscriptions bring `$SYS`. */
  readonly isSubscribed: boolean;
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly BrokerRow[];
  /** The tree holds more than are shown here. */
  readonly omitted: number;
}

export const talkerSpans = ['10s', '1min', '5min', 'session'] as const;
export type TalkerSpan = (typeof talkerSpans)[number];

export const talkersParamsSchema = z.object({
  ...window,
  /** Single topics, or whole branches of the tree down to `depth` levels; topics that end above stand for themselves. */
  by: z.enum(['topic', 'branch']),
  depth: z.int().min(1).max(32).default(1),
  span: z.enum(talkerSpans),
  order: z.enum(['messages', 'bytes']),
  /** A talker floods from so many messages a second on. */
  floodRate: z.number().min(0.1).max(1_000_000).default(100),
});

export interface TalkerRow {
  readonly nodeId: number;
  /** Raw, cut in the middle to 512 UTF-16 units. */
  readonly topic: string;
  /** True for a branch: more than this topic is counted. */
  readonly isBranch: boolean;
  /** Within the span; bytes of payloads. */
  readonly messages: number;
  readonly bytes: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Of all that came within the span, by the chosen order; 0 to 1. */
  readonly share: number;
  readonly floods: boolean;
}

export interface TalkersWindow {
  /** Milliseconds that were counted: less than the span in its beginning. */
  readonly counted: number;
  readonly messages: number;
  readonly bytes: number;
  readonly offset: number;
  /** Talkers that are ranked, and all that sent something. */
  readonly total: number;
  readonly active: number;
  readonly rows: readonly TalkerRow[];
  /** How many of them flood. */
  readonly flooding: number;
}

export const brokerFeeds = {
  /** What the broker says of itself. */
  broker: defineFeed<BrokerWindow>()(z.object(window)),
  /** Who sends most. Counted only while it is open, but for the span `session`. */
  talkers: defineFeed<TalkersWindow>()(talkersParamsSchema),
};
