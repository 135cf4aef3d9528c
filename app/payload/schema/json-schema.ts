/** A JSON Schema (draft 7), as far as formats describe with it what they write. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly type?: JsonTypeName | readonly JsonTypeName[];
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  /** The first is what stands in an example of the whole. */
  readonly examples?: readonly unknown[];
  /** What an editor says where the value does not fit, instead of its own words; a word of Monaco’s. */
  readonly errorMessage?: string;
  /** The same, of a text that does not match `pattern`. */
  readonly patternErrorMessage?: string;
  /** Allowed, and never offered: another name, another way to write; a word of Monaco’s. */
  readonly doNotSuggest?: true;
  /** Offered, but not part of an example: it would not go with what stands there. */
  readonly isAlternative?: true;
}

export type JsonTypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** Text of bytes in Base64, with or without its `=`. */
export const base64Pattern = '^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$';

/** Names types once, so that they may hold each other and themselves. */
export class Definitions<T> {
  readonly #names = new Map<T, string>();
  readonly #made = new Map<string, JsonSchema>();

  /** A reference to a type, which is described with the first one. */
  ref(type: T, make: () => JsonSchema): JsonSchema {
    let name = this.#names.get(type);
    if (name === undefined) {
      name = `t${this.#names.size}`;
      this.#names.set(type, name);
      this.#made.set(name, make());
    }
    return { $ref: `#/definitions/${name}` };
  }

  /** A schema with all that it refers to. */
  with(schema: JsonSchema): JsonSchema {
    return this.#made.size === 0 ? schema : { ...schema, definitions: Object.fromEntries(this.#made) };
  }
}
