import { isUtf8 } from 'node:buffer';
import { type Job, messagesOf } from '#app/automation/job.ts';
import { isRunaway } from '#app/automation/plan.ts';
import type { WindowOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { automationFeeds, JobRun } from '#app/contract/feeds/automation.ts';
import type { automationOperations } from '#app/contract/operations/automation.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishGuard, PublishPermit } from '../publish-guard.ts';
import type { StagedPayloads } from '../staged-payloads.ts';
import { RunningJob } from './job-run.ts';

/** Jobs that run at the same time. */
const MAX_RUNNING = 50;
/** Bytes of files that are kept for the next start of their jobs. */
const MAX_FILES = 320 * 1024 * 1024;

export interface PublishJobsDependencies {
  readonly outbox: Outbox;
  readonly isConnected: () => boolean;
  /** Messages of QoS 1 and 2 that the broker takes at the same time (Receive Maximum). */
  readonly receiveMaximum: () => number;
  readonly onChange: () => void;
}

/** The jobs of a session that were started. They belong to the session: windows come and go. */
export class PublishJobs {
  readonly #dependencies: PublishJobsDependencies;
  readonly #runs = new Map<string, RunningJob>();
  /** Files of jobs of rows, the one that was chosen last at the end. */
  readonly #files = new Map<string, Uint8Array>();
  /** Grows with each change. */
  #revision = 0;

  constructor(dependencies: PublishJobsDependencies) {
    this.#dependencies = dependencies;
  }

  get revision(): number {
    return this.#revision;
  }

  get shown(): readonly JobRun[] {
    return [...this.#runs.values()].map(({ shown }) => shown);
  }

  /** See the operation `job.start`. */
  start(job: Job, file: Uint8Array | undefined, permit: () => PublishPermit): void {
    const { outbox, isConnected, receiveMaximum } = this.#dependencies;
    const bytes = job.what.kind === 'rows' ? (file ?? this.#files.get(job.id)) : undefined;
    this.#check(job, bytes);
    const permitted = permit();
    if (bytes !== undefined) {
      this.#keep(job.id, bytes);
    }
    const run = new RunningJob(job, bytes, {
      outbox,
      isConnected,
      receiveMaximum,
      permit: permitted,
      onChange: () => {
        this.#revision += 1;
        this.#dependencies.onChange();
      },
    });
    this.#runs.get(job.id)?.stop();
    this.#runs.set(job.id, run);
    void run.run();
  }

  pause(jobId: string): void {
    this.#running(jobId).pause();
  }

  resume(jobId: string): void {
    this.#running(jobId).resume();
  }

  stop(jobId?: string): void {
    for (const run of this.#runs.values()) {
      if (jobId === undefined || run.job.id === jobId) {
        run.stop();
      }
    }
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    for (const run of this.#runs.values()) {
      run.look();
    }
  }

  /** Drops files of other jobs that do not run, the oldest first, until there is room. */
  #keep(jobId: string, bytes: Uint8Array): void {
    this.#files.delete(jobId);
    let room = MAX_FILES - bytes.length;
    for (const kept of this.#files.values()) {
      room -= kept.length;
    }
    for (const [id, kept] of this.#files) {
      if (room < 0 && this.#runs.get(id)?.isOver !== false) {
        this.#files.delete(id);
        room += kept.length;
      }
    }
    if (room < 0) {
      throw fail(
        'job.files',
        'The files of the jobs that run take up too much memory for one more.',
        'Stop one of them, or split the file.',
      );
    }
    this.#files.set(jobId, bytes);
  }

  #check(job: Job, bytes: Uint8Array | undefined): void {
    const { outbox } = this.#dependencies;
    const others = [...this.#runs.values()].filter((run) => !run.isOver && run.job.id !== job.id);
    if (others.length >= MAX_RUNNING) {
      throw fail('job.many', `${MAX_RUNNING} jobs are running already.`, 'Stop one of them first.');
    }
    const { what } = job;
    if (what.kind === 'sequence' && isRunaway(what)) {
      throw fail(
        'job.runaway',
        'This sequence would publish without end and without a pause.',
        'Set a number of rounds, a pause, or a delay of a step.',
      );
    }
    if (what.kind === 'rows') {
      if (bytes === undefined) {
        throw fail('job.file', 'There is no file of rows.', 'Choose one, then start again.');
      }
      if (what.format === 'csv' && !isUtf8(bytes)) {
        throw fail(
          'job.encoding',
          'The file is not UTF-8 text.',
          'Save it as CSV UTF-8, then choose it again.',
        );
      }
      return;
    }
    for (const message of messagesOf(what)) {
      outbox.compose(message, outbox.newSeries());
    }
  }

  #running(jobId: string): RunningJob {
    const run = this.#runs.get(jobId);
    if (run === undefined || run.isOver) {
      throw fail('job.over', 'This job does not run any more.', 'Start it again.');
    }
    return run;
  }
}

/** The feed `jobRuns`. */
export function createJobRunsFeed(
  jobs: PublishJobs,
  pacer: Pacer,
): FeedSource<object, WindowOf<typeof automationFeeds.jobRuns>> {
  return (params, push) => {
    let shown = -1;
    let isFalling = false;
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        const runs = moved || jobs.revision !== shown || isFalling ? jobs.shown : undefined;
        if (runs !== undefined) {
          shown = jobs.revision;
          // A rate falls without anything happening.
          isFalling = runs.some(({ rate }) => rate > 0);
        }
        return runs === undefined ? undefined : { runs };
      },
    });
  };
}

/** The operations on jobs, for one client. */
export function createJobHandlers(
  jobs: PublishJobs,
  guard: PublishGuard,
  staged: StagedPayloads,
): OperationHandlers<typeof automationOperations> {
  return {
    'job.start': ({ job, stagedId, confirmation }) => {
      try {
        const file = stagedId === undefined ? undefined : staged.whole(stagedId);
        jobs.start(job, file, () => guard.permit(confirmation));
      } finally {
        // The next try sends it again.
        if (stagedId !== undefined) {
          staged.discard(stagedId);
        }
      }
    },
    'job.pause': ({ jobId }) => jobs.pause(jobId),
    'job.resume': ({ jobId }) => jobs.resume(jobId),
    'job.stop': ({ jobId }) => jobs.stop(jobId),
  };
}
