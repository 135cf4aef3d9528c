/** Counts changes, and says when there are too many of them to point at one. */
export class Bustle {
  readonly #maxPerSecond: number;
  #second = Number.NEGATIVE_INFINITY;
  #changes = 0;
  #before = 0;

  constructor(maxPerSecond: number) {
    this.#maxPerSecond = maxPerSecond;
  }

  /** Counts a change (milliseconds); true while this second, or the one before it, has more of them than the limit. */
  note(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#before = second === this.#second + 1 ? this.#changes : 0;
      this.#second = second;
      this.#changes = 0;
    }
    this.#changes += 1;
    return this.#changes > this.#maxPerSecond || this.#before > this.#maxPerSecond;
  }
}
