import type { MessageFilter } from '#app/contract/feeds/session.ts';
import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { RowSource } from '../log/chunk.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import type { TopicLooks } from '../rules/topic-looks.ts';
import { foldCase } from '../tree/segments.ts';
import { PayloadSearch } from './payload-search.ts';
import { ROW_COST, type TimeBudget } from './time-budget.ts';

/** What is known of a topic under a filter, remembered by topic id. */
const Verdict = { unknown: 0, no: 1, yes: 2, dependsOnPayload: 3 } as const;
type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Why a filter can't be used as it is written; undefined when it can. */
export function messageFilterProblem(filter: MessageFilter): string | undefined {
  return filter.topicFilter === '' ? undefined : topicFilterProblem(filter.topicFilter);
}

/** Decides which rows of the log a filter selects: by flags, then by topic (remembered), then by payload. */
export class RowMatcher {
  readonly #filter: MessageFilter;
  readonly #matches: TopicLooks;
  readonly #topicOf: (topicId: number) => string;
  readonly #matchesTopicFilter: (topic: string) => boolean;
  readonly #text: string;
  /** By flags byte: 1 when a row with these flags may match. */
  readonly #flags: Uint8Array;
  readonly #takesGaps: boolean;
  #verdicts = new Uint8Array(1024);
  readonly #payload: PayloadSearch | undefined;

  constructor(filter: MessageFilter, matches: TopicLooks, topicOf: (topicId: number) => string) {
    this.#filter = filter;
    this.#matches = matches;
    this.#topicOf = topicOf;
    const isUsable = filter.topicFilter !== '' && messageFilterProblem(filter) === undefined;
    this.#matchesTopicFilter = isUsable ? compileFilter(filter.topicFilter) : () => true;
    this.#text = foldCase(filter.text);
    this.#payload = this.#text === '' ? undefined : new PayloadSearch(this.#text);
    this.#flags = Uint8Array.from({ length: 256 }, (_, flags) => (matchesFlags(filter, flags) ? 1 : 0));
    this.#takesGaps =
      filter.text === '' &&
      filter.topicId === undefined &&
      filter.retain === 'any' &&
      filter.qos.length === 0;
  }

  /**
   * Does a row match? Undefined: the time is over before its payload is searched through; asked for the same row
   * again, the search goes on where it was.
   */
  matches(source: RowSource, row: number, sequence: number, budget: TimeBudget): boolean | undefined {
    budget.spend(ROW_COST);
    const { columns } = source;
    const flags = columns.flags[row] ?? 0;
    const kind = kindOf(flags);
    if (kind === RowKind.gap) {
      return this.#takesGaps;
    }
    if (this.#flags[flags] === 0) {
      return false;
    }
    const topicId = columns.topicId[row] ?? 0;
    const verdict = this.#verdict(topicId, budget);
    if (verdict === Verdict.no) {
      return false;
    }
    if (!this.#filter.includeMuted && kind === RowKind.received && this.#matches.isMuted(topicId)) {
      return false;
    }
    if (verdict === Verdict.yes || this.#payload === undefined) {
      return verdict === Verdict.yes;
    }
    return this.#payload.isIn(source, row, sequence, budget);
  }

  #verdict(topicId: number, budget: TimeBudget): Verdict {
    const known = topicId < this.#verdicts.length ? (this.#verdicts[topicId] ?? 0) : 0;
    if (known !== Verdict.unknown) {
      return known as Verdict;
    }
    if (topicId >= this.#verdicts.length) {
      const larger = new Uint8Array(Math.max(topicId + 1, this.#verdicts.length * 2));
      larger.set(this.#verdicts);
      this.#verdicts = larger;
    }
    const verdict = this.#workOut(topicId, budget);
    this.#verdicts[topicId] = verdict;
    return verdict;
  }

  #workOut(topicId: number, budget: TimeBudget): Verdict {
    if (this.#filter.topicId !== undefined && this.#filter.topicId !== topicId) {
      return Verdict.no;
    }
    const topic = this.#topicOf(topicId);
    budget.spend(topic.length);
    if (!this.#matchesTopicFilter(topic)) {
      return Verdict.no;
    }
    return this.#text === '' || foldCase(topic).includes(this.#text) ? Verdict.yes : Verdict.dependsOnPayload;
  }
}

function matchesFlags(filter: MessageFilter, flags: number): boolean {
  const kind = kindOf(flags);
  const isRetained = (flags & RETAIN_FLAG) !== 0;
  return (
    (filter.direction === 'both' || (filter.direction === 'received') === (kind === RowKind.received)) &&
    (filter.retain === 'any' || (filter.retain === 'retained') === isRetained) &&
    (filter.qos.length === 0 || filter.qos.some((qos) => qos === (flags & 3)))
  );
}
