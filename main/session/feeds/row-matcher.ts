import type { MessageFilter } from '#app/contract/feeds/session.ts';
import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { RowSource } from '../log/chunk.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import type { SubscriptionMatches } from '../subscription-matches.ts';
import { foldCase } from '../tree/segments.ts';

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
  readonly #matches: SubscriptionMatches;
  readonly #topicOf: (topicId: number) => string;
  readonly #matchesTopicFilter: (topic: string) => boolean;
  readonly #text: string;
  /** By flags byte: 1 when a row with these flags may match. */
  readonly #flags: Uint8Array;
  readonly #takesGaps: boolean;
  #verdicts = new Uint8Array(1024);
  readonly #payload: PayloadSearch | undefined;

  constructor(filter: MessageFilter, matches: SubscriptionMatches, topicOf: (topicId: number) => string) {
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

  /** Does a row match? */
  matches(source: RowSource, row: number): boolean {
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
    const verdict = this.#verdict(topicId);
    if (verdict === Verdict.no) {
      return false;
    }
    if (!this.#filter.includeMuted && kind === RowKind.received && this.#matches.isMuted(topicId)) {
      return false;
    }
    return verdict === Verdict.yes || this.#payload?.isIn(source, row) === true;
  }

  #verdict(topicId: number): Verdict {
    const known = topicId < this.#verdicts.length ? (this.#verdicts[topicId] ?? 0) : 0;
    if (known !== Verdict.unknown) {
      return known as Verdict;
    }
    if (topicId >= this.#verdicts.length) {
      const larger = new Uint8Array(Math.max(topicId + 1, this.#verdicts.length * 2));
      larger.set(this.#verdicts);
      this.#verdicts = larger;
    }
    const verdict = this.#workOut(topicId);
    this.#verdicts[topicId] = verdict;
    return verdict;
  }

  #workOut(topicId: number): Verdict {
    if (this.#filter.topicId !== undefined && this.#filter.topicId !== topicId) {
      return Verdict.no;
    }
    const topic = this.#topicOf(topicId);
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

/** Bytes that are searched at once. */
const WINDOW_BYTES = 32 * 1024;

/**
 * Finds a text in payloads, ignoring case. A payload is taken as UTF-8. For a text of ASCII many neighbouring
 * payloads are folded and searched as one string of bytes, which is ten times as fast as one by one.
 */
class PayloadSearch {
  readonly #text: string;
  readonly #isAscii: boolean;
  #source: RowSource | undefined;
  /** What was folded last: bytes from `#start` to `#end` of `#source`. */
  #start = 0;
  #end = 0;
  #folded = '';
  /** The first find at or after `#nextFrom`; -1: none. */
  #next = -1;
  #nextFrom = 0;

  constructor(folded: string) {
    this.#text = folded;
    this.#isAscii = !/[^\x00-\x7f]/.test(folded);
  }

  /** Fast when asked for rows in ascending order. */
  isIn(source: RowSource, row: number): boolean {
    const start = source.columns.offset[row] ?? 0;
    const end = start + (source.columns.length[row] ?? 0);
    if (!this.#isAscii) {
      return foldCase(source.bytes.toString('utf8', start, end)).includes(this.#text);
    }
    if (end - start < this.#text.length) {
      return false;
    }
    if (end - start > WINDOW_BYTES) {
      return source.bytes.toString('latin1', start, end).toLowerCase().includes(this.#text);
    }
    if (source !== this.#source || start < this.#start || end > this.#end) {
      this.#load(source, start);
    }
    return this.#finds(start - this.#start, end - this.#start);
  }

  #load(source: RowSource, start: number): void {
    this.#source = source;
    this.#start = start;
    this.#end = Math.min(source.used, start + WINDOW_BYTES);
    this.#folded = source.bytes.toString('latin1', this.#start, this.#end).toLowerCase();
    this.#next = this.#folded.indexOf(this.#text);
    this.#nextFrom = 0;
  }

  #finds(from: number, to: number): boolean {
    if (from < this.#nextFrom || (this.#next !== -1 && from > this.#next)) {
      this.#next = this.#folded.indexOf(this.#text, from);
      this.#nextFrom = from;
    }
    return this.#next !== -1 && this.#next + this.#text.length <= to;
  }
}
