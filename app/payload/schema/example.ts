import type { JsonSchema } from './json-schema.ts';

/** Values of an example; what is not required is left out beyond. */
const MAX_VALUES = 400;
const MAX_DEPTH = 12;
/** Items of a list that has to have many. */
const MAX_ITEMS = 64;

/** A text in JSON that has all there is in a schema, once, to be filled in. */
export function exampleText(schema: JsonSchema): string {
  return JSON.stringify(new Example(schema).of(schema, []) ?? {}, undefined, 2);
}

class Example {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  #values = 0;

  constructor({ definitions = {} }: JsonSchema) {
    this.#definitions = definitions;
  }

  /** `undefined` where it would have no end. */
  of(schema: JsonSchema, inside: readonly string[]): unknown {
    this.#values += 1;
    const { $ref, examples, enum: choices, anyOf, type } = schema;
    if ($ref !== undefined) {
      const name = $ref.slice($ref.lastIndexOf('/') + 1);
      const target = this.#definitions[name];
      return target === undefined || inside.includes(name) || inside.length > MAX_DEPTH
        ? undefined
        : this.of(target, [...inside, name]);
    }
    if (examples !== undefined || choices !== undefined) {
      return (examples ?? choices)?.[0];
    }
    if (anyOf !== undefined) {
      return this.#oneOf(anyOf, inside);
    }
    switch (Array.isArray(type) ? type[0] : type) {
      case 'object':
        return this.#object(schema, inside);
      case 'array': {
        const item = schema.items && this.of(schema.items, inside);
        const count = Math.min(MAX_ITEMS, schema.minItems ?? 1);
        return item === undefined ? [] : Array.from({ length: count }, () => item);
      }
      case 'string':
        return '';
      case 'integer':
      case 'number':
        return 0;
      case 'boolean':
        return false;
      default:
        return null;
    }
  }

  #object({ properties = {}, required = [] }: JsonSchema, inside: readonly string[]): unknown {
    const members: [string, unknown][] = [];
    for (const [name, property] of Object.entries(properties)) {
      const isNeeded = required.includes(name);
      const isLeftOut =
        property.doNotSuggest === true || property.isAlternative === true || this.#values > MAX_VALUES;
      const value = isLeftOut && !isNeeded ? undefined : this.of(property, inside);
      if (value !== undefined) {
        members.push([name, value]);
      } else if (isNeeded) {
        return undefined;
      }
    }
    return Object.fromEntries(members);
  }

  /** The first that says something. */
  #oneOf(choices: readonly JsonSchema[], inside: readonly string[]): unknown {
    const told = choices.filter(({ type }) => type !== 'null');
    for (const choice of told) {
      const value = this.of(choice, inside);
      if (value !== undefined) {
        return value;
      }
    }
    return told.length < choices.length ? null : undefined;
  }
}
