/**
 * Ascending sequence numbers in typed arrays, growing at both ends and losing their oldest:
 * the rows of a filtered list. Found backwards while old messages are searched, and forwards as new ones come.
 */
export class SequenceList {
  /** Descending: found by searching backwards. */
  #older = new Float64Array(256);
  #olderCount = 0;
  /** Ascending; elements before `#head` are gone. */
  #newer = new Float64Array(256);
  #head = 0;
  #end = 0;

  get length(): number {
    return this.#olderCount + this.#end - this.#head;
  }

  /** The sequence number of a row; 0 outside of the list. */
  at(row: number): number {
    if (row < 0 || row >= this.length) {
      return 0;
    }
    return row < this.#olderCount
      ? (this.#older[this.#olderCount - 1 - row] ?? 0)
      : (this.#newer[this.#head + row - this.#olderCount] ?? 0);
  }

  /** Rows with a smaller sequence number. */
  lowerBound(sequence: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  prepend(sequence: number): void {
    if (this.#olderCount === this.#older.length) {
      this.#older = grown(this.#older, 0);
    }
    this.#older[this.#olderCount] = sequence;
    this.#olderCount += 1;
  }

  append(sequence: number): void {
    if (this.#end === this.#newer.length) {
      const used = this.#end - this.#head;
      if (this.#head > used) {
        this.#newer.copyWithin(0, this.#head, this.#end);
      } else {
        this.#newer = grown(this.#newer, this.#head);
      }
      this.#head = 0;
      this.#end = used;
    }
    this.#newer[this.#end] = sequence;
    this.#end += 1;
  }

  /** Drops rows from the front while `isGone` says so. Returns how many. */
  dropWhile(isGone: (sequence: number) => boolean): number {
    const before = this.length;
    while (this.#olderCount > 0 && isGone(this.#older[this.#olderCount - 1] ?? 0)) {
      this.#olderCount -= 1;
    }
    while (this.#olderCount === 0 && this.#head < this.#end && isGone(this.#newer[this.#head] ?? 0)) {
      this.#head += 1;
    }
    return before - this.length;
  }
}

function grown(array: Float64Array<ArrayBuffer>, from: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array.subarray(from));
  return larger;
}
