import type { DialStage, DialStep } from '#app/contract/session-state.ts';

/** The stages of one attempt, timed. Each list that it hands out is a value of its own. */
export class Steps {
  readonly #onChange: () => void;
  readonly #now: () => number;
  #finished: readonly DialStep[] = [];
  #running: { readonly stage: DialStage; readonly since: number } | undefined;
  #certificates: DialStep['certificates'];

  constructor(onChange: () => void, now: () => number = () => performance.now()) {
    this.#onChange = onChange;
    this.#now = now;
  }

  /** The stage that runs at the moment. */
  get stage(): DialStage | undefined {
    return this.#running?.stage;
  }

  list(): readonly DialStep[] {
    const running = this.#running;
    return running === undefined
      ? this.#finished
      : [
          ...this.#finished,
          { stage: running.stage, duration: this.#now() - running.since, outcome: 'running' },
        ];
  }

  begin(stage: DialStage): void {
    this.#certificates = undefined;
    this.#running = { stage, since: this.#now() };
    this.#onChange();
  }

  /** What the server presented in the running stage; stays with it, however it ends. */
  present(certificates: DialStep['certificates']): void {
    this.#certificates = certificates;
  }

  /** The running stage succeeded. Not reported at once: the next `begin` follows in the same turn. */
  done(note?: string): void {
    this.#finish('done', note);
  }

  /** The running stage, if any, failed. */
  fail(note?: string): void {
    this.#finish('failed', note);
  }

  #finish(outcome: 'done' | 'failed', note: string | undefined): void {
    const running = this.#running;
    if (running !== undefined) {
      const duration = this.#now() - running.since;
      const certificates = this.#certificates;
      const step: DialStep = {
        stage: running.stage,
        duration,
        outcome,
        ...(note === undefined ? {} : { note }),
        ...(certificates === undefined ? {} : { certificates }),
      };
      this.#finished = [...this.#finished, step];
      this.#running = undefined;
    }
  }
}
