import { z } from 'zod';
import { defineFeed } from '../define.ts';
import { momentTime } from '../operations/timeline.ts';

/** Columns of a timeline at most. */
export const MAX_TIMELINE_COLUMNS = 1000;

/** The connection was made, was lost, or was ended by the user. */
export interface TimelineMark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'connected' | 'lost' | 'disconnected';
  /** What happened; show it through `visibleText`. */
  readonly text: string;
}

/** The time of which messages are kept, or a part of it. Times in milliseconds since the epoch. */
export interface TimelineWindow {
  /** When the oldest kept message came; the session's beginning when there is none. */
  readonly oldest: number;
  /** The engine's present. */
  readonly present: number;
  /** The time that is shown: the part that was asked for, or all from the oldest to the present. */
  readonly from: number;
  readonly to: number;
  /** Messages in each of equal parts of the time that is shown. */
  readonly counts: readonly number[];
  /** The oldest first, at most 200. */
  readonly marks: readonly TimelineMark[];
  /** Sequence numbers of the oldest and the newest message of the stream; `newest` is smaller when there is none. */
  readonly first: number;
  readonly newest: number;
  /** Received messages that are not kept any more, and since when there were any. */
  readonly evicted: number;
  readonly cleared: number;
  readonly since: number;
}

export const timelineFeeds = {
  /** How many messages came when, of what is kept. */
  timeline: defineFeed<TimelineWindow>()(
    z.object({
      columns: z.int().min(1).max(MAX_TIMELINE_COLUMNS),
      /** The part of the time to show; absent: all of it. */
      view: z
        .object({ from: momentTime, to: momentTime })
        .refine(({ from, to }) => from < to, 'no time between them')
        .optional(),
    }),
  ),
};
