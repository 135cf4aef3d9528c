import { performance } from 'node:perf_hooks';
import type { Codec, DecodeLimits, FieldOptions } from '#app/payload/codec.ts';
import type { FieldAt } from '#app/payload/field-changes.ts';
import { numberOfText } from '#app/payload/number-text.ts';
import { codecById, detectCodec } from '#app/payload/registry.ts';
import type { AliasNames } from '#app/payload/sparkplug/alias-names.ts';
import type { LogReader, SharedRow } from '../session/log/log-reader.ts';
import { contextOf, type MessageContext } from './message-context.ts';
import { hintsOf } from './session-logs.ts';
import { SPARKPLUG, sparkplugContext } from './sparkplug/sparkplug-context.ts';
import { unwrap } from './unwrap.ts';

/** Bytes of a payload that is still read field by field: it is done for every message that comes. */
const MAX_BYTES = 1024 * 1024;
/** Milliseconds for the fields of one payload. */
const MAX_TIME = 200;

/** A message with its payload, both copies of their own. */
export interface ReadMessage {
  readonly row: SharedRow;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Names of Sparkplug's aliases, for whoever asks. */
  readonly aliases?: () => AliasNames | undefined;
  /** The codec that a rule names for its topic. */
  readonly ruled?: () => Codec | undefined;
}

/** Copies a message out of its log; `undefined` when it is gone, or of another topic than the one that is meant. */
export function readMessage(reader: LogReader, sequence: number, topicId?: number): ReadMessage | undefined {
  const row = reader.details(sequence);
  if (row === undefined || (topicId !== undefined && row.topicId !== topicId)) {
    return undefined;
  }
  const payload = reader.payload(sequence);
  return payload === undefined
    ? undefined
    : { row, payload, ...readWith(contextOf(reader), row.topicId, sequence) };
}

/** What is known of a message beside its bytes, asked for only where it is needed. */
export function readWith(
  context: MessageContext,
  topicId: number,
  sequence: number,
): Required<Pick<ReadMessage, 'aliases' | 'ruled'>> {
  return {
    aliases: () => context.aliasesOf(topicId, sequence),
    ruled: () => context.ruledCodec(topicId),
  };
}

/** Bytes of a payload that may be a number as a whole. */
const MAX_NUMBER_BYTES = 256;

const decoder = new TextDecoder();

/** The number that the whole payload is, as text; `undefined` where it is none. */
export function numberOfPayload(payload: Uint8Array): number | undefined {
  return payload.length > MAX_NUMBER_BYTES ? undefined : numberOfText(decoder.decode(payload));
}

/**
 * The fields of a payload by a codec, or by the one that `auto` chooses: the rule's for its topic, else the one that is
 * surest of it. `undefined` where it has none.
 */
export function fieldsOf(
  { row, payload: received, aliases, ruled }: ReadMessage,
  codecId: string,
  options?: FieldOptions,
): readonly FieldAt[] | undefined {
  if (received.length === 0 || received.length > MAX_BYTES) {
    return undefined;
  }
  const hints = hintsOf(row);
  const payload = unwrap(received, MAX_BYTES, hints).bytes;
  const context = { topic: '', ...hints };
  const codec = codecId === 'auto' ? (ruled?.() ?? detectCodec(payload, context)) : codecById(codecId);
  const until = performance.now() + MAX_TIME;
  const limits: DecodeLimits = {
    maxTextLength: 4 * MAX_BYTES,
    maxDepth: 100,
    isOver: () => performance.now() > until,
  };
  try {
    const fields = codec?.fields?.(payload, limits, options, {
      ...context,
      ...(codec.id === SPARKPLUG ? { sparkplug: sparkplugContext(aliases?.()) } : {}),
    });
    return fields === undefined || fields.length === 0 ? undefined : fields;
  } catch {
    // Not of this kind: for what is to be read of it, the same as having no fields.
    return undefined;
  }
}
