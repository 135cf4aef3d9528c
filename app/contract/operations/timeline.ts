import { z } from 'zod';
import { defineOperation } from '../define.ts';

/** Milliseconds since the epoch. */
export const momentTime = z.number().min(0).max(8.64e15);

/** A moment of a session: `at`, when the message `sequence` and all before it had come. */
export const momentSchema = z.object({ at: momentTime, sequence: z.int().min(0) });
export type Moment = z.output<typeof momentSchema>;

export const timelineOperations = {
  /** The moment at a time. Before the oldest kept message its `sequence` is that of the one before. */
  'timeline.at': defineOperation<Moment>()(z.object({ at: momentTime })),
  /** The moment of the message that stands `by` messages from another; the last one there is at either end. */
  'timeline.step': defineOperation<{ readonly moment?: Moment }>()(
    z.object({ sequence: z.int().min(0), by: z.int().min(-1000).max(1000) }),
  ),
};
