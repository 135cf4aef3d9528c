import type { Node } from 'jsonc-parser';
import { dataTypeNames } from './data-types.ts';
import type { JsonSource } from './json-source.ts';
import type { Property, RawValue, Template } from './message-types.ts';
import { isScalarType, scalarValue, textValue, truthValue, untypedValue } from './typed-value.ts';

/** Sets inside each other: as deep as they are read. */
const MAX_DEPTH = 10;
const valueMembers = ['name', 'value', 'type', 'datatype', 'isNull'] as const;

/** Reads what metrics and templates have in common: members by their names, data types and properties. */
export class PropertyText {
  readonly #source: JsonSource;

  constructor(source: JsonSource) {
    this.#source = source;
  }

  /** The members of an object, each once; `is_null` is `isNull`. Throws where one is there that is not known. */
  named<N extends string>(node: Node, names: readonly N[], what: string): { readonly [name in N]?: Node } {
    if (node.type !== 'object') {
      throw this.#source.wrong(node, `${what} has to be an object in braces`);
    }
    const found: { [name in N]?: Node } = {};
    for (const { name: written, key, value } of this.#source.members(node)) {
      const plain = plainName(written);
      const name = names.find((known) => plainName(known) === plain);
      if (name === undefined) {
        throw this.#source.wrong(
          key,
          `${what} has no “${written.slice(0, 80)}”; it may have ${names.join(', ')}`,
        );
      }
      if (found[name] !== undefined) {
        throw this.#source.wrong(key, `${what} has “${name}” twice`);
      }
      found[name] = value;
    }
    return found;
  }

  /** The number of a data type that is given by its name or its number. */
  typeOf(node: Node | undefined, what: string): number | undefined {
    if (node === undefined) {
      return undefined;
    }
    const { value } = node;
    const isName = typeof value === 'string';
    const known = isName
      ? dataTypeNames.findIndex((name) => name.toLowerCase() === value.toLowerCase())
      : Number(value);
    const number = known < 0 && isName ? Number(/^type (\d{1,10})$/.exec(value)?.[1]) : known;
    if ((node.type !== 'string' && node.type !== 'number') || !isUint32(number)) {
      throw this.#source.wrong(
        node,
        `${what}: there is no data type ${this.#source.written(node).slice(0, 80)}; there are ${dataTypeNames.slice(1, 20).join(', ')} and arrays such as Int32Array`,
      );
    }
    return number;
  }

  /** Properties by their names. */
  set(node: Node, what: string, depth = 0): readonly Property[] {
    if (node.type !== 'object') {
      throw this.#source.wrong(node, `${what} has to be an object with properties by their names`);
    }
    if (depth > MAX_DEPTH) {
      throw this.#source.wrong(node, `Properties are nested deeper than ${MAX_DEPTH}`);
    }
    return this.#source.members(node).map(({ name, key, value }) => ({
      name: textValue(this.#source, key, `${what}: a name`),
      ...this.#property(value, `${what}: “${name.slice(0, 80)}”`, depth),
    }));
  }

  /** Parameters of a template, by their names or in a list. */
  parameters(node: Node, what: string): Template['parameters'] {
    const one = (part: Node, place: string, name?: string) => {
      const { type, value } = this.#property(part, place, 0);
      if (value?.kind === 'properties' || value?.kind === 'propertiesList') {
        throw this.#source.wrong(part, `${place} has to have a single value`);
      }
      return {
        ...(name !== undefined && { name }),
        ...(type !== undefined && { type }),
        ...(value !== undefined && { value }),
      };
    };
    if (node.type === 'array') {
      return (node.children ?? []).map((part, index) => {
        const place = `${what}: item ${index + 1}`;
        const { name } = this.named(part, valueMembers, place);
        return one(part, place, name && textValue(this.#source, name, place));
      });
    }
    if (node.type !== 'object') {
      throw this.#source.wrong(node, `${what} has to be an object with parameters by their names, or a list`);
    }
    return this.#source
      .members(node)
      .map(({ name, key, value }) =>
        one(value, `${what}: “${name.slice(0, 80)}”`, textValue(this.#source, key, `${what}: a name`)),
      );
  }

  #property(node: Node, what: string, depth: number): Property {
    const given = this.named(node, valueMembers, what);
    const { value, isNull } = given;
    const type = this.typeOf(given.type ?? given.datatype, what);
    const isNone =
      value?.type === 'null' ||
      (isNull !== undefined && truthValue(this.#source, isNull, `${what}: “isNull”`));
    return {
      ...(type !== undefined && { type }),
      ...(isNone && { isNull: true }),
      ...(value && !isNone && { value: this.#value(value, type, `${what}: “value”`, depth) }),
    };
  }

  #value(node: Node, type: number | undefined, what: string, depth: number): RawValue {
    const name = type === undefined ? undefined : dataTypeNames[type];
    if (name === 'PropertySet' || (name === undefined && node.type === 'object')) {
      return { kind: 'properties', value: this.set(node, what, depth + 1) };
    }
    if (name === 'PropertySetList' || (name === undefined && node.type === 'array')) {
      if (node.type !== 'array') {
        throw this.#source.wrong(node, `${what} has to be a list of properties (PropertySetList)`);
      }
      return {
        kind: 'propertiesList',
        value: (node.children ?? []).map((item) => this.set(item, what, depth + 1)),
      };
    }
    if (name !== undefined && name !== 'Unknown' && !isScalarType(name)) {
      throw this.#source.wrong(
        node,
        `${what} can’t be a ${name}: a property has a single value, or properties`,
      );
    }
    return name === undefined || name === 'Unknown'
      ? untypedValue(this.#source, node, what)
      : scalarValue(this.#source, node, name, what);
  }
}

/** `isNull` and `is_null` are one name. */
function plainName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function isUint32(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff;
}
