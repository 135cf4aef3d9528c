import { formatBytes, formatCount, formatQuantity } from '../../base/format.ts';
import type { Codec, DecodeLimits, PayloadContext } from '../codec.ts';
import { jsonFields } from '../json-fields.ts';
import { formatJson } from '../json-format.ts';
import { cutLine, EMPTY_PREVIEW } from '../preview.ts';
import { PREVIEW_BYTES } from '../sample.ts';
import { visibleText } from '../visible-text.ts';
import { detectSparkplug } from './detect.ts';
import { sparkplugShape } from './json-shape.ts';
import { type ReadPayload, readPayload } from './message.ts';
import type { Metric } from './message-types.ts';
import { aliasKey, PayloadJson } from './payload-json.ts';
import { payloadOfText } from './payload-text.ts';
import { scalarOf } from './values.ts';
import { writePayload } from './write-payload.ts';

/** UTF-16 units of the JSON before it is laid out. */
const MAX_TEXT = 4_000_000;
const MAX_ITEMS = 200_000;
const MAX_DEPTH = 32;
/** Metrics that a preview names. */
const PREVIEW_METRICS = 8;
/** What says that the body is a payload, compressed (specification 3.0, section 6.4.18). */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

const encoder = new TextEncoder();

/** Payloads of Sparkplug B, shown as JSON; names of aliases come with the context. */
export const sparkplugCodec: Codec = {
  id: 'sparkplug',
  label: 'Sparkplug B',
  detect: (bytes, context) => detectSparkplug(bytes, context.topic),
  preview: (bytes, maxLength, size = bytes.length) => previewSparkplug(bytes, maxLength, size),
  decode(bytes, limits, context) {
    if (bytes.length === 0) {
      return { shape: 'text', text: '', language: 'json', markers: [], notes: ['The payload is empty.'] };
    }
    const { json, notes, isNone } = shown(bytes, limits, context);
    if (isNone) {
      return { shape: 'bytes', notes };
    }
    return { shape: 'text', text: formatJson(json, limits).text, language: 'json', markers: [], notes };
  },
  fields(bytes, limits, options, context) {
    const { json, isNone } = shown(bytes, limits, context);
    if (isNone) {
      throw new TypeError('not of this kind');
    }
    return jsonFields(encoder.encode(json), limits, options);
  },
  encode: (text, topic) => writePayload(payloadOfText(text, topic)),
  shape: () => sparkplugShape,
};

/** A payload as it is meant: unpacked where it was compressed and can be. */
export function openPayload(
  bytes: Uint8Array,
  limits: DecodeLimits,
  context: Pick<PayloadContext, 'sparkplug'> = {},
): ReadPayload & { readonly notes: readonly string[] } {
  const messageLimits = {
    maxDepth: Math.min(MAX_DEPTH, limits.maxDepth),
    maxItems: MAX_ITEMS,
    isOver: limits.isOver,
  };
  const outer = readPayload(bytes, messageLimits);
  const { uuid, body, metrics } = outer.payload;
  const inflate = context.sparkplug?.inflate;
  if (uuid !== COMPRESSED || body === undefined || inflate === undefined) {
    return { ...outer, notes: [] };
  }
  const named = metrics.find(({ name }) => name === 'algorithm')?.value;
  const algorithm = named?.kind === 'string' && named.value.toUpperCase() === 'GZIP' ? 'GZIP' : 'DEFLATE';
  let inner: Uint8Array;
  try {
    inner = inflate(body, algorithm);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...outer, notes: [`Its compressed body cannot be unpacked (${algorithm}: ${why}).`] };
  }
  const read = readPayload(inner, messageLimits);
  const { seq, timestamp } = outer.payload;
  return {
    ...read,
    payload: {
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(seq === undefined ? {} : { seq }),
      ...read.payload,
    },
    notes: [`Compressed (${algorithm}): ${formatBytes(body.length)} for ${formatBytes(inner.length)}.`],
  };
}

function shown(
  bytes: Uint8Array,
  limits: DecodeLimits,
  context: PayloadContext = { topic: '' },
): { readonly json: string; readonly notes: readonly string[]; readonly isNone?: boolean } {
  const { payload, stopped, broken, unknown, notes: told } = openPayload(bytes, limits, context);
  if (broken !== undefined && payload.metrics.length === 0 && payload.timestamp === undefined) {
    const what = `This is not a payload of Sparkplug B: ${broken.message} (byte ${formatCount(broken.offset + 1)}).`;
    return { json: '{}', notes: [what], isNone: true };
  }
  const names = context.sparkplug?.aliases;
  const writer = new PayloadJson(names, Math.min(limits.maxTextLength, MAX_TEXT));
  const json = writer.write(payload);
  const notes = [...told];
  if (broken !== undefined) {
    notes.push(
      `From byte ${formatCount(broken.offset + 1)} on this is no Sparkplug B: ${broken.message}. Shown is what came before.`,
    );
  }
  if (stopped !== undefined) {
    notes.push(stoppedWords[stopped]);
  }
  if (writer.isCut) {
    notes.push('Too long to show whole: the rest is left out.');
  }
  if (writer.unnamed > 0) {
    const [count, are] = [formatQuantity(writer.unnamed, 'metric'), writer.unnamed === 1 ? 'is' : 'are'];
    const why =
      names === undefined
        ? 'The births that name them are not known.'
        : (names.missing ?? 'The birth does not name this alias.');
    notes.push(`${count} ${are} known by alias only. ${why}`);
  }
  if (writer.uneven > 0) {
    notes.push(`${formatQuantity(writer.uneven, 'array')} with bytes left over that fit no item.`);
  }
  if (unknown > 0) {
    notes.push(`${formatQuantity(unknown, 'field')} that Sparkplug B does not know, left out.`);
  }
  return { json, notes };
}

const stoppedWords = {
  items: `More than ${formatCount(MAX_ITEMS)} values: the rest is left out.`,
  depth: `Nested more than ${MAX_DEPTH} deep: the rest is left out.`,
  time: 'Reading it took too long: the rest is left out.',
};

/** `seq 3 · Temperature 21.5, alias 7 true`: aliases have no names here, as nothing but the payload is looked at. */
export function previewSparkplug(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  if (bytes.length === 0) {
    return cutLine(EMPTY_PREVIEW, maxLength);
  }
  const { payload, stopped } = readPayload(bytes.subarray(0, PREVIEW_BYTES), {
    maxDepth: 4,
    maxItems: 64,
    isOver: () => false,
  });
  const isWhole = size <= PREVIEW_BYTES && stopped === undefined && payload.metrics.length <= PREVIEW_METRICS;
  const metrics = payload.metrics.slice(0, PREVIEW_METRICS).map(metricWords);
  const line = [...(payload.seq === undefined ? [] : [`seq ${payload.seq}`]), ...metrics.slice(0, 1)].join(
    ' · ',
  );
  const whole = [line, ...metrics.slice(1)].join(', ') || 'no metrics';
  const cut = whole.slice(0, maxLength + 1);
  return cutLine(visibleText(cut), maxLength, !isWhole || cut.length < whole.length);
}

function metricWords({ name, alias, datatype, isNull, value }: Metric): string {
  const called = (name ?? aliasKey(alias)).slice(0, 200);
  if (isNull === true) {
    return `${called} null`;
  }
  const scalar = value === undefined ? undefined : scalarOf(value, datatype);
  const text = scalar === undefined ? `(${value?.kind ?? 'no value'})` : String(scalar);
  return `${called} ${text.slice(0, 200)}`;
}
