import { type Failure, FailureError, fail } from '../../contract/failure.ts';
import type { PayloadSchema } from '../../profile/schemas.ts';
import type { Codec } from '../codec.ts';
import { markOf } from '../mark.ts';
import type { SchemaFormat, TypeCodec } from './schema-format.ts';
import { schemaFormat } from './schema-formats.ts';

/** What a rule says of a schema. */
export interface ChosenType {
  /** Id of the codec: the kind of the schema. */
  readonly id: string;
  /** Id of a schema. */
  readonly schema: string;
  /** Absent: the first of the schema. */
  readonly type?: string | undefined;
}

/** What is wrong with what a rule says of a schema, as a sentence with a way out; `undefined` where nothing is. */
export function chosenTypeProblem(
  chosen: ChosenType,
  schemas: readonly PayloadSchema[],
): FailureError | undefined {
  try {
    const { format, schema, type } = resolve(chosen, schemas);
    format.codecOf(schema, type);
    return undefined;
  } catch (error) {
    if (error instanceof FailureError) {
      return error;
    }
    throw error;
  }
}

/**
 * The codec of a message type. The schema is read with the first payload. Where it can't be used, the bytes are shown
 * with a note of why.
 */
export function schemaCodec(chosen: ChosenType, schemas: readonly PayloadSchema[]): Codec {
  const { id, schema: schemaId, type } = chosen;
  const label = schemaFormat(id)?.label ?? id;
  let made: { readonly codec: TypeCodec } | { readonly failure: Failure } | undefined;
  const open = () => {
    if (made === undefined) {
      try {
        const found = resolve(chosen, schemas);
        made = { codec: found.format.codecOf(found.schema, found.type) };
      } catch (error) {
        if (!(error instanceof FailureError)) {
          throw error;
        }
        made = { failure: error.failure };
      }
    }
    return made;
  };
  const need = (): TypeCodec => {
    const found = open();
    if ('failure' in found) {
      throw new FailureError(found.failure);
    }
    return found.codec;
  };
  const schema = schemas.find((other) => other.id === schemaId);
  return {
    id: `${id}:${markOf(JSON.stringify([type, schema === undefined ? schemaId : schemaMark(schema)]))}`,
    label: type === undefined ? label : `${label}: ${type.slice(type.lastIndexOf('.') + 1)}`,
    // Nobody can tell from the bytes: a rule chooses it.
    detect: () => 0,
    preview: (bytes, maxLength, size) => need().preview(bytes, maxLength, size),
    decode(bytes, limits, context) {
      const found = open();
      return 'failure' in found
        ? { shape: 'bytes', notes: [`${found.failure.message} ${found.failure.hint ?? ''}`.trim()] }
        : found.codec.decode(bytes, limits, context);
    },
    fields: (bytes, limits, options, context) => need().fields(bytes, limits, options, context),
    encode: (text) => need().encode(text),
    shape() {
      const found = open();
      return 'failure' in found ? undefined : found.codec.shape();
    },
  };
}

/** Schemas are never changed in place. */
const marks = new WeakMap<PayloadSchema, string>();

/** Another one as soon as a schema says something else; its name does not count. */
export function schemaMark(schema: PayloadSchema): string {
  let mark = marks.get(schema);
  if (mark === undefined) {
    mark = markOf(JSON.stringify([schema.kind, schema.files]));
    marks.set(schema, mark);
  }
  return mark;
}

function resolve(
  { id, schema: schemaId, type }: ChosenType,
  schemas: readonly PayloadSchema[],
): { readonly format: SchemaFormat; readonly schema: PayloadSchema; readonly type: string } {
  const format = schemaFormat(id);
  const schema = schemas.find((other) => other.id === schemaId && other.kind === id);
  if (format === undefined || schema === undefined) {
    throw fail(
      'schema.gone',
      'The schema that the rule names is not there.',
      'Choose another one in the tab “Rules”.',
    );
  }
  const types = type === undefined ? format.types(schema) : [type];
  const [first] = types;
  if (first === undefined) {
    throw fail(
      'schema.empty',
      `The schema “${schema.name}” describes no message.`,
      'Add the file that does, in the tab “Rules”.',
    );
  }
  return { format, schema, type: first };
}
