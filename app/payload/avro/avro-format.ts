import { fail } from '../../contract/failure.ts';
import type { PayloadSchema } from '../../profile/schemas.ts';
import { jsonCodec } from '../json.ts';
import { jsonFields } from '../json-fields.ts';
import { cutLine, EMPTY_PREVIEW } from '../preview.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { SchemaFormat, TypeCodec } from '../schema/schema-format.ts';
import { visibleText } from '../visible-text.ts';
import { previewMarked } from './avro-codec.ts';
import type { AvroType } from './avro-type.ts';
import { fittingText, shownAsJson, viewLimits } from './avro-views.ts';
import { isContainer } from './container.ts';
import { byFingerprint, type OfferedType } from './fingerprint.ts';
import { typeShape } from './json-shape.ts';
import { readPayload } from './read-payload.ts';
import { type AvroSchema, findType, readAvroSchema } from './read-schema.ts';
import { writeValue } from './write-value.ts';

/** Values that a preview looks at. */
const PREVIEW_VALUES = 64;

/** Avro: payloads are read by types of schemas in JSON. */
export const avroFormat: SchemaFormat = {
  label: 'Avro',
  types: (schema) => [...schemaOf(schema).types.keys()],
  codecOf: (schema, type) => typeCodec(findType(schemaOf(schema), type), () => markedTypes(schema)),
};

/** Schemas are never changed in place. */
const schemas = new WeakMap<PayloadSchema, AvroSchema>();
const marked = new WeakMap<PayloadSchema, ReadonlyMap<string, OfferedType>>();

function schemaOf(schema: PayloadSchema): AvroSchema {
  let read = schemas.get(schema);
  if (read === undefined) {
    read = readAvroSchema(
      schema.files.map((file) => {
        if (!('text' in file)) {
          throw fail(
            'schema.syntax',
            `${file.path} is no text.`,
            'Add schemas of Avro as files in JSON (.avsc) in the tab “Rules”.',
          );
        }
        return file;
      }),
    );
    schemas.set(schema, read);
  }
  return read;
}

/** The types of a schema by the fingerprints that payloads name them with. Throws where the schema can’t be read. */
export function markedTypes(schema: PayloadSchema): ReadonlyMap<string, OfferedType> {
  let types = marked.get(schema);
  if (types === undefined) {
    types = byFingerprint(schemaOf(schema).types);
    marked.set(schema, types);
  }
  return types;
}

function typeCodec(type: AvroType, markedOf: () => ReadonlyMap<string, OfferedType>): TypeCodec {
  let shape: JsonSchema | undefined;
  const bound = { type, marked: markedOf };
  return {
    preview(bytes, maxLength, size = bytes.length) {
      if (bytes.length === 0) {
        return cutLine(EMPTY_PREVIEW, maxLength);
      }
      if (isContainer(bytes)) {
        return previewMarked(bytes, maxLength, size) ?? '';
      }
      const limits = {
        maxTextLength: 8 * 4096,
        maxDepth: 50,
        maxValues: PREVIEW_VALUES,
        isOver: () => false,
      };
      const { text, stop } = readPayload(bound, bytes, limits, size);
      if (stop?.reason === 'malformed') {
        throw fail('payload.avro', stop.message);
      }
      const line = text.slice(0, maxLength + 1);
      return cutLine(
        visibleText(line),
        maxLength,
        line.length < text.length || stop !== undefined || size > bytes.length,
      );
    },
    decode(bytes, limits) {
      // A null, and a record of nothing, have no bytes.
      const read = readPayload(bound, bytes, viewLimits(limits));
      return bytes.length === 0 && read.stop !== undefined
        ? { shape: 'text', text: '', language: 'json', markers: [], notes: ['The payload is empty.'] }
        : shownAsJson(read, bytes.length, limits);
    },
    fields(bytes, limits, options) {
      const text = fittingText(readPayload(bound, bytes, viewLimits(limits)));
      return jsonFields(new TextEncoder().encode(text), limits, options);
    },
    encode(text) {
      // Says where it is no JSON.
      jsonCodec.encode?.(text);
      return writeValue(type, text);
    },
    shape() {
      shape ??= typeShape(type);
      return shape;
    },
  };
}
