/** Whether a figure keeps its budget. `unreached`: the machine gave out before the product did. */
export type Verdict = 'pass' | 'miss' | 'unreached' | 'info';

/** One line of the table. */
export interface Figure {
  readonly what: string;
  /** With its unit, as a person reads it. */
  readonly measured: string;
  /** The bare number, for comparing runs. */
  readonly value: number;
  readonly budget: string;
  readonly verdict: Verdict;
  /** CPU of each part in percent of one core, and whatever else explains the figure. */
  readonly note?: string;
}

export interface BenchContext {
  /** Runs of each measurement; the median counts. */
  readonly repeats: number;
  /** Says what is going on, beside the table. */
  readonly progress: (text: string) => void;
}

/** What `npm run bench -- NAME` runs. A new row is a file in `rows/` that exports `row`. */
export interface BenchRow {
  readonly name: string;
  /** One line: what is measured and how. */
  readonly about: string;
  run(context: BenchContext): Promise<readonly Figure[]>;
}
