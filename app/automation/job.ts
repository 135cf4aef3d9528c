import { z } from 'zod';
import { type MessageTemplate, messageTemplateSchema } from '../publish/message-template.ts';

/** Jobs of one profile. */
export const MAX_JOBS = 200;
/** Steps of a sequence. */
export const MAX_STEPS = 200;
/** Milliseconds: the shortest interval, and the longest of all times (a year). */
export const MIN_INTERVAL = 1;
export const MAX_TIME = 31_536_000_000;

const milliseconds = z.number().min(0).max(MAX_TIME);
const interval = z.number().min(MIN_INTERVAL).max(MAX_TIME);

const repeatSchema = z.object({
  kind: z.literal('repeat'),
  message: messageTemplateSchema,
  interval,
  /** Each message comes up to this much earlier or later than its time, at random; the times themselves do not shift. */
  jitter: milliseconds,
  /** Absent: until something else ends it. */
  count: z.int().min(1).max(1_000_000_000).optional(),
  /** Milliseconds after the start. */
  duration: interval.optional(),
});

const sequenceSchema = z.object({
  kind: z.literal('sequence'),
  steps: z
    .array(
      z.object({
        id: z.string().min(1).max(64),
        message: messageTemplateSchema,
        /** Milliseconds after the step before; for the first one after the start of the round. */
        after: milliseconds,
      }),
    )
    .min(1)
    .max(MAX_STEPS),
  /** How often all of it comes; absent: until it is stopped. */
  rounds: z.int().min(1).max(1_000_000_000).optional(),
  /** Milliseconds between the last step of a round and the next round. */
  pause: milliseconds,
});

/** A file with a message in each row; which file it is, is chosen with each start. */
const rowsSchema = z.object({
  kind: z.literal('rows'),
  format: z.enum(['csv', 'jsonl']),
  /** Filled with the row's columns; where its topic or text is empty the columns `topic` and `payload` are taken. */
  message: messageTemplateSchema,
  timing: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('interval'), interval }),
    /** By the column `delay` (milliseconds after the row before) or `time`; `speed` 2: twice as fast. */
    z.object({ kind: z.literal('rows'), speed: z.number().min(0.001).max(100_000) }),
  ]),
  /** How often the whole file comes. */
  rounds: z.int().min(1).max(1_000_000).optional(),
});

/** Something that publishes by itself once it is started. */
export const jobSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1, 'A job needs a name').max(100),
  what: z.discriminatedUnion('kind', [repeatSchema, sequenceSchema, rowsSchema]),
});
export type Job = Readonly<z.infer<typeof jobSchema>>;
export type JobWork = Job['what'];
export type RepeatWork = Extract<JobWork, { readonly kind: 'repeat' }>;
export type SequenceWork = Extract<JobWork, { readonly kind: 'sequence' }>;
export type RowsWork = Extract<JobWork, { readonly kind: 'rows' }>;

/** The messages that a job is written with, in their order. */
export function messagesOf(work: JobWork): readonly MessageTemplate[] {
  return work.kind === 'sequence' ? work.steps.map(({ message }) => message) : [work.message];
}
