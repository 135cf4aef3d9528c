/** Lets so many steps a second pass; a step that is late is not made up for by a burst of more than a tenth of a second. */
export class Pace {
  readonly #interval: number;
  readonly #now: () => number;
  #next = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds, steadily growing. */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#interval = 1000 / perSecond;
    this.#now = now;
  }

  /** Milliseconds to wait before the next step, which is then counted. Timers are coarse: a short wait counts as none. */
  next(): number {
    const now = this.#now();
    this.#next = Math.max(this.#next, now - 100);
    const wait = this.#next - now;
    this.#next += this.#interval;
    return wait < 2 ? 0 : wait;
  }
}
