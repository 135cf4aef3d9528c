import { type Job, jobSchema, MAX_JOBS } from '#app/automation/job.ts';
import type { contract } from '#app/contract/contract.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { ProfileItemsStore } from './profile-items-store.ts';

/** Version of the stored file of jobs; raised with each change of shape. */
const JOBS_SCHEMA_VERSION = 1;
const MAX_BYTES = 4_000_000;

export type JobsStore = ProfileItemsStore<Job>;

/** Reads `jobs.json`. What is wrong with it is told through `onNotice`. */
export function openJobs(
  path: string,
  onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
): Promise<JobsStore> {
  return ProfileItemsStore.open<Job>(
    {
      path,
      what: 'The jobs',
      kind: 'jobs',
      version: JOBS_SCHEMA_VERSION,
      parse: (stored) => jobSchema.parse(stored),
      maxItems: MAX_JOBS,
      maxBytes: MAX_BYTES,
    },
    onNotice,
  );
}

/** What the operations on kept jobs do. */
export function jobsHandlers(
  jobs: JobsStore,
): Pick<OperationHandlers<typeof contract.main.operations>, 'jobs.keep' | 'jobs.remove' | 'jobs.order'> {
  return {
    'jobs.keep': ({ profileId, job }) => jobs.keep(profileId, job),
    'jobs.remove': ({ profileId, jobId }) => jobs.remove(profileId, jobId),
    'jobs.order': ({ profileId, jobIds }) => jobs.order(profileId, jobIds),
  };
}
