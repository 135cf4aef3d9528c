/** How much of each second something may take of the thread. Times in milliseconds, by a clock that steadily grows. */
export class TimeBudget {
  readonly #perSecond: number;
  #second = -1;
  #spent = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Notes time that was taken. */
  spend(from: number, to: number): void {
    this.#turnTo(to);
    this.#spent += to - from;
  }

  /** How long to wait before more is taken; 0 where there is no need to. */
  pauseAt(now: number): number {
    this.#turnTo(now);
    return this.#spent >= this.#perSecond ? (this.#second + 1) * 1000 - now : 0;
  }

  #turnTo(now: number): void {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#spent = 0;
    }
  }
}
