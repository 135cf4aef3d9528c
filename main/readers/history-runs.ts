import type { LogReader } from '../session/log/log-reader.ts';

/** Messages that follow each other with the same payload, by where they lie in the list of all. */
export interface Run {
  /** Sequence numbers of the oldest and the newest. */
  readonly oldest: number;
  readonly newest: number;
  readonly count: number;
}

/**
 * The messages of a topic, and where one payload gives way to the next. Twelve bytes a message; what is no longer kept
 * goes from the front.
 */
export class HistoryRuns {
  readonly #fold: boolean;
  #sequences = new Float64Array(256);
  #head = 0;
  #end = 0;
  /** Where each run begins in `#sequences`. */
  #starts = new Uint32Array(256);
  #firstRun = 0;
  #runs = 0;
  #last: Uint8Array | undefined;

  constructor(fold: boolean) {
    this.#fold = fold;
  }

  /** Runs that are kept. */
  get total(): number {
    return this.#runs - this.#firstRun;
  }

  /** Messages that are kept. */
  get messages(): number {
    return this.#end - this.#head;
  }

  /** Takes the next message of the topic. */
  add(sequence: number, reader: LogReader): void {
    const isSame = this.#fold && this.#isSame(sequence, reader);
    if (this.#end === this.#sequences.length) {
      const larger = new Float64Array(this.#end * 2);
      larger.set(this.#sequences);
      this.#sequences = larger;
    }
    this.#sequences[this.#end] = sequence;
    this.#end += 1;
    if (isSame) {
      return;
    }
    if (this.#runs === this.#starts.length) {
      const larger = new Uint32Array(this.#runs * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#runs] = this.#end - 1;
    this.#runs += 1;
  }

  /** Forgets what the log no longer has. One message may have outlived the stream as the newest of its topic. */
  trim(reader: LogReader): void {
    const first = reader.firstSequence;
    while (this.#head < this.#end && (this.#sequences[this.#head] ?? 0) < first) {
      const isLast = this.#head === this.#end - 1;
      if (isLast && reader.details(this.#sequences[this.#head] ?? 0) !== undefined) {
        break;
      }
      this.#head += 1;
    }
    while (this.#firstRun < this.#runs && this.#endOf(this.#firstRun) <= this.#head) {
      this.#firstRun += 1;
    }
    if (this.#head > 1024 && this.#head > this.#end / 2) {
      this.#compact();
    }
  }

  /** A run, counted from the newest (0). */
  at(index: number): Run | undefined {
    const run = this.#runs - 1 - index;
    if (index < 0 || run < this.#firstRun) {
      return undefined;
    }
    const start = Math.max(this.#starts[run] ?? 0, this.#head);
    const end = this.#endOf(run);
    return {
      oldest: this.#sequences[start] ?? 0,
      newest: this.#sequences[end - 1] ?? 0,
      count: end - start,
    };
  }

  #endOf(run: number): number {
    return run + 1 < this.#runs ? (this.#starts[run + 1] ?? 0) : this.#end;
  }

  /** The last payload is kept as a copy: the log may drop it at any time. */
  #isSame(sequence: number, reader: LogReader): boolean {
    const size = reader.details(sequence)?.size;
    const last = this.#last;
    const payload = reader.payload(sequence);
    this.#last = payload;
    return (
      size !== undefined &&
      last !== undefined &&
      payload !== undefined &&
      last.length === size &&
      Buffer.compare(last, payload) === 0
    );
  }

  #compact(): void {
    this.#sequences.copyWithin(0, this.#head, this.#end);
    this.#starts.copyWithin(0, this.#firstRun, this.#runs);
    this.#runs -= this.#firstRun;
    this.#firstRun = 0;
    for (let run = 0; run < this.#runs; run++) {
      this.#starts[run] = Math.max(0, (this.#starts[run] ?? 0) - this.#head);
    }
    this.#end -= this.#head;
    this.#head = 0;
  }
}
