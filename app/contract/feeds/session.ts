import { z } from 'zod';
import type { ProfileColor, Qos, Subscription } from '../../profile/profile.ts';
import { qosSchema } from '../../profile/profile.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';
import { type Moment, momentSchema } from '../operations/timeline.ts';
import type { ConnectionState, Ledger } from '../session-state.ts';
import { automationFeeds } from './automation.ts';
import { brokerFeeds } from './broker.ts';
import { loadFeeds } from './load.ts';
import { packetsFeeds } from './packets.ts';
import { repliesFeeds } from './replies.ts';
import { retainedFeeds } from './retained.ts';
import { rulesFeeds } from './rules.ts';
import { scriptsFeeds } from './scripts.ts';
import { timelineFeeds } from './timeline.ts';
import { willFeeds } from './will.ts';

/** Rows a window may hold at most. */
export const MAX_WINDOW_ROWS = 500;
const window = { offset: z.int().min(0), count: z.int().min(0).max(MAX_WINDOW_ROWS) };

export interface StatusWindow {
  readonly state: ConnectionState;
  readonly ledger: Ledger;
  /** Over the last second, smoothed. */
  readonly receivedPerSecond: number;
  readonly bytesPerSecond: number;
  readonly publishedPerSecond: number;
  readonly topics: number;
  readonly willArmed?: string;
}

/** How the broker answered a SUBSCRIBE: SUBACK (3.1.1 section 3.9.3; 5.0 section 3.9.3). */
export type SubscriptionResult =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'granted'; readonly qos: Qos }
  | { readonly kind: 'refused'; readonly failure: Failure };

export interface SubscriptionRow {
  readonly subscription: Subscription;
  readonly result: SubscriptionResult;
  /** Messages received that match this filter since it was added. */
  readonly messages: number;
}

export const treeSorts = ['name', 'recent', 'count', 'rate'] as const;
export const treeParamsSchema = z.object({
  ...window,
  sort: z.object({ by: z.enum(treeSorts), descending: z.boolean() }),
  /**
   * Text (any segment of the path, case-insensitive) or, when it holds `+`, `#` as MQTT wildcards, a topic filter.
   * Matches and the way to them are shown, opened.
   */
  filter: z.string().max(65535).default(''),
  /** Names this view, unique over all clients: `tree.find` and `tree.expandSiblings` work on what it shows. */
  view: z.string().min(1).max(64).optional(),
  /** Keep the order as it is: the pointer or the focus is in the tree. New rows go to the end of their siblings. */
  frozen: z.boolean().default(false),
  /**
   * The window begins `rowsBefore` rows above this node's row, wherever that is; `offset` then says where.
   * Counts only while the node is shown; otherwise `offset` does.
   */
  anchor: z.object({ nodeId: z.int().min(1), rowsBefore: z.int().min(0).default(0) }).optional(),
  /** The tree as it was at this moment, which stays as it is whatever comes; absent: the live one. */
  asOf: momentSchema.optional(),
});

/** The moment that a window of the tree is of. */
export interface TreeAsOf extends Moment {
  /** From 0 to 1; below 1 the rows are still those of the window before. */
  readonly progress: number;
}

export interface TreeRow {
  readonly nodeId: number;
  /** 0: a root. */
  readonly parentId: number;
  /** 1 for roots, as aria-level counts. */
  readonly level: number;
  /** Raw, cut to 256 UTF-16 units; show it through `visibleText`. */
  readonly segment: string;
  readonly segmentLength: number;
  /** Present when messages came on exactly this topic. */
  readonly topicId?: number;
  readonly expanded: boolean;
  readonly children: number;
  /** 1-based place among its siblings, and how many they are, as shown. */
  readonly position: number;
  readonly siblings: number;
  /** Of the newest message on exactly this topic; safe to show. */
  readonly preview: string;
  /** Of the topic's rule: behind a value that is a number, and beside the segment. Shown through `visibleText`. */
  readonly unit?: string;
  readonly label?: string;
  /** Messages at or below this node, topics at or below it. */
  readonly messages: number;
  readonly topics: number;
  /** Messages per second at or below, smoothed over about 5 s. */
  readonly rate: number;
  /** Newest at or below, milliseconds since the epoch. */
  readonly lastAt: number;
  /** The newest message on exactly this topic came with RETAIN set: when it was published is not known. */
  readonly retained: boolean;
  /** Newest message on exactly this topic. */
  readonly lastSequence?: number;
  /** A topic whose newest message is not kept any more: nothing is known of its value. */
  readonly notKept?: true;
  readonly color?: ProfileColor;
  /** Messages on exactly this topic are left out of the stream, by a rule or by its subscriptions. */
  readonly muted?: true;
}

export interface TreeWindow {
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** Topics that match while a filter is set. */
  readonly matched?: number;
  /** Why the filter could not be used; the rows are then unfiltered. */
  readonly filterProblem?: string;
  /** Absent: the live tree. */
  readonly asOf?: TreeAsOf;
}

export const messageFilterSchema = z.object({
  /** MQTT topic filter; empty: all. */
  topicFilter: z.string().max(65535).default(''),
  /** Text in topic or payload, case-insensitive; empty: all. */
  text: z.string().max(1000).default(''),
  direction: z.enum(['both', 'received', 'published']).default('both'),
  retain: z.enum(['any', 'retained', 'live']).default('any'),
  qos: z.array(qosSchema).max(3).default([]),
  /** Exactly this topic; for the history. */
  topicId: z.int().min(1).optional(),
  /** Show messages of muted subscriptions too. */
  includeMuted: z.boolean().default(false),
});
export type MessageFilter = z.output<typeof messageFilterSchema>;

export const messagesParamsSchema = z.object({
  filter: messageFilterSchema.default(() => messageFilterSchema.parse({})),
  count: z.int().min(0).max(MAX_WINDOW_ROWS),
  /**
   * `live`: the newest rows, whatever comes. `row`: from a row of the filtered list on (0 = oldest kept).
   * `until` (of both): nothing newer than this sequence is shown; used for pause.
   */
  at: z.union([
    z.object({ kind: z.literal('live') }),
    z.object({ kind: z.literal('row'), row: z.int().min(0) }),
    z.object({
      kind: z.literal('sequence'),
      sequence: z.int().min(0),
      rowsBefore: z.int().min(0).default(0),
    }),
  ]),
  until: z.int().min(0).optional(),
});

export interface MessageRow {
  readonly kind: 'message';
  readonly sequence: number;
  /** Milliseconds since the epoch, fractions allowed. */
  readonly receivedAt: number;
  readonly direction: 'received' | 'published';
  readonly topicId: number;
  /** Raw, cut in the middle to 512 UTF-16 units; show it through `visibleText`. */
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly size: number;
  /** Safe to show, cut to 200 characters. */
  readonly preview: string;
  /** Of the topic's rule: behind a value that is a number, and beside the topic. Shown through `visibleText`. */
  readonly unit?: string;
  readonly label?: string;
  readonly color?: ProfileColor;
}

/** The connection was down: what came in between is not in the stream. */
export interface GapRow {
  readonly kind: 'gap';
  readonly sequence: number;
  readonly receivedAt: number;
  readonly text: string;
}

export interface MessagesWindow {
  /** Row number of `rows[0]` in the filtered list. */
  readonly offset: number;
  /** Rows in the filtered list up to `until`. While `scanning` it still grows. */
  readonly total: number;
  /** Rows gone at the front since the session began: adding it to a row number makes it stable against eviction. */
  readonly evictedRows: number;
  readonly rows: readonly (MessageRow | GapRow)[];
  /** Rows of the filtered list newer than `until`. */
  readonly waiting: number;
  readonly newestSequence: number;
  /** True while older messages are still being searched. */
  readonly scanning: boolean;
  readonly filterProblem?: string;
}

export const sessionFeeds = {
  ...brokerFeeds,
  ...packetsFeeds,
  ...retainedFeeds,
  ...rulesFeeds,
  ...timelineFeeds,
  ...automationFeeds,
  ...loadFeeds,
  ...repliesFeeds,
  ...scriptsFeeds,
  ...willFeeds,
  status: defineFeed<StatusWindow>()(z.object({})),
  subscriptions: defineFeed<{ readonly rows: readonly SubscriptionRow[] }>()(z.object({})),
  tree: defineFeed<TreeWindow>()(treeParamsSchema),
  messages: defineFeed<MessagesWindow>()(messagesParamsSchema),
  /** The newest message of one topic, for an inspector that follows it. */
  topic: defineFeed<{
    readonly topicId?: number;
    readonly lastSequence?: number;
    readonly messages: number;
  }>()(z.object({ topic: z.string().max(65535) })),
};
