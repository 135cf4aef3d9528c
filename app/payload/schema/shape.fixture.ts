import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { base64Text } from '../base64.ts';
import { base64Pattern, type JsonSchema } from './json-schema.ts';

/** Says whether a value fits a schema, by another implementation than the editor’s. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}

/** Integers beyond are not what is written of them: the text is what counts there. */
const { MAX_SAFE_INTEGER } = Number;

const known = new Map<string, fc.Arbitrary<string>>();

/** Texts of a pattern: making the arbitrary of one takes its time. */
function matching(pattern: string): fc.Arbitrary<string> {
  let made = known.get(pattern);
  if (made === undefined) {
    made =
      pattern === base64Pattern
        ? fc.uint8Array({ maxLength: 8 }).map(base64Text)
        : fc.stringMatching(new RegExp(pattern));
    known.set(pattern, made);
  }
  return made;
}

/** Values that fit a schema, and some that do not: rules between members are not looked at. */
export function valuesOf(root: JsonSchema): fc.Arbitrary<unknown> {
  const build = (schema: JsonSchema, depth: number): fc.Arbitrary<unknown> => {
    const { $ref, enum: choices, anyOf, type, pattern } = schema;
    if ($ref !== undefined) {
      const target = root.definitions?.[$ref.slice($ref.lastIndexOf('/') + 1)];
      return target === undefined ? fc.constant(null) : build(target, depth + 1);
    }
    if (choices !== undefined) {
      return fc.constantFrom(...choices);
    }
    if (anyOf !== undefined) {
      const shallow = anyOf.filter((one) => one.$ref === undefined);
      const among = depth > 3 && shallow.length > 0 ? shallow : anyOf;
      return fc.oneof(...among.map((one) => build(one, depth + 1)));
    }
    const types = type === undefined ? (['null', 'string'] as const) : [type].flat();
    return fc.oneof(
      ...types.map((one): fc.Arbitrary<unknown> => {
        switch (one) {
          case 'null':
            return fc.constant(null);
          case 'boolean':
            return fc.boolean();
          case 'integer':
            return fc.integer({
              min: Math.max(schema.minimum ?? -MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER),
              max: Math.min(schema.maximum ?? MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
            });
          case 'number':
            return schema.maximum === undefined
              ? fc.double({ noNaN: true, noDefaultInfinity: true })
              : fc.integer({ min: Math.ceil(schema.minimum ?? 0), max: Math.floor(schema.maximum) });
          case 'string':
            return pattern === undefined ? fc.string({ unit: 'grapheme' }) : matching(pattern);
          case 'array':
            return depth > 3 || schema.items === undefined
              ? fc.constant([])
              : fc.array(build(schema.items, depth + 1), { maxLength: 2 });
          default:
            return object(schema, depth);
        }
      }),
    );
  };
  const object = (
    { properties = {}, required = [], additionalProperties, propertyNames }: JsonSchema,
    depth: number,
  ): fc.Arbitrary<unknown> => {
    const names = Object.keys(properties).filter(
      (name) => depth < 3 || required.includes(name) || properties[name]?.enum !== undefined,
    );
    if (names.length === 0 && typeof additionalProperties === 'object' && depth < 3) {
      return fc
        .array(
          fc.tuple(
            build({ type: 'string', ...propertyNames }, depth),
            build(additionalProperties, depth + 1),
          ),
          {
            maxLength: 2,
          },
        )
        .map((entries) => Object.fromEntries(entries as [string, unknown][]));
    }
    const members = names.map((name) => {
      const value = build(properties[name] ?? {}, depth + 1);
      return (required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 2 })).map(
        (one) => [name, one] as const,
      );
    });
    return fc
      .tuple(...members)
      .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  };
  return build(root, 0);
}
