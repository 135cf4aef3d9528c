import { z } from 'zod';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';

export const retainedSorts = ['topic', 'size', 'age'] as const;
export const retainedParamsSchema = z.object({
  offset: z.int().min(0),
  count: z.int().min(0).max(500),
  /** Names this view: operations work on what it shows and what is selected in it. */
  view: z.string().min(1).max(64),
  /** MQTT topic filter; empty: all. Narrows what is shown of the list, not what is asked of the broker. */
  topicFilter: z.string().max(65535).default(''),
  /** Text in topic or payload, whatever its case; empty: all. */
  text: z.string().max(1000).default(''),
  sort: z
    .object({ by: z.enum(retainedSorts), descending: z.boolean() })
    .default({ by: 'topic', descending: false }),
});

export interface RetainedRow {
  /** Stays the same for a message while the list is not loaded anew; never used twice in a session. */
  readonly entry: number;
  /** Raw, cut in the middle to 512 UTF-16 units. */
  readonly topic: string;
  /** Bytes of the payload. */
  readonly size: number;
  /** Safe to show, cut to 200 characters. */
  readonly preview: string;
  /**
   * Since when this payload is on the topic, milliseconds since the epoch. `isExact`: it was seen arriving then;
   * otherwise it was there already and is older than that.
   */
  readonly since: number;
  readonly isExact: boolean;
  /** When the broker forgets it (MQTT 5.0 message expiry), milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly selected: boolean;
}

/** What the broker was asked, and how far the answer has come. */
export interface RetainedListState {
  readonly filter: string;
  readonly state: 'loading' | 'loaded' | 'cancelled' | 'failed';
  /** Milliseconds since the epoch: when it was asked, and when the answer was complete. What came later is not known. */
  readonly askedAt: number;
  readonly loadedAt?: number;
  readonly messages: number;
  readonly bytes: number;
  readonly failure?: Failure;
  /** What the reader must know: the list was cut. */
  readonly note?: string;
}

/** A change of retained messages, or a snapshot of them, while it runs and afterwards. */
export interface RetainedJob {
  readonly jobId: string;
  readonly kind: 'clear' | 'undo' | 'restore' | 'snapshot';
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly total: number;
  /** Of `total`: dealt with in one of the ways below. */
  readonly done: number;
  /** Sent to the broker, or read by a snapshot; of these, found at the broker as they should be. */
  readonly changed: number;
  readonly verified: number;
  /** Not touched: nothing is retained there any more; something newer is; its time was over. */
  readonly gone: number;
  readonly newer: number;
  readonly expired: number;
  /** Sent without the MQTT 5.0 properties of the snapshot, which this connection's version has not. */
  readonly withoutProperties: number;
  /** Could not be read or was not taken; the first of them with their reasons. Topics raw. */
  readonly failed: number;
  readonly failures: readonly { readonly topic: string; readonly message: string }[];
  /** Why all of it ended. */
  readonly failure?: Failure;
  /** For `retained.readSnapshot`, once a snapshot is done; its size in bytes. */
  readonly snapshotId?: string;
  readonly size?: number;
}

/** The newest change that can be taken back. */
export interface RetainedUndo {
  readonly kind: 'clear' | 'restore';
  readonly messages: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface RetainedWindow {
  /** Absent: nothing was asked yet. */
  readonly list?: RetainedListState;
  readonly offset: number;
  /** Rows that pass topic filter and text. While `arranging` it may still change. */
  readonly total: number;
  readonly rows: readonly RetainedRow[];
  readonly arranging: boolean;
  readonly selected: { readonly messages: number; readonly bytes: number };
  readonly filterProblem?: string;
  readonly job?: RetainedJob;
  readonly undo?: RetainedUndo;
}

export const retainedFeeds = {
  /** The loaded list of retained messages, and what is done to them. */
  retained: defineFeed<RetainedWindow>()(retainedParamsSchema),
};
