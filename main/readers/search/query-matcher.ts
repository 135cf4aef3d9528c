import { performance } from 'node:perf_hooks';
import { fail } from '#app/contract/failure.ts';
import type { SearchQuery } from '#app/contract/feeds/search.ts';
import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import { type FieldCondition, holds, parseCondition } from '#app/payload/field-condition.ts';
import type { RowBlock } from '../../session/log/log-reader.ts';
import { unpackProperties } from '../../session/log/properties.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../../session/log/shared-log.ts';
import { fieldsOf, readWith } from '../field-reader.ts';
import { type MessageContext, noContext } from '../message-context.ts';
import { BytesFinder, IN_PAYLOAD, isFindable } from './bytes-finder.ts';
import { TextMatcher } from './text-matcher.ts';
import type { TopicNames } from './topic-names.ts';

/** Bytes of a payload that are searched where it has to be decoded. */
export const MAX_DECODED = 1024 * 1024;

const Verdict = { unknown: 0, no: 1, yes: 2, hasText: 3 } as const;

/** Decides which rows of the log a query selects. Throws a failure where the query cannot be used as it is. */
export class QueryMatcher {
  readonly query: SearchQuery;
  /** Absent: the query has no text. */
  readonly text: TextMatcher | undefined;
  /** Payloads of which only the beginning was looked at. */
  partly = 0;
  readonly #names: Pick<TopicNames, 'get' | 'want' | 'hasAll'>;
  readonly #context: MessageContext;
  readonly #topicFilter: (topic: string) => boolean;
  readonly #condition: FieldCondition | undefined;
  readonly #finder: BytesFinder | undefined;
  readonly #flags: Uint8Array;
  #verdicts = new Uint8Array(1024);

  /** `context`: what fields are read with. */
  constructor(
    query: SearchQuery,
    names: Pick<TopicNames, 'get' | 'want' | 'hasAll'>,
    context: MessageContext = noContext,
  ) {
    this.query = query;
    this.#names = names;
    this.#context = context;
    const problem = query.topicFilter === '' ? undefined : topicFilterProblem(query.topicFilter);
    if (problem !== undefined) {
      throw fail('search.topicFilter', problem, 'Correct the topic filter.');
    }
    this.#topicFilter = query.topicFilter === '' ? () => true : compileFilter(query.topicFilter);
    const condition = query.condition.trim() === '' ? undefined : parseCondition(query.condition);
    if (typeof condition === 'string') {
      throw fail(
        'search.condition',
        `${condition}.`,
        'Write conditions such as temp > 30 and state.mode = "auto".',
      );
    }
    this.#condition = condition;
    this.text = query.text === '' ? undefined : new TextMatcher(query);
    const { text, isRegex, matchCase, inPayload, inProperties } = query;
    this.#finder =
      !isRegex && isFindable(text, matchCase) && (inPayload || inProperties)
        ? new BytesFinder(text, { matchCase, inPayload, inProperties })
        : undefined;
    this.#flags = Uint8Array.from({ length: 256 }, (_, flags) => (matchesFlags(query, flags) ? 1 : 0));
  }

  /** Are payloads decoded one by one? Then a block should be small. */
  get isSlow(): boolean {
    return this.#condition !== undefined || (this.text !== undefined && this.#finder === undefined);
  }

  /** Is all known of the topics that this block needs? If not, it was asked for. */
  isReady(block: RowBlock): boolean {
    const isNamed = this.#isNamed(block);
    return (this.#condition === undefined || this.#isReadable(block)) && isNamed;
  }

  #isReadable({ columns, row, end }: RowBlock): boolean {
    const ids = new Set(columns.topicId.subarray(row, end));
    let isReady = true;
    for (const id of ids) {
      isReady = this.#context.isReady(id) && isReady;
    }
    return isReady;
  }

  #isNamed({ columns, row, end }: RowBlock): boolean {
    const { topicFilter, text, inTopic } = this.query;
    if (topicFilter === '' && (text === '' || !inTopic)) {
      return true;
    }
    if (!this.#names.hasAll) {
      return false;
    }
    const ids: number[] = [];
    const names: string[] = [];
    const unknown: number[] = [];
    for (let at = row; at < end; at++) {
      const id = columns.topicId[at] ?? 0;
      if (id >= this.#verdicts.length) {
        const larger = new Uint8Array(Math.max(id + 1, this.#verdicts.length * 2));
        larger.set(this.#verdicts);
        this.#verdicts = larger;
      }
      if (this.#verdicts[id] === Verdict.unknown) {
        const name = this.#names.get(id);
        if (name === undefined) {
          unknown.push(id);
        } else {
          // Set below; noted here so that each id comes once.
          this.#verdicts[id] = Verdict.no;
          ids.push(id);
          names.push(name);
        }
      }
    }
    const hasText = inTopic && this.text !== undefined ? this.text.test(names) : undefined;
    for (const [index, id] of ids.entries()) {
      if (this.#topicFilter(names[index] ?? '')) {
        this.#verdicts[id] = hasText?.[index] === 1 ? Verdict.hasText : Verdict.yes;
      }
    }
    if (unknown.length > 0) {
      this.#names.want(new Set(unknown));
    }
    return unknown.length === 0;
  }

  /** The rows of a block that match, ascending; call {@link isReady} before. May throw `search.runaway`. */
  match(block: RowBlock): number[] {
    const { columns, row, end } = block;
    const {
      minSize = 0,
      maxSize = Number.POSITIVE_INFINITY,
      from = 0,
      to = Number.POSITIVE_INFINITY,
    } = this.query;
    const { text, topicFilter, inTopic, inPayload, inProperties, wholeWord } = this.query;
    const usesNames = topicFilter !== '' || (text !== '' && inTopic);
    const hits = new Uint8Array(end - row);
    this.#finder?.find(block, hits);
    const found: number[] = [];
    /** Rows whose text has to be looked at, decoded. */
    const doubtful = new Set<number>();
    for (let at = row; at < end; at++) {
      const size = columns.length[at] ?? 0;
      const time = columns.receivedAt[at] ?? 0;
      if (
        this.#flags[columns.flags[at] ?? 0] === 0 ||
        size < minSize ||
        size > maxSize ||
        time < from ||
        time > to
      ) {
        continue;
      }
      const verdict = usesNames ? (this.#verdicts[columns.topicId[at] ?? 0] ?? Verdict.no) : Verdict.yes;
      if (verdict === Verdict.no) {
        continue;
      }
      if (text !== '' && verdict !== Verdict.hasText) {
        if (!inPayload && !inProperties) {
          continue;
        }
        const hit = hits[at - row] ?? 0;
        if (this.#finder !== undefined && hit === 0) {
          continue;
        }
        if (this.#finder === undefined || wholeWord || (hit & IN_PAYLOAD) === 0) {
          doubtful.add(at);
        }
      }
      found.push(at);
    }
    const certain = doubtful.size === 0 ? found : this.#look(block, found, doubtful);
    const condition = this.#condition;
    return condition === undefined ? certain : certain.filter((at) => this.#holds(condition, block, at));
  }

  #look(block: RowBlock, found: readonly number[], doubtful: ReadonlySet<number>): number[] {
    const texts: string[] = [];
    const owners: number[] = [];
    for (const at of doubtful) {
      for (const text of this.#textsOf(block, at)) {
        texts.push(text);
        owners.push(at);
      }
    }
    const matches = this.text?.test(texts) ?? new Uint8Array();
    const certain = new Set(owners.filter((_, index) => matches[index] === 1));
    return found.filter((at) => !doubtful.has(at) || certain.has(at));
  }

  #textsOf({ columns, bytes }: RowBlock, at: number): string[] {
    const { inPayload, inProperties } = this.query;
    const start = columns.offset[at] ?? 0;
    const size = columns.length[at] ?? 0;
    const texts: string[] = [];
    if (inPayload) {
      const length = Math.min(size, MAX_DECODED);
      this.partly += length < size ? 1 : 0;
      texts.push(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, start + length),
      );
    }
    const propertiesLength = columns.propertiesLength[at] ?? 0;
    if (inProperties && propertiesLength > 0) {
      texts.push(...propertyTexts(bytes.slice(start + size, start + size + propertiesLength)));
    }
    return texts;
  }

  #holds(condition: FieldCondition, { columns, bytes, first }: RowBlock, at: number): boolean {
    const start = columns.offset[at] ?? 0;
    const size = columns.length[at] ?? 0;
    const propertiesLength = columns.propertiesLength[at] ?? 0;
    const payload = new Uint8Array(bytes.subarray(start, start + size));
    const packed = bytes.slice(start + size, start + size + propertiesLength);
    const topicId = columns.topicId[at] ?? 0;
    const sequence = first + at;
    const row = {
      sequence,
      kind: RowKind.received,
      receivedAt: 0,
      topicId,
      qos: 0 as const,
      retain: false,
      dup: false,
      size,
      ...(packed.length === 0 ? {} : { properties: packed }),
    };
    const fields = fieldsOf({ row, payload, ...readWith(this.#context, topicId, sequence) }, 'auto');
    return fields !== undefined && holds(condition, fields);
  }
}

/** What of the properties of a message is text. Memory that is in use again may hold anything: the caller checks. */
export function propertyTexts(packed: Uint8Array): string[] {
  try {
    const { contentType, responseTopic, correlationData, userProperties = [] } = unpackProperties(packed);
    return [
      ...(contentType === undefined ? [] : [contentType]),
      ...(responseTopic === undefined ? [] : [responseTopic]),
      ...(correlationData === undefined ? [] : [Buffer.from(correlationData).toString('utf8')]),
      ...userProperties.flatMap(({ key, value }) => [key, value]),
    ];
  } catch {
    return [];
  }
}

function matchesFlags({ direction, retain, qos }: SearchQuery, flags: number): boolean {
  const kind = kindOf(flags);
  return (
    kind !== RowKind.gap &&
    (direction === 'both' || (direction === 'received') === (kind === RowKind.received)) &&
    (retain === 'any' || (retain === 'retained') === ((flags & RETAIN_FLAG) !== 0)) &&
    (qos.length === 0 || qos.some((level) => level === (flags & 3)))
  );
}

/** Is the time over? */
export function isOver(deadline: number): boolean {
  return performance.now() > deadline;
}
