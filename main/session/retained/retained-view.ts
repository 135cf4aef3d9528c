import type { ParsedInputOf, ParsedParamsOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { retainedFeeds } from '#app/contract/feeds/retained.ts';
import type { retainedOperations } from '#app/contract/operations/retained.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import { type Arrangement, arrange } from './arrange.ts';
import type { RetainedEntry, RetainedList } from './retained-list.ts';

export type RetainedParams = ParsedParamsOf<(typeof retainedFeeds)['retained']>;
type Selecting = ParsedInputOf<(typeof retainedOperations)['retained.select']>;

/** After an arrangement, so many times what it took (milliseconds of the clock) nothing is arranged because of the list. */
const REST = 4;
const MIN_REST = 250;

/** What one client sees of the list: which rows, in which order, and which of them are selected. */
export class RetainedView {
  readonly #slices: TimeSlices;
  readonly #onChange: () => void;
  #rows: readonly RetainedEntry[] = [];
  #selected = new Set<RetainedEntry>();
  #list: RetainedList | undefined;
  /** What `#rows` was made of, or is being made of. */
  #key = '';
  #filterKey = '';
  #version = -1;
  #running: { dispose(): void } | undefined;
  #restUntil = 0;
  #arrangement: Arrangement = { topicFilter: '', text: '', sort: { by: 'topic', descending: false } };
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  problem: string | undefined;

  constructor(slices: TimeSlices, onChange: () => void) {
    this.#slices = slices;
    this.#onChange = onChange;
  }

  /** Rows as they were last arranged, without those that are gone since. */
  get rows(): readonly RetainedEntry[] {
    return this.#rows;
  }

  /** The rows are not those of the list as it is now. */
  get isArranging(): boolean {
    return this.#running !== undefined || (this.#list !== undefined && this.#list.version !== this.#version);
  }

  /** Resolves when the rows are those of the list as it is now, so that what is done to all of them misses none. */
  async settle(): Promise<void> {
    if (!this.isArranging) {
      return;
    }
    const settled = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#running === undefined || this.#list?.version !== this.#version) {
      this.#start(this.#arrangement);
    }
    await settled;
  }

  get selected(): ReadonlySet<RetainedEntry> {
    return this.#selected;
  }

  /** Arranges anew where list or parameters changed; goes on in the background. */
  follow(list: RetainedList | undefined, params: RetainedParams): void {
    const filter = params.topicFilter;
    this.problem = filter === '' ? undefined : topicFilterProblem(filter);
    const topicFilter = this.problem === undefined ? filter : '';
    const filterKey = JSON.stringify([topicFilter, params.text]);
    const key = JSON.stringify([topicFilter, params.text, params.sort]);
    const isOther = list !== this.#list || key !== this.#key;
    if (list !== this.#list || filterKey !== this.#filterKey) {
      // What is not in view any more must not be cleared with what is.
      this.#selected = new Set();
    }
    if (list !== this.#list) {
      this.#rows = [];
    }
    if (isOther || (list !== undefined && list.version !== this.#version && this.#mayArrange())) {
      this.#list = list;
      this.#key = key;
      this.#filterKey = filterKey;
      this.#start({ topicFilter, text: params.text, sort: params.sort });
    }
  }

  select({ rows, mode }: Selecting): number {
    if (rows === 'none') {
      this.#selected = new Set();
      return 0;
    }
    const chosen = rows === 'all' ? this.#rows : this.#between(rows.from, rows.to);
    if (mode === 'replace') {
      this.#selected = new Set();
    }
    for (const entry of chosen) {
      if (entry.isGone) {
        continue;
      }
      if (mode === 'toggle' && this.#selected.has(entry)) {
        this.#selected.delete(entry);
      } else {
        this.#selected.add(entry);
      }
    }
    return this.#selected.size;
  }

  /** Forgets of the selection what is gone. */
  tidy(): void {
    for (const entry of this.#selected) {
      if (entry.isGone) {
        this.#selected.delete(entry);
      }
    }
  }

  dispose(): void {
    this.#running?.dispose();
    clearTimeout(this.#timer);
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) {
      resolve();
    }
  }

  #between(from: number, to: number): readonly RetainedEntry[] {
    const first = this.#rows.findIndex(({ id }) => id === from);
    const last = from === to ? first : this.#rows.findIndex(({ id }) => id === to);
    if (first < 0 || last < 0) {
      throw fail('retained.moved', 'This message is not in the list any more.', 'Select it anew.');
    }
    return this.#rows.slice(Math.min(first, last), Math.max(first, last) + 1);
  }

  /** A list that grows all the time is not arranged all the time. */
  #mayArrange(): boolean {
    const rest = this.#restUntil - performance.now();
    if (this.#running !== undefined || rest > 0) {
      if (this.#running === undefined) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#onChange();
        }, rest);
      }
      return false;
    }
    return true;
  }

  #start(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    this.#running?.dispose();
    this.#running = undefined;
    const list = this.#list;
    this.#version = list?.version ?? -1;
    if (list === undefined) {
      this.#rows = [];
      this.#release();
      return;
    }
    const began = performance.now();
    const steps = arrange(list.entries, arrangement);
    const task = (deadline: number) => {
      do {
        const step = steps.next();
        if (step.done === true) {
          this.#rows = step.value;
          this.#running = undefined;
          const now = performance.now();
          this.#restUntil = now + Math.max(MIN_REST, REST * (now - began));
          this.tidy();
          this.#release();
          this.#onChange();
          return false;
        }
      } while (performance.now() < deadline);
      return true;
    };
    // A short list is arranged at once, so that its rows come with the answer to the click.
    if (task(performance.now() + 4)) {
      this.#running = this.#slices.run(task);
    }
  }
}
