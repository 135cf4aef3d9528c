import { z } from 'zod';
import { type Job, jobSchema, MAX_JOBS } from '../../automation/job.ts';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);

/** Jobs that run: publishing by a clock. What runs shows in the feed `jobRuns`. */
export const automationOperations = {
  /**
   * Starts a job, or starts it anew. Answers when it has begun. `stagedId`: the file of a job of rows, as of
   * `payload.stage`; absent: the file of its last run. Fails with `guard.readOnly` and `guard.confirm` as `publish` does,
   * with `job.file` where there is none, `job.runaway`, `job.many` and what composing its first message says.
   */
  'job.start': defineOperation<void>()(
    z.object({
      job: jobSchema,
      stagedId: id.optional(),
      confirmation: z.string().max(64).optional(),
    }),
  ),
  /** Nothing is sent until `job.resume`; its times move on by as much. */
  'job.pause': defineOperation<void>()(z.object({ jobId: id })),
  'job.resume': defineOperation<void>()(z.object({ jobId: id })),
  /** At once; without an id all of the session. */
  'job.stop': defineOperation<void>()(z.object({ jobId: id.optional() })),
};

/** Jobs as they are kept. */
export const jobsOperations = {
  /** Puts a job in the place of the one with its id, or at the end. Fails with `jobs.size`. */
  'jobs.keep': defineOperation<readonly Job[]>()(z.object({ profileId: id, job: jobSchema })),
  'jobs.remove': defineOperation<readonly Job[]>()(z.object({ profileId: id, jobId: id })),
  /** The ids in their new order; those that are not named stay behind. */
  'jobs.order': defineOperation<readonly Job[]>()(
    z.object({ profileId: id, jobIds: z.array(id).max(MAX_JOBS) }),
  ),
};
