/** Bytes of work between two looks at the clock: some ten microseconds, a millisecond at worst. */
const LOOK_EVERY = 32 * 1024;

/** What looking at a row costs, payload and topic aside, in bytes of work. */
export const ROW_COST = 64;

/** A time to stop, for work that counts what it reads: looking at the clock for each row would cost more than the row. */
export class TimeBudget {
  readonly #deadline: number;
  #unseen = 0;
  #isOver = false;

  /** `deadline` is a time of `performance.now()`. However late it is, a little is always done. */
  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** So many bytes were searched, or something was done that takes as long. */
  spend(bytes: number): void {
    this.#unseen += bytes;
    if (this.#unseen >= LOOK_EVERY) {
      this.#unseen = 0;
      this.#isOver ||= performance.now() > this.#deadline;
    }
  }
}
