import type { PointRange } from './decimate.ts';

/** Points that a series holds at most; then the oldest quarter makes room. */
export const MAX_POINTS = 500_000;

/** The points of one series in the order of their times, 16 bytes each, in a bounded amount of memory. */
export class SeriesPoints implements PointRange {
  readonly #maxPoints: number;
  #times = new Float64Array(256);
  #values = new Float64Array(256);
  #count = 0;
  #dropped = 0;

  constructor(maxPoints = MAX_POINTS) {
    this.#maxPoints = maxPoints;
  }

  get times(): Float64Array {
    return this.#times;
  }

  get values(): Float64Array {
    return this.#values;
  }

  readonly first = 0;

  get end(): number {
    return this.#count;
  }

  /** Points at the front that made room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A clock that was set back does not turn the order around: the point then stands at the time of the last. */
  push(time: number, value: number): void {
    const last = this.#count === 0 ? time : (this.#times[this.#count - 1] ?? time);
    if (this.#count === this.#maxPoints) {
      const gone = Math.ceil(this.#maxPoints / 4);
      this.#times.copyWithin(0, gone, this.#count);
      this.#values.copyWithin(0, gone, this.#count);
      this.#count -= gone;
      this.#dropped += gone;
    }
    if (this.#count === this.#times.length) {
      const size = Math.min(this.#maxPoints, this.#count * 2);
      this.#times = grown(this.#times, size);
      this.#values = grown(this.#values, size);
    }
    this.#times[this.#count] = Math.max(time, last);
    this.#values[this.#count] = value;
    this.#count += 1;
  }
}

function grown(array: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(array);
  return larger;
}
