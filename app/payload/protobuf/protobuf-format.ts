import { formatCount, formatQuantity } from '../../base/format.ts';
import type { PayloadSchema } from '../../profile/schemas.ts';
import type { DecodeLimits } from '../codec.ts';
import { jsonFields } from '../json-fields.ts';
import { formatJson } from '../json-format.ts';
import { cutLine, EMPTY_PREVIEW } from '../preview.ts';
import { PREVIEW_BYTES } from '../sample.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { SchemaFormat, TypeCodec } from '../schema/schema-format.ts';
import { visibleText } from '../visible-text.ts';
import { encodeProtobuf } from './encode.ts';
import { messageShape } from './json-shape.ts';
import type { Field, LinkedTypes, MessageType } from './link.ts';
import { wireOf } from './message-value.ts';
import { messageType, messageTypes, openProtobuf } from './open-schema.ts';
import { type MessageLimits, type ReadMessage, readMessage, type StrangeField } from './read-message.ts';
import { Wire } from './wire.ts';
import { JsonWriter } from './write-json.ts';

/** UTF-16 units of the JSON, before it is laid out. */
const MAX_TEXT = 4_000_000;
const MAX_ITEMS = 200_000;
const PREVIEW_ITEMS = 64;

const encoder = new TextEncoder();

/** Protobuf by a schema: `.proto` files or compiled descriptors. Shown and written as JSON. */
export const protobufFormat: SchemaFormat = {
  label: 'Protobuf',
  types: messageTypes,
  codecOf: (schema, type) => createCodec(schema, openProtobuf(schema), messageType(schema, type)),
};

function createCodec(schema: PayloadSchema, types: LinkedTypes, type: MessageType): TypeCodec {
  let shape: JsonSchema | undefined;
  const shown = (bytes: Uint8Array, limits: DecodeLimits) => show(types, type, bytes, limits);
  return {
    preview(bytes, maxLength, size = bytes.length) {
      if (bytes.length === 0) {
        return cutLine(EMPTY_PREVIEW, maxLength);
      }
      const limits = { maxDepth: 16, maxItems: PREVIEW_ITEMS, isOver: () => false };
      const read = readMessage(type, bytes.subarray(0, PREVIEW_BYTES), limits);
      const isCut = size > PREVIEW_BYTES || read.stopped !== undefined;
      if (read.broken !== undefined && (read.items === 0 || !isCut)) {
        throw read.broken;
      }
      const json = new JsonWriter(types, 8 * PREVIEW_BYTES, limits).write(read.message);
      const line = visibleText(json.slice(0, maxLength + 1));
      return cutLine(line, maxLength, isCut || json.length > maxLength);
    },
    decode(bytes, limits) {
      const { json, notes, isNone } = shown(bytes, limits);
      return isNone
        ? { shape: 'bytes', notes }
        : { shape: 'text', text: formatJson(json, limits).text, language: 'json', markers: [], notes };
    },
    fields(bytes, limits, options) {
      const { json, isNone } = shown(bytes, limits);
      if (isNone) {
        throw new TypeError('not of this kind');
      }
      return jsonFields(encoder.encode(json), limits, options);
    },
    encode: (text) => encodeProtobuf(schema, type.name, text),
    shape() {
      shape ??= messageShape(type);
      return shape;
    },
  };
}

function show(types: LinkedTypes, type: MessageType, bytes: Uint8Array, limits: DecodeLimits) {
  const messageLimits: MessageLimits = { ...limits, maxItems: MAX_ITEMS };
  const read = readMessage(type, bytes, messageLimits);
  const { broken, items, strangeCount } = read;
  if (broken !== undefined && items === strangeCount) {
    const what = `This is not a message of type ${type.name}: ${broken.message} (byte ${formatCount(broken.offset + 1)}).`;
    return { json: '{}', notes: [what], isNone: true };
  }
  const writer = new JsonWriter(types, Math.min(limits.maxTextLength, MAX_TEXT), messageLimits);
  const json = writer.write(read.message);
  const notes = notesOf(type, read, bytes.length);
  if (writer.isCut) {
    notes.push('Too long to show whole: the rest is left out.');
  }
  return { json, notes, isNone: false };
}

function notesOf(type: MessageType, read: ReadMessage, size: number): string[] {
  const notes: string[] = size === 0 ? ['The payload is empty: a message in which nothing is set.'] : [];
  const { broken, stopped, strange, strangeCount, invalidTexts, isTooDeep, items } = read;
  if (broken !== undefined) {
    notes.push(
      `From byte ${formatCount(broken.offset + 1)} on this is no ${type.name}: ${broken.message}. Shown is what came before.`,
    );
  }
  if (stopped !== undefined) {
    notes.push(
      stopped === 'items'
        ? `More than ${formatCount(MAX_ITEMS)} values: the rest is left out.`
        : 'Reading it took too long: the rest is left out.',
    );
  }
  if (isTooDeep) {
    notes.push('Nested deeper than is read: the innermost is left out.');
  }
  if (strangeCount > 0) {
    const more =
      strangeCount > strange.length ? `, and ${formatCount(strangeCount - strange.length)} more` : '';
    const all = strangeCount === items ? ' Perhaps it is of another type.' : '';
    notes.push(`Not in the schema, left out: ${strange.map(strangeWords).join(', ')}${more}.${all}`);
  }
  if (invalidTexts > 0) {
    notes.push(`Not UTF-8 in ${formatQuantity(invalidTexts, 'text')}: shown as �.`);
  }
  return notes;
}

const wireWords: Readonly<Record<number, string>> = {
  [Wire.varint]: 'a varint',
  [Wire.fixed64]: 'eight bytes',
  [Wire.bytes]: 'bytes with their length',
  [Wire.group]: 'a group',
  [Wire.fixed32]: 'four bytes',
};

function strangeWords({ path, wire, field }: StrangeField): string {
  const is = wireWords[wire] ?? 'unknown';
  return field === undefined
    ? `field ${path} (${is})`
    : `${path} (${is}, by the schema ${expectedWords(field)})`;
}

function expectedWords(field: Field): string {
  return wireWords[wireOf(field)] ?? 'something else';
}
