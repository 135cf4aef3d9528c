/** Rows by which the pool of row elements grows. */
const POOL_STEP = 8;

/**
 * Gives rows that are drawn the key of their element. There are as many elements as were ever drawn at once. As long
 * as some rows stay, each keeps its element and those of rows that left serve the rows that came. When all are new, as
 * ten times a second in a busy stream, each element serves the row at its own place: none is moved in the document,
 * which would cost more than the new text in it.
 */
export class RowKeys {
  #pool = POOL_STEP;
  /** Number that makes up for the jumps so far. */
  #jumped = 0;
  #first = 0;
  #count = 0;

  /**
   * The keys of `count` rows from the one with the lasting number `first` on, asked for by row number; `offset` is the
   * row number of that first one. Idempotent, as a render may be repeated.
   */
  take(first: number, count: number, offset: number): (index: number) => number {
    const pool = Math.max(this.#pool, Math.ceil(count / POOL_STEP) * POOL_STEP);
    const hasLeft = Math.abs(first - this.#first) >= Math.max(this.#count, count);
    if (hasLeft || pool !== this.#pool) {
      this.#jumped += first - this.#first;
    }
    this.#pool = pool;
    this.#first = first;
    this.#count = count;
    const base = first - this.#jumped - offset;
    return (index) => (((base + index) % pool) + pool) % pool;
  }
}
