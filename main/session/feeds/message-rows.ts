import type { GapRow, MessageRow } from '#app/contract/feeds/session.ts';
import type { Codec } from '#app/payload/codec.ts';
import { ruledPreview } from '#app/payload/ruled-preview.ts';
import type { MessageLog, RowPlace } from '../log/message-log.ts';
import { DUP_FLAG, kindOf, qosOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import type { TopicLooks } from '../rules/topic-looks.ts';
import type { TopicRule } from '../rules/topic-rules.ts';
import type { TopicTree } from '../tree/topic-tree.ts';

/** UTF-16 units of a topic in a row; longer ones are cut in the middle. */
const MAX_TOPIC = 512;
/** Bytes of the payload that a preview is made from. */
const PREVIEW_BYTES = 4096;

const decoder = new TextDecoder();

/** One safe line of a payload. It may lie in shared memory, which decoders don't take: its beginning is copied. */
export function previewOf(payload: Uint8Array, codec?: Codec): string {
  return ruledPreview(new Uint8Array(payload.subarray(0, PREVIEW_BYTES)), payload.length, codec);
}

/** What a row shows of a payload. */
export interface ShownValue {
  readonly preview: string;
  /** The rule's unit, where the value is a number. */
  readonly unit?: string;
}

const plainNumber = /^\s*[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:e[+-]?\d{1,4})?\s*$/i;

/** The line of a payload, with the unit of the rule for its topic where it is a number. */
export function shownValue(
  payload: Uint8Array,
  looks: Pick<TopicLooks, 'ruleOf' | 'codecOf'>,
  topicId: number,
): ShownValue {
  const preview = previewOf(payload, looks.codecOf?.(topicId));
  const unit = looks.ruleOf?.(topicId)?.rule.unit ?? '';
  return unit !== '' && plainNumber.test(preview) ? { preview, unit } : { preview };
}

/** A topic as a row shows it: cut in the middle, never between the halves of a surrogate pair. */
export function cutTopic(topic: string): string {
  if (topic.length <= MAX_TOPIC) {
    return topic;
  }
  const half = (MAX_TOPIC - 2) / 2;
  const head = topic.slice(0, isHighSurrogate(topic, half - 1) ? half - 1 : half);
  const tailStart = topic.length - half;
  const tail = topic.slice(isHighSurrogate(topic, tailStart - 1) ? tailStart + 1 : tailStart);
  return `${head}…${tail}`;
}

/** Makes the rows of windows, and keeps those of the last one: most of them are asked for again. */
export class MessageRows {
  readonly #log: MessageLog;
  readonly #tree: TopicTree;
  readonly #looks: TopicLooks;
  #rows = new Map<number, MessageRow | GapRow>();
  #version = -1;

  constructor(log: MessageLog, tree: TopicTree, looks: TopicLooks) {
    this.#log = log;
    this.#tree = tree;
    this.#looks = looks;
  }

  /** The rows of these messages, without those that are gone. */
  take(sequences: readonly number[]): (MessageRow | GapRow)[] {
    if (this.#version !== this.#looks.version) {
      this.#version = this.#looks.version;
      this.#rows = new Map();
    }
    const next = new Map<number, MessageRow | GapRow>();
    for (const sequence of sequences) {
      const row = this.#rows.get(sequence) ?? this.#make(sequence);
      if (row !== undefined) {
        next.set(sequence, row);
      }
    }
    this.#rows = next;
    return [...next.values()];
  }

  #make(sequence: number): MessageRow | GapRow | undefined {
    const place = this.#log.find(sequence);
    const payload = this.#log.payload(sequence);
    if (place === undefined || payload === undefined) {
      return undefined;
    }
    return makeRow(sequence, place, payload, (topicId) => ({
      topic: this.#tree.topicOf(topicId),
      color: this.#looks.colorOf(topicId),
      rule: this.#looks.ruleOf?.(topicId),
      value: shownValue(payload, this.#looks, topicId),
    }));
  }
}

function makeRow(
  sequence: number,
  { source, row }: RowPlace,
  payload: Uint8Array,
  about: (topicId: number) => {
    topic: string;
    color: MessageRow['color'];
    rule: TopicRule | undefined;
    value: ShownValue;
  },
): MessageRow | GapRow {
  const { columns } = source;
  const flags = columns.flags[row] ?? 0;
  const receivedAt = columns.receivedAt[row] ?? 0;
  const kind = kindOf(flags);
  if (kind === RowKind.gap) {
    return { kind: 'gap', sequence, receivedAt, text: decoder.decode(new Uint8Array(payload)) };
  }
  const topicId = columns.topicId[row] ?? 0;
  const { topic, color, rule, value } = about(topicId);
  return {
    kind: 'message',
    sequence,
    receivedAt,
    direction: kind === RowKind.received ? 'received' : 'published',
    topicId,
    topic: cutTopic(topic),
    qos: qosOf(flags),
    retain: (flags & RETAIN_FLAG) !== 0,
    dup: (flags & DUP_FLAG) !== 0,
    size: payload.length,
    ...value,
    ...labelOf(rule),
    ...(color === undefined ? {} : { color }),
  };
}

/** The rule's label as a part of a row. */
export function labelOf(found: TopicRule | undefined): { readonly label?: string } {
  return found === undefined || found.rule.label === '' ? {} : { label: found.rule.label };
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}
