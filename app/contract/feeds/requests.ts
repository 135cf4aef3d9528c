import { z } from 'zod';
import { topicPairProblem } from '../../mqtt/topic-pair.ts';
import { defineFeed } from '../define.ts';

/** Rows of a window of requests at most. */
export const MAX_REQUEST_ROWS = 200;
/** Pairs of topics at most. */
export const MAX_TOPIC_PAIRS = 50;

const filter = z.string().min(1).max(1000);
export const topicPairSchema = z
  .object({ request: filter, response: filter })
  .refine((pair) => topicPairProblem(pair) === undefined, 'no usable pair of topics');

/** A request and what came of it. Times are those of this computer, in milliseconds since the epoch. */
export interface RequestRow {
  /** Sequence number of the request. */
  readonly sequence: number;
  readonly at: number;
  readonly direction: 'received' | 'published';
  /** Cut to 512 characters. */
  readonly topic: string;
  readonly topicId: number;
  /** Where the answer is expected; cut to 512 characters. */
  readonly responseTopic: string;
  /** What tied the two: the response topic of MQTT 5, with or without correlation data, or a pair of topics. */
  readonly by: 'correlation' | 'response-topic' | 'topics';
  /** Hexadecimal, cut to 64 digits; absent: none. */
  readonly correlation?: string;
  readonly state: 'waiting' | 'answered' | 'unanswered';
  readonly answer?: {
    readonly sequence: number;
    readonly topicId: number;
    readonly at: number;
    readonly direction: 'received' | 'published';
    /** Answers with the same correlation data in all. */
    readonly count: number;
    /** The request had correlation data, the answer did not bring them back. */
    readonly lacksCorrelation: boolean;
    readonly isRetained: boolean;
  };
}

export interface RequestsWindow {
  /** Row number of `rows[0]` in the order that was asked for. */
  readonly offset: number;
  /** Rows that the text and the state let through. */
  readonly total: number;
  readonly rows: readonly RequestRow[];
  /** Of all requests that are held. */
  readonly counts: Readonly<Record<RequestRow['state'], number>>;
  /** Milliseconds; absent: nothing was answered. */
  readonly roundTrip?: { readonly median: number; readonly p95: number; readonly max: number };
  /** Older requests that made room for newer ones. */
  readonly dropped: number;
  /** From 0 to 1: how much of what is kept was read. */
  readonly progress: number;
}

export const requestsFeeds = {
  /** Requests and their answers, of all that is kept and as they come (MQTT 5.0 section 4.10). */
  requests: defineFeed<RequestsWindow>()(
    z.object({
      sessionId: z.string().min(1).max(64),
      /** The first that fits counts. MQTT 5's response topic goes before them. */
      pairs: z.array(topicPairSchema).max(MAX_TOPIC_PAIRS),
      /** Milliseconds after which a request counts as unanswered. */
      timeout: z.number().min(1).max(86_400_000),
      state: z.enum(['all', 'waiting', 'answered', 'unanswered']),
      /** Part of one of the topics, in any case; empty: all. */
      text: z.string().max(1000),
      order: z.enum(['newest', 'slowest']),
      offset: z.int().min(0),
      count: z.int().min(0).max(MAX_REQUEST_ROWS),
    }),
  ),
};
