import { base64Pattern, Definitions, type JsonSchema } from '../schema/json-schema.ts';
import type { AvroType, Decimal, EnumType, FixedType, RecordType, TimeForm, UnionType } from './avro-type.ts';
import { bareBranch, type JsonKind } from './union.ts';

/** A form in which a value is written, by the kind of JSON value that it is. */
interface Variant {
  readonly kind: JsonKind;
  readonly shape: JsonSchema;
}

const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
/** Years that count their nanoseconds in 64 bits, of those that do. */
const year = (digits: number) => (digits === 9 ? '(?:1[7-9]|2[01])\\d\\d' : '\\d{4}');
const dayOfYear = '-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])';
const zone = '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';

/** What a value of a type looks like in JSON: whatever fits can be written. */
export function typeShape(type: AvroType): JsonSchema {
  const shapes = new ShapeMaker();
  return shapes.definitions.with(shapes.of(type));
}

class ShapeMaker {
  readonly definitions = new Definitions<RecordType>();

  of(type: AvroType): JsonSchema {
    return anyOf(this.#variants(type).map(({ shape }) => shape));
  }

  #variants(type: AvroType): readonly Variant[] {
    switch (type.kind) {
      case 'null':
      case 'boolean':
      case 'string':
        return [{ kind: type.kind, shape: { type: type.kind } }];
      case 'float':
      case 'double':
        return [
          { kind: 'number', shape: { type: 'number' } },
          { kind: 'string', shape: { enum: ['NaN', 'Infinity', '-Infinity'], doNotSuggest: true } },
        ];
      case 'int':
      case 'long':
        return wholeVariants(type.kind, type.time);
      case 'bytes':
        return type.decimal === undefined
          ? [{ kind: 'string', shape: base64 }]
          : decimalVariants(type.decimal);
      case 'fixed':
        return fixedVariants(type);
      case 'enum':
        return [{ kind: 'string', shape: enumShape(type) }];
      case 'array':
        return [{ kind: 'array', shape: { type: 'array', items: this.of(type.items) } }];
      case 'map':
        return [{ kind: 'object', shape: { type: 'object', additionalProperties: this.of(type.values) } }];
      case 'record':
        return [{ kind: 'object', shape: this.definitions.ref(type, () => this.#record(type)) }];
      case 'union':
        return this.#union(type);
    }
  }

  #record({ name, fields }: RecordType): JsonSchema {
    const properties = new Map<string, JsonSchema>();
    const rules: JsonSchema[] = [];
    for (const { name: field, aliases, type, defaultText } of fields) {
      const shape = this.of(type);
      properties.set(field, withWords(shape, type, defaultText));
      for (const alias of aliases.filter((one) => !fields.some((other) => other.name === one))) {
        properties.set(alias, { ...shape, doNotSuggest: true });
        rules.push({
          not: { required: [field, alias] },
          errorMessage: `“${field}” is there twice, under two names.`,
        });
      }
      if (defaultText === undefined && aliases.length > 0) {
        rules.push({
          anyOf: [field, ...aliases].map((one) => ({ required: [one] })),
          errorMessage: `“${field}” is missing, and has no default.`,
        });
      }
    }
    return {
      type: 'object',
      description: name,
      properties: Object.fromEntries(properties),
      required: fields.flatMap(({ name: field, aliases, defaultText }) =>
        defaultText === undefined && aliases.length === 0 ? [field] : [],
      ),
      additionalProperties: false,
      ...(rules.length === 0 ? {} : { allOf: rules }),
    };
  }

  /** Bare where that is clear, and by the name of the branch: `{"int": 5}`. */
  #union(union: UnionType): readonly Variant[] {
    return union.branches.flatMap((branch, index) => {
      const variants = this.#variants(branch);
      const bare = variants.filter(({ kind }) => bareBranch(union, kind) === index);
      const label = union.labels[index] ?? '';
      if (branch.kind === 'null' || bare.some(({ kind }) => kind === 'object')) {
        return bare;
      }
      const named: JsonSchema = {
        type: 'object',
        properties: { [label]: anyOf(variants.map(({ shape }) => shape)) },
        required: [label],
        additionalProperties: false,
        description: `${label}, by its name`,
      };
      const isEnough = bare.length === variants.length;
      return [
        ...bare,
        {
          kind: 'object',
          shape: isEnough ? { ...named, properties: hidden(named.properties) } : named,
        },
      ];
    });
  }
}

function hidden(properties: JsonSchema['properties'] = {}): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, shape]) => [name, { ...shape, doNotSuggest: true }]),
  );
}

function anyOf(shapes: readonly JsonSchema[]): JsonSchema {
  const [first, ...others] = shapes;
  return first !== undefined && others.length === 0 ? first : { anyOf: shapes };
}

const base64: JsonSchema = {
  type: 'string',
  pattern: base64Pattern,
  patternErrorMessage: 'This has to be bytes in Base64.',
};

function wholeVariants(kind: 'int' | 'long', time: TimeForm | undefined): readonly Variant[] {
  const [minimum, maximum] = kind === 'int' ? [-(2 ** 31), 2 ** 31 - 1] : [-(2 ** 63), 2 ** 63];
  const number: Variant = { kind: 'number', shape: { type: 'integer', minimum, maximum } };
  return time === undefined ? [number] : [{ kind: 'string', shape: timeShape(time) }, number];
}

function timeShape(form: TimeForm): JsonSchema {
  const digits = form.endsWith('nanos') ? 9 : form.endsWith('micros') ? 6 : 3;
  const moment = `2026-01-02T03:04:05.${'678901234'.slice(0, digits)}`;
  const isLocal = form.startsWith('local-');
  const [pattern, example] =
    form === 'date'
      ? [`${year(0)}${dayOfYear}`, '2026-01-02']
      : form.startsWith('time-')
        ? [`${clock}(?:\\.\\d{1,${digits}})?`, moment.slice(11)]
        : [
            `${year(digits)}${dayOfYear}T${clock}(?:\\.\\d{1,${digits}})?${isLocal ? '' : zone}`,
            `${moment}${isLocal ? '' : 'Z'}`,
          ];
  return {
    type: 'string',
    pattern: `^${pattern}$`,
    patternErrorMessage: `This has to be a ${form} such as "${example}".`,
    examples: [example],
    description: form,
  };
}

/** As a number, or a text for more digits than an editor judges. */
function decimalVariants({ precision, scale }: Decimal): readonly Variant[] {
  const most = Math.min(10 ** (precision - scale) - 10 ** -scale, Number.MAX_SAFE_INTEGER);
  const whole = precision === scale ? '0' : `\\d{1,${precision - scale}}`;
  const description = `decimal of ${precision} digits, ${scale} behind the point`;
  return [
    { kind: 'number', shape: { type: 'number', minimum: -most, maximum: most, description } },
    {
      kind: 'string',
      shape: {
        type: 'string',
        pattern: `^-?${whole}${scale === 0 ? '' : `(?:\\.\\d{1,${scale}})?`}$`,
        patternErrorMessage: `This has to be a ${description}.`,
        doNotSuggest: true,
      },
    },
  ];
}

function fixedVariants({ size, logical, name }: FixedType): readonly Variant[] {
  switch (logical?.kind) {
    case 'decimal':
      return decimalVariants(logical.decimal);
    case 'duration': {
      const part: JsonSchema = { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };
      return [
        {
          kind: 'object',
          shape: {
            type: 'object',
            properties: { months: part, days: part, millis: part },
            required: ['months', 'days', 'millis'],
            description: name,
          },
        },
      ];
    }
    default: {
      const isUuid = logical?.kind === 'uuid';
      const pattern = isUuid
        ? '^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$'
        : `^(?:[0-9A-Fa-f]{2}){${size}}$`;
      return [
        {
          kind: 'string',
          shape: {
            type: 'string',
            pattern,
            patternErrorMessage: isUuid
              ? 'This has to be a UUID.'
              : `This has to be ${size} bytes in hex digits.`,
            description: name,
            examples: [isUuid ? '00000000-0000-0000-0000-000000000000' : '00'.repeat(size)],
          },
        },
      ];
    }
  }
}

function enumShape({ name, symbols }: EnumType): JsonSchema {
  return { enum: symbols, description: name };
}

function withWords(shape: JsonSchema, type: AvroType, defaultText: string | undefined): JsonSchema {
  const words = [
    'name' in type ? type.name : type.kind === 'union' ? `one of ${type.labels.join(', ')}` : type.kind,
    ...(shape.description === undefined || 'name' in type ? [] : [shape.description]),
    ...(defaultText === undefined ? [] : [`${defaultText.slice(0, 200)} if left out`]),
  ];
  return { ...shape, description: words.join(', ') };
}
