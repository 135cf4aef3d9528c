/** Buckets for each doubling of the time: a quantile is at most 1/16 too high. */
const PER_OCTAVE = 16;
/** Milliseconds: what is shorter counts as this. */
const SHORTEST = 0.01;
/** Up to about three hours. */
const BUCKETS = 30 * PER_OCTAVE;

/** Milliseconds; each quantile is the upper end of its bucket, within what was measured. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** How long things took, in room that does not grow with their number. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** `milliseconds`: not negative. */
  add(milliseconds: number): void {
    const octaves = Math.log2(Math.max(SHORTEST, milliseconds) / SHORTEST);
    const bucket = Math.min(BUCKETS - 1, Math.floor(octaves * PER_OCTAVE));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#min = Math.min(this.#min, milliseconds);
    this.#max = Math.max(this.#max, milliseconds);
  }

  /** `undefined` before the first. */
  summary(): LatencySummary | undefined {
    if (this.#count === 0) {
      return undefined;
    }
    return {
      count: this.#count,
      min: this.#min,
      median: this.#quantile(0.5),
      p90: this.#quantile(0.9),
      p95: this.#quantile(0.95),
      p99: this.#quantile(0.99),
      max: this.#max,
    };
  }

  /** How many took up to how long (milliseconds), in two steps for each doubling; without the empty ends. */
  steps(): readonly { readonly upTo: number; readonly count: number }[] {
    const width = PER_OCTAVE / 2;
    const steps = Array.from({ length: BUCKETS / width }, (_, step) => ({
      upTo: SHORTEST * 2 ** (((step + 1) * width) / PER_OCTAVE),
      count: this.#counts.slice(step * width, (step + 1) * width).reduce((sum, count) => sum + count, 0),
    }));
    const first = steps.findIndex(({ count }) => count > 0);
    const last = steps.findLastIndex(({ count }) => count > 0);
    return first < 0 ? [] : steps.slice(first, last + 1);
  }

  #quantile(share: number): number {
    const wanted = Math.ceil(share * this.#count);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) {
        const end = SHORTEST * 2 ** ((bucket + 1) / PER_OCTAVE);
        return Math.min(this.#max, Math.max(this.#min, end));
      }
    }
    return this.#max;
  }
}
