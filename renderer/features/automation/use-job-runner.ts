import { useRef, useState } from 'react';
import type { Job } from '#app/automation/job.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { fileSource, stage } from '#renderer/client/send.ts';

export interface JobRunner {
  /** Why the last start of a job failed. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** Names of the files that were chosen here for jobs of rows. */
  readonly fileNames: Readonly<Record<string, string>>;
  /** Takes a file for the next start of a job of rows. */
  choose(jobId: string, file: File): void;
  /** A job of rows is sent the file that was chosen; without one that of its last run. */
  start(job: Job, confirmation?: Promise<string>): Promise<void>;
  pause(jobId: string): void;
  resume(jobId: string): void;
  stop(jobId?: string): void;
}

/** Starts and stops jobs of a session. */
export function useJobRunner(sessionId: string): JobRunner {
  const [failures, setFailures] = useState<Readonly<Record<string, Failure>>>({});
  const [fileNames, setFileNames] = useState<Readonly<Record<string, string>>>({});
  /** Chosen, and not with the engine yet. */
  const files = useRef(new Map<string, File>());
  const attempt = async (jobId: string, run: () => Promise<unknown>) => {
    setFailures(({ [jobId]: _, ...others }) => others);
    try {
      await run();
    } catch (error) {
      setFailures((before) => ({ ...before, [jobId]: toFailure(error) }));
    }
  };
  return {
    failures,
    fileNames,
    choose(jobId, file) {
      files.current.set(jobId, file);
      setFileNames((names) => ({ ...names, [jobId]: file.name }));
    },
    start: (job, confirmation) =>
      attempt(job.id, async () => {
        const client = engineClient();
        const file = files.current.get(job.id);
        const stagedId =
          file === undefined ? undefined : await stage(client, sessionId, fileSource(file), {});
        const token = confirmation === undefined ? {} : { confirmation: await confirmation };
        await client.session(sessionId, 'job.start', {
          job: structuredClone(job),
          ...(stagedId === undefined ? {} : { stagedId }),
          ...token,
        });
        files.current.delete(job.id);
      }),
    pause: (jobId) => void attempt(jobId, () => engineClient().session(sessionId, 'job.pause', { jobId })),
    resume: (jobId) => void attempt(jobId, () => engineClient().session(sessionId, 'job.resume', { jobId })),
    stop: (jobId) =>
      void attempt(jobId ?? '', () =>
        engineClient().session(sessionId, 'job.stop', jobId === undefined ? {} : { jobId }),
      ),
  };
}
