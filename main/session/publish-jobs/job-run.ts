import type { Job } from '#app/automation/job.ts';
import { plannedCount } from '#app/automation/plan.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import type { JobRun, JobState } from '#app/contract/feeds/automation.ts';
import type { MessageSeries } from '#app/publish/message-series.ts';
import { Alarm } from '../alarm.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishPermit } from '../publish-guard.ts';
import { type DueMessage, type PassedRow, planOf, type RowProblem } from './job-plan.ts';
import { RunFigures } from './run-figures.ts';

/** Milliseconds behind its time from which on a message is left out when a later one is due too. */
const TOO_LATE = 1000;
/** Messages that wait for their acknowledgement; while there are so many, the next one waits. */
const MAX_PENDING = 1000;
/** Milliseconds between two looks at a socket that is full: one that drains wakes nobody. */
const BACKLOG_LOOK = 5;
/** Messages that go out without a look at what else there is to do. */
const BURST = 20;
/** Milliseconds: the longest that a timer is set for, so that waking from sleep is noticed. */
const LONGEST_WAIT = 30_000;
const MAX_PROBLEMS = 20;

export interface JobRunDependencies {
  readonly outbox: Outbox;
  readonly permit: PublishPermit;
  readonly isConnected: () => boolean;
  /** Messages of QoS 1 and 2 that the broker takes at the same time (Receive Maximum). */
  readonly receiveMaximum: () => number;
  /** Something that {@link RunningJob.shown} tells has changed. */
  readonly onChange: () => void;
}

/** One run of a job, from its start to its end. */
export class RunningJob {
  readonly job: Job;
  /** Given back at the end: a run that is over stays in the list. */
  #bytes: Uint8Array | undefined;
  readonly #dependencies: JobRunDependencies;
  readonly #series: MessageSeries;
  readonly #figures = new RunFigures();
  readonly #startedAt = Date.now();
  readonly #problems: RowProblem[] = [];
  /** `performance.now()` of the plan's time 0. Moves while nothing is to be sent. */
  #origin = performance.now();
  #state: JobState = 'running';
  #isPaused = false;
  #isStopped = false;
  readonly #alarm = new Alarm();
  /** It waits for the broker, or for the socket. */
  #isHeld = false;
  #nextAt: number | undefined;
  #endedAt: number | undefined;
  #failure: Failure | undefined;
  #pending = 0;
  #sent = 0;
  #acknowledged = 0;
  #refused = 0;
  #missed = 0;
  #done = 0;
  #problemCount = 0;

  constructor(job: Job, bytes: Uint8Array | undefined, dependencies: JobRunDependencies) {
    this.job = job;
    this.#bytes = bytes;
    this.#dependencies = dependencies;
    this.#series = dependencies.outbox.newSeries();
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  pause(): void {
    this.#isPaused = true;
    this.#alarm.wake();
  }

  resume(): void {
    this.#isPaused = false;
    this.#alarm.wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.wake();
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    this.#alarm.wake();
  }

  /** Resolves at its end. Never rejects. */
  async run(): Promise<void> {
    const { what } = this.job;
    let burst = 0;
    let passed = 0;
    try {
      for await (const due of planOf(what, this.#bytes)) {
        if ('problem' in due) {
          if (this.#isStopped) {
            break;
          }
          this.#pass(due);
          passed += 1;
          if (passed % BURST === 0) {
            // A file may have millions of them, and nothing else of the session would come to its turn.
            await immediate();
          }
          continue;
        }
        if (!(await this.#until(due.at))) {
          break;
        }
        burst = performance.now() - this.#origin - due.at > 1 ? burst + 1 : 0;
        this.#take(due);
        if (burst >= BURST) {
          burst = 0;
          await immediate();
        }
      }
      while (this.#pending > 0 && !this.#isStopped) {
        await this.#alarm.sleep(LONGEST_WAIT);
      }
      this.#end(this.#isStopped ? 'stopped' : 'done');
    } catch (error) {
      this.#failure = toFailure(error);
      this.#end('failed');
    }
  }

  get shown(): JobRun {
    const { what } = this.job;
    const planned = what.kind === 'rows' ? undefined : plannedCount(what);
    const lateness = this.#figures.lateness();
    return {
      jobId: this.job.id,
      state: this.#state,
      startedAt: this.#startedAt,
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      ...(this.#nextAt === undefined ? {} : { nextAt: this.#nextAt }),
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      refused: this.#refused,
      missed: this.#missed,
      ...(planned === undefined ? {} : { planned }),
      done: this.#done,
      rate: this.isOver ? 0 : this.#figures.rate(performance.now()),
      ...(lateness === undefined ? {} : { lateness }),
      problems: this.#problems,
      problemCount: this.#problemCount,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  /** Waits until the plan's time `at`; false: stopped meanwhile. */
  async #until(at: number): Promise<boolean> {
    for (;;) {
      if (this.#isStopped) {
        return false;
      }
      const isOffline = !this.#dependencies.isConnected();
      if (this.#isPaused || isOffline) {
        this.#show(this.#isPaused ? 'paused' : 'waiting', undefined);
        const since = performance.now();
        await this.#alarm.sleep(LONGEST_WAIT);
        this.#origin += performance.now() - since;
        continue;
      }
      const wait = this.#origin + at - performance.now();
      if (wait <= 0) {
        this.#show('running', undefined);
        if (!this.#isBusy) {
          return true;
        }
        this.#isHeld = true;
        await this.#alarm.sleep(this.#dependencies.outbox.isFull ? BACKLOG_LOOK : LONGEST_WAIT);
        this.#isHeld = false;
        continue;
      }
      this.#show('running', wait > TOO_LATE ? Date.now() + wait : undefined);
      // A timer comes up to 1 ms early or late: the last bit is waited for turn by turn.
      await (wait < 1 ? immediate() : this.#alarm.sleep(Math.min(LONGEST_WAIT, Math.floor(wait))));
    }
  }

  #take(due: DueMessage): void {
    this.#done += 1;
    const late = performance.now() - this.#origin - due.at;
    if (late > TOO_LATE && this.#isLeftOut(late)) {
      this.#missed += 1;
      this.#dependencies.onChange();
      return;
    }
    if (late > TOO_LATE && this.#interval === undefined) {
      // The steps of a sequence keep their distances. What comes at an interval keeps its times.
      this.#origin += late;
    }
    this.#figures.noteDue(late);
    this.#send(due);
  }

  /** What is handed over beyond what the broker takes waits where a pause does not reach it. */
  get #isBusy(): boolean {
    const { outbox, receiveMaximum } = this.#dependencies;
    return this.#pending >= Math.min(MAX_PENDING, receiveMaximum()) || outbox.isFull;
  }

  /** Whether the next one is due already: of what comes at an interval only the newest counts. */
  #isLeftOut(late: number): boolean {
    return this.#interval !== undefined && late >= this.#interval;
  }

  /** Milliseconds; `undefined` where each message has a time of its own. */
  get #interval(): number | undefined {
    const { what } = this.job;
    if (what.kind === 'repeat') {
      return what.interval;
    }
    return what.kind === 'rows' && what.timing.kind === 'interval' ? what.timing.interval : undefined;
  }

  #send({ message, variables, line }: DueMessage): void {
    const { outbox, permit } = this.#dependencies;
    permit.check();
    const { qos, retain } = message;
    let messages: ReturnType<Outbox['compose']>;
    try {
      messages = outbox.compose(message, this.#series, variables);
    } catch (error) {
      if (line === undefined) {
        throw error;
      }
      this.#noteProblem({ line, problem: toFailure(error).message });
      return;
    }
    for (const composed of messages) {
      this.#pending += 1;
      outbox
        .publish({ ...composed, qos, retain }, () => this.#checkWanted())
        .then(
          (outcome) => {
            this.#sent += 1;
            this.#acknowledged += outcome.kind === 'acknowledged' ? 1 : 0;
            this.#figures.noteSent(performance.now());
            this.#settle();
          },
          (error: unknown) => {
            const failure = toFailure(error);
            if (failure.code === 'publish.offline' || failure.code === 'job.stopped') {
              this.#missed += 1;
            } else {
              this.#refused += 1;
              this.#failure = failure;
            }
            this.#settle();
          },
        );
    }
  }

  /** For what waited for the broker while it was stopped, or while the guard changed. */
  #checkWanted(): void {
    if (this.#isStopped) {
      throw fail('job.stopped', 'The job was stopped before the broker took this message.');
    }
    this.#dependencies.permit.check();
  }

  #settle(): void {
    this.#pending -= 1;
    if (this.#isHeld || (this.#pending === 0 && this.#nextAt === undefined)) {
      this.#alarm.wake();
    }
    this.#dependencies.onChange();
  }

  #pass({ line, problem, isKnown }: PassedRow): void {
    if (!isKnown) {
      this.#noteProblem({ line, problem });
    }
  }

  #noteProblem(problem: RowProblem): void {
    this.#problemCount += 1;
    if (this.#problems.length < MAX_PROBLEMS) {
      this.#problems.push(problem);
    }
    this.#dependencies.onChange();
  }

  #show(state: JobState, nextAt: number | undefined): void {
    if (this.#state !== state || this.#nextAt !== nextAt) {
      this.#state = state;
      this.#nextAt = nextAt;
      this.#dependencies.onChange();
    }
  }

  #end(state: JobState): void {
    this.#endedAt = Date.now();
    this.#bytes = undefined;
    this.#show(state, undefined);
    this.#dependencies.onChange();
  }
}

function immediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
