import { z } from 'zod';
import { qosSchema } from '../../profile/profile.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';
import type { MessageRow } from './session.ts';

/** Rows of a window of results at most. */
export const MAX_RESULT_ROWS = 300;

/** What is searched for. All that is given must hold. */
export const searchQuerySchema = z.object({
  /** Empty: any. */
  text: z.string().max(1000).default(''),
  /** `text` is a regular expression of JavaScript (flag `u` where it can be, `s` and `m` never). */
  isRegex: z.boolean().default(false),
  matchCase: z.boolean().default(false),
  wholeWord: z.boolean().default(false),
  /** Where the text may stand. */
  inTopic: z.boolean().default(true),
  inPayload: z.boolean().default(true),
  inProperties: z.boolean().default(false),
  /** MQTT topic filter; empty: all. */
  topicFilter: z.string().max(65535).default(''),
  direction: z.enum(['both', 'received', 'published']).default('both'),
  retain: z.enum(['any', 'retained', 'live']).default('any'),
  qos: z.array(qosSchema).max(3).default([]),
  /** Bytes of the payload, both included. */
  minSize: z.int().min(0).optional(),
  maxSize: z.int().min(0).optional(),
  /** When it came or went, milliseconds since the epoch, both included. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** `temp > 30 and state.mode = "auto"`; see `app/payload/field-condition.ts`. Empty: any. */
  condition: z.string().max(1000).default(''),
});
export type SearchQuery = z.output<typeof searchQuerySchema>;

/** Where what was found stands in a shown text: start and end, in UTF-16 units. */
export type Mark = readonly [start: number, end: number];

/** A message that was found. `preview` shows the place of the first find. */
export interface ResultRow extends MessageRow {
  readonly topicMarks: readonly Mark[];
  readonly previewMarks: readonly Mark[];
  /** What was found in the payload as it is written there, for a reader of the whole: a few different texts. */
  readonly found: readonly string[];
}

export interface SearchWindow {
  /** Row number of `rows[0]` in the order that was asked for. */
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly ResultRow[];
  /** `searching` what is kept; `live`: done with that, new messages join; `stopped` by the user; `failed`: see `failure`. */
  readonly state: 'searching' | 'live' | 'stopped' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  readonly failure?: Failure;
  /** Row number of `near`, or of the result that follows it. */
  readonly nearRow?: number;
  /** Payloads of which only the beginning was searched, as they are very large. */
  readonly partly: number;
}

export const searchFeeds = {
  /** What is kept of a session and matches, and what comes and matches. A new query begins anew. */
  search: defineFeed<SearchWindow>()(
    z.object({
      sessionId: z.string().min(1).max(64),
      query: searchQuerySchema,
      order: z.enum(['newest', 'oldest']),
      offset: z.int().min(0),
      count: z.int().min(0).max(MAX_RESULT_ROWS),
      /** Search no further; what was found stays. */
      isStopped: z.boolean().default(false),
      /** A message whose place in the list is asked for. */
      near: z.int().min(0).optional(),
    }),
  ),
};
