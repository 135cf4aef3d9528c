import { base64Pattern, Definitions, type JsonSchema } from '../schema/json-schema.ts';
import type { EnumType, Field, MessageType } from './link.ts';
import { wrapperField } from './well-known.ts';

const time = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const timestamp: JsonSchema = {
  type: ['string', 'object'],
  pattern: `^[1-9]\\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])T${time}:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-]${time})$`,
  patternErrorMessage: 'This has to be a time like "2026-11-23T15:00:00Z".',
  examples: ['2026-01-02T03:04:05.678Z'],
};
const duration: JsonSchema = {
  type: ['string', 'object'],
  pattern: '^-?\\d{1,11}(?:\\.\\d{1,9})?s$',
  patternErrorMessage: 'This has to be a duration like "1.5s".',
  examples: ['1.5s'],
};
const seconds = {
  properties: { seconds: whole('int64'), nanos: whole('int32') },
  additionalProperties: false,
};

/** What a message looks like in JSON: whatever fits can be written as one of its type. */
export function messageShape(type: MessageType): JsonSchema {
  const shapes = new ShapeMaker();
  return shapes.definitions.with(shapes.message(type));
}

class ShapeMaker {
  readonly definitions = new Definitions<MessageType | EnumType>();

  message(type: MessageType): JsonSchema {
    return this.#wellKnown(type) ?? this.definitions.ref(type, () => this.#object(type));
  }

  #object({ name, fields }: MessageType): JsonSchema {
    const properties = new Map<string, JsonSchema>();
    const rules: JsonSchema[] = [];
    const seen = new Set<string>();
    for (const field of fields) {
      const isLater = field.oneof !== undefined && seen.has(field.oneof);
      seen.add(field.oneof ?? '');
      const shape = this.#field(field);
      properties.set(field.name, isLater ? { ...shape, isAlternative: true } : shape);
      if (field.jsonName !== field.name) {
        properties.set(field.jsonName, { ...shape, doNotSuggest: true });
        rules.push({
          not: { required: [field.name, field.jsonName] },
          errorMessage: `“${field.name}” is there twice, under two names.`,
        });
      }
      if (field.isRequired) {
        rules.push({
          anyOf: namesOf(field).map((one) => ({ required: [one] })),
          errorMessage: `“${field.name}” is required.`,
        });
      }
    }
    for (const oneof of new Set(fields.flatMap((field) => field.oneof ?? []))) {
      rules.push(
        ...atMostOne(
          oneof,
          fields.filter((field) => field.oneof === oneof),
        ),
      );
    }
    return {
      type: 'object',
      description: name,
      properties: Object.fromEntries(properties),
      required: fields.flatMap((field) =>
        field.isRequired && namesOf(field).length === 1 ? [field.name] : [],
      ),
      additionalProperties: false,
      ...(rules.length === 0 ? {} : { allOf: rules }),
    };
  }

  #field(field: Field): JsonSchema {
    const { map, isRepeated } = field;
    const shape: JsonSchema =
      map !== undefined
        ? {
            type: 'object',
            propertyNames: keyShape(map.key),
            additionalProperties: this.#value(map.value),
          }
        : isRepeated
          ? { type: 'array', items: this.#value(field) }
          : this.#value(field);
    return { ...shape, description: typeWords(field) };
  }

  #value({ type }: Field): JsonSchema {
    if (typeof type !== 'object') {
      return scalarShape(type);
    }
    return type.kind === 'message' ? this.message(type) : enumShape(type);
  }

  /** Messages that JSON has a form of its own for. */
  #wellKnown(type: MessageType): JsonSchema | undefined {
    switch (type.name) {
      case 'google.protobuf.Timestamp':
        return { ...timestamp, ...seconds };
      case 'google.protobuf.Duration':
        return { ...duration, ...seconds };
      case 'google.protobuf.Struct':
        return { type: 'object', examples: [{}] };
      case 'google.protobuf.ListValue':
        return { type: 'array', examples: [[]] };
      case 'google.protobuf.Value':
        return { description: 'any value', examples: ['any value'] };
      case 'google.protobuf.Any':
        return {
          type: 'object',
          properties: {
            '@type': {
              type: 'string',
              description: 'The type of the message: type.googleapis.com/plant.Reading',
            },
          },
          examples: [{}],
        };
      default: {
        const field = wrapperField(type);
        return field === undefined ? undefined : this.#value(field);
      }
    }
  }
}

function namesOf({ name, jsonName }: Field): readonly string[] {
  return name === jsonName ? [name] : [name, jsonName];
}

/** Of the fields of a `oneof` one may be there. */
function atMostOne(name: string, fields: readonly Field[]): readonly JsonSchema[] {
  const names = fields.map((field) => field.name).join(', ');
  return fields.slice(1).map((field, index) => ({
    not: {
      allOf: [
        { anyOf: namesOf(field).map((one) => ({ required: [one] })) },
        {
          anyOf: fields
            .slice(0, index + 1)
            .flatMap((other) => namesOf(other).map((one) => ({ required: [one] }))),
        },
      ],
    },
    errorMessage: `Of “${name}” one may be there: ${names}.`,
  }));
}

function scalarShape(type: Exclude<Field['type'], object>): JsonSchema {
  switch (type) {
    case 'double':
    case 'float':
      return { type: ['number', 'string'], pattern: '^(?:NaN|-?Infinity)$' };
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return { type: 'string' };
    case 'bytes':
      return {
        type: 'string',
        pattern: base64Pattern,
        patternErrorMessage: 'This has to be bytes in Base64.',
      };
    default:
      return whole(type);
  }
}

/** Whole numbers; those of 64 bits also as texts, as the language’s own JSON has them. */
function whole(type: string): JsonSchema {
  const bits = type.endsWith('64') ? 64 : 32;
  const isSigned = !/^(?:uint|fixed)/.test(type);
  const [minimum, maximum] = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return bits === 32
    ? { type: 'integer', minimum, maximum }
    : {
        type: ['integer', 'string'],
        minimum,
        maximum,
        pattern: isSigned ? '^-?\\d{1,18}$' : '^\\d{1,19}$',
        patternErrorMessage: `This has to be a whole number (${type}).`,
      };
}

function enumShape({ numbers, name }: EnumType): JsonSchema {
  return {
    anyOf: [
      { enum: [...numbers.keys()], description: name },
      { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1, doNotSuggest: true },
    ],
  };
}

function keyShape({ type }: Field): JsonSchema {
  switch (type) {
    case 'string':
      return {};
    case 'bool':
      return { enum: ['true', 'false'] };
    default:
      return String(type).startsWith('u') || type === 'fixed32' || type === 'fixed64'
        ? { pattern: '^\\d{1,9}$' }
        : { pattern: '^-?\\d{1,9}$' };
  }
}

/** As in the schema: `repeated plant.Point`. */
function typeWords({ type, map, isRepeated, oneof }: Field): string {
  const name = (of: Field['type']) => (typeof of === 'object' ? of.name : of);
  const words =
    map === undefined
      ? `${isRepeated ? 'repeated ' : ''}${name(type)}`
      : `map<${name(map.key.type)}, ${name(map.value.type)}>`;
  return oneof === undefined ? words : `${words}, of “${oneof}”`;
}
