/** When rows are due that bring their own times: milliseconds after the start of the first. */
export class RowClock {
  readonly #speed: number;
  #at = 0;
  #origin: number | undefined;

  /** `speed` 2: in half the time. */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** A row without a time comes with the one before it; one that is earlier than that does too. */
  next({ delay, time }: { readonly delay?: number; readonly time?: number }): number {
    if (delay !== undefined) {
      this.#at += delay / this.#speed;
    } else if (time !== undefined) {
      this.#origin ??= time - this.#at * this.#speed;
      this.#at = Math.max(this.#at, (time - this.#origin) / this.#speed);
    }
    return this.#at;
  }

  /** The file begins anew: its times count from what has come so far. */
  again(): void {
    this.#origin = undefined;
  }
}
