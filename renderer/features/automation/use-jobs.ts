import type { Job } from '#app/automation/job.ts';
import { toFailure } from '#app/contract/failure.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';

export interface Jobs {
  readonly jobs: readonly Job[];
  /** Nothing is known yet. */
  readonly isLoading: boolean;
  /** Resolves true once it is on the disk. */
  keep(job: Job): Promise<boolean>;
  /** With a way back. */
  remove(job: Job): void;
  /** Moves a job by so many places. */
  move(jobId: string, by: number): void;
}

/** The jobs that are kept for a profile, and how to change them. */
export function useJobs(profileId: string): Jobs {
  const { window } = useMainFeed('jobs', { profileId });
  const jobs = window?.jobs ?? [];
  const keep = async (job: Job) => {
    try {
      await engineClient().main('jobs.keep', { profileId, job: structuredClone(job) });
      return true;
    } catch (error) {
      showFailure(toFailure(error));
      return false;
    }
  };
  const order = (jobIds: readonly string[]) => {
    engineClient()
      .main('jobs.order', { profileId, jobIds: [...jobIds] })
      .catch((error: unknown) => showFailure(toFailure(error)));
  };
  return {
    jobs,
    isLoading: window === undefined,
    keep,
    remove(job) {
      const ids = jobs.map(({ id }) => id);
      engineClient()
        .main('jobs.remove', { profileId, jobId: job.id })
        .then(
          () =>
            notify({
              level: 'info',
              message: `Removed the job “${job.name}”`,
              action: { label: 'Undo', run: () => void keep(job).then((isKept) => isKept && order(ids)) },
            }),
          (error: unknown) => showFailure(toFailure(error)),
        );
    },
    move(jobId, by) {
      const ids = jobs.map(({ id }) => id);
      const from = ids.indexOf(jobId);
      const to = Math.max(0, Math.min(ids.length - 1, from + by));
      if (from >= 0 && to !== from) {
        ids.splice(to, 0, ...ids.splice(from, 1));
        order(ids);
      }
    },
  };
}
