import { z } from 'zod';
import type { Job } from '../../automation/job.ts';
import { defineFeed } from '../define.ts';
import type { Failure } from '../failure.ts';

/**
 * `waiting`: there is no connection; it goes on once there is one. `done`: all was sent; `stopped`: by the user;
 * `failed`: by what `failure` says.
 */
export type JobState = 'running' | 'paused' | 'waiting' | 'done' | 'stopped' | 'failed';

/** A job that was started. Times in milliseconds since the epoch. */
export interface JobRun {
  readonly jobId: string;
  readonly state: JobState;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** When the next message is due; absent while nothing is. */
  readonly nextAt?: number;
  /** Messages that went out, and of those at QoS 1 and 2 that are acknowledged. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Refused, or not acknowledged before the connection ended. */
  readonly refused: number;
  /** Whose time passed while nothing could be sent: the machine slept, there was no connection, the broker lagged behind. */
  readonly missed: number;
  /** Of all that is to come, where it is known; a message to several topics counts once. */
  readonly planned?: number;
  readonly done: number;
  /** Messages of the last ten seconds, per second. */
  readonly rate: number;
  /** Milliseconds that the last thousand messages went out behind their time. */
  readonly lateness?: { readonly median: number; readonly p99: number };
  /** Rows that could not be sent, the first of them by their lines; how many there are in all. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
  readonly problemCount: number;
  readonly failure?: Failure;
}

export const automationFeeds = {
  /** The jobs of a session that were started since it was opened, each with its newest run. */
  jobRuns: defineFeed<{ readonly runs: readonly JobRun[] }>()(z.object({})),
};

export const jobsFeeds = {
  /** The jobs that are kept for a profile. */
  jobs: defineFeed<{ readonly jobs: readonly Job[] }>()(z.object({ profileId: z.string().min(1).max(64) })),
};
