/** Lateness is kept of so many messages. */
const KEPT = 1000;
/** Seconds over which the rate is counted. */
const SECONDS = 10;

/** Rate and lateness of a run, in room that does not grow. */
export class RunFigures {
  readonly #lateness = new Float64Array(KEPT);
  readonly #counts = new Uint32Array(SECONDS);
  /** The second that each count is of. */
  readonly #seconds = new Float64Array(SECONDS).fill(-1);
  #noted = 0;
  #first: number | undefined;

  /** `late`: milliseconds behind its time. */
  noteDue(late: number): void {
    this.#lateness[this.#noted % KEPT] = Math.max(0, late);
    this.#noted += 1;
  }

  /** Messages that went out, at `now` (milliseconds, steadily growing). */
  noteSent(now: number): void {
    const second = Math.floor(now / 1000);
    const place = second % SECONDS;
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second;
      this.#counts[place] = 0;
    }
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#first ??= now;
  }

  /** Messages a second over the last ten seconds, or since the first where that is later. */
  rate(now: number): number {
    if (this.#first === undefined) {
      return 0;
    }
    const newest = Math.floor(now / 1000);
    let sum = 0;
    for (let place = 0; place < SECONDS; place += 1) {
      const second = this.#seconds[place] ?? -1;
      sum += second > newest - SECONDS && second <= newest ? (this.#counts[place] ?? 0) : 0;
    }
    const begin = Math.max(this.#first, (newest - SECONDS + 1) * 1000);
    return sum / Math.max(1, (now - begin) / 1000);
  }

  /** Milliseconds; `undefined` before the first message. */
  lateness(): { readonly median: number; readonly p99: number } | undefined {
    const count = Math.min(this.#noted, KEPT);
    if (count === 0) {
      return undefined;
    }
    const sorted = this.#lateness.slice(0, count).sort();
    const at = (share: number) => sorted[Math.min(count - 1, Math.floor(share * count))] ?? 0;
    return { median: at(0.5), p99: at(0.99) };
  }
}
