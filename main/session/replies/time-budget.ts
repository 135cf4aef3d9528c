/** How much of each second something may take of the thread. */
export class TimeBudget {
  readonly #perSecond: number;
  #second = -1;
  #spent = 0;

  /** In milliseconds. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /**
   * Notes time that was taken, by a clock in milliseconds that steadily grows. Answers how long to wait before the next
   * bit; 0 where there is no need to.
   */
  spend(from: number, to: number): number {
    const second = Math.floor(to / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#spent = 0;
    }
    this.#spent += to - from;
    return this.#spent >= this.#perSecond ? (second + 1) * 1000 - to : 0;
  }
}
