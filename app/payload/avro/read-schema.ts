import type { Node } from 'jsonc-parser';
import { formatCount } from '../../base/format.ts';
import { fail } from '../../contract/failure.ts';
import { type AvroField, type AvroType, type RecordType, simpleName } from './avro-type.ts';
import { fixedForm } from './logical-types.ts';
import {
  attributesOf,
  checkedName,
  emptyAttributes,
  fieldNodes,
  fullName,
  isSize,
  MAX_FIXED,
  NAME,
  nameProblem,
  primitives,
  primitiveType,
  spaceOf,
  symbolsOf,
  texts,
} from './schema-parts.ts';
import { SchemaText } from './schema-text.ts';
import { unionOf } from './union.ts';

/** A file with schemas in JSON (`.avsc`). */
export interface AvroFile {
  readonly path: string;
  readonly text: string;
}

/** The types of a schema's files. */
export interface AvroSchema {
  /** What each file is as a whole. */
  readonly roots: readonly AvroType[];
  /** Those that a message may be of, by their names: first what stands in the files by itself, then records inside. */
  readonly types: ReadonlyMap<string, AvroType>;
  /** Types by their earlier names. */
  readonly aliases: ReadonlyMap<string, AvroType>;
}

/** Types with names in one schema. */
const MAX_NAMED = 1000;

/**
 * Reads schemas of Avro 1.12. Those of several files may name each other in any order; a list holds several types, and is
 * offered as a union too. Throws `schema.syntax` with file, line and column.
 */
export function readAvroSchema(files: readonly AvroFile[]): AvroSchema {
  return new SchemaReader(files.map(({ path, text }) => new SchemaText(path, text))).read();
}

/** A named type where it is written. */
interface Definition {
  readonly text: SchemaText;
  readonly node: Node;
  readonly name: string;
}

class SchemaReader {
  readonly #texts: readonly SchemaText[];
  readonly #definitions = new Map<string, Definition>();
  readonly #named = new Map<string, AvroType>();
  /** Records whose fields are not read yet: one after the other, so that a long chain of them needs no deep stack. */
  readonly #open: (() => void)[] = [];

  constructor(texts: readonly SchemaText[]) {
    this.#texts = texts;
  }

  read(): AvroSchema {
    for (const text of this.#texts) {
      this.#collect(text, text.root, '');
    }
    const types = new Map<string, AvroType>();
    const add = (type: AvroType) => {
      const name = typeName(type);
      types.set(name, types.get(name) ?? type);
    };
    const roots: AvroType[] = [];
    for (const text of this.#texts) {
      const type = this.#type(text, text.root, '');
      roots.push(type);
      (type.kind === 'union' ? type.branches : [type]).forEach(add);
      this.#fill();
    }
    for (const name of this.#definitions.keys()) {
      const type = this.#reference(name);
      this.#fill();
      if (type?.kind === 'record') {
        add(type);
      }
    }
    roots.forEach(add);
    const aliases = new Map<string, AvroType>();
    for (const type of this.#named.values()) {
      for (const alias of 'aliases' in type ? type.aliases : []) {
        aliases.set(alias, type);
      }
    }
    return { roots, types, aliases };
  }

  #fill(): void {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      next();
    }
  }

  /** Finds the named types, so that a name may come before what it names. */
  #collect(text: SchemaText, node: Node, space: string): void {
    if (node.type === 'array') {
      for (const branch of node.children ?? []) {
        this.#collect(text, branch, space);
      }
      return;
    }
    const kind = text.member(node, 'type');
    if (kind?.type === 'object' || kind?.type === 'array') {
      this.#collect(text, kind, space);
      return;
    }
    switch (kind?.value) {
      case 'array':
      case 'map': {
        const inner = text.member(node, kind.value === 'array' ? 'items' : 'values');
        if (inner !== undefined) {
          this.#collect(text, inner, space);
        }
        return;
      }
      case 'record':
      case 'error':
      case 'enum':
      case 'fixed': {
        const name = this.#define(text, node, space, String(kind.value));
        for (const field of kind.value === 'enum' || kind.value === 'fixed' ? [] : fieldNodes(text, node)) {
          const type = text.member(field, 'type');
          if (type !== undefined) {
            this.#collect(text, type, spaceOf(name));
          }
        }
      }
    }
  }

  #define(text: SchemaText, node: Node, space: string, kind: string): string {
    const written = text.textMember(node, 'name');
    if (written === undefined) {
      throw text.wrong(node, `The ${kind} needs a “name”`);
    }
    const own = text.textMember(node, 'namespace');
    const name = checkedName(text, text.member(node, 'name') ?? node, fullName(written, own ?? space));
    const before = this.#definitions.get(name);
    if (before === undefined) {
      this.#definitions.set(name, { text, node, name });
    } else if (before.text.sourceOf(before.node) !== text.sourceOf(node)) {
      // The same in several files, each complete in itself, is common.
      throw text.wrong(node, `There is another type “${name}” already, in ${before.text.path}`);
    }
    if (this.#definitions.size > MAX_NAMED) {
      throw text.wrong(node, `A schema may have ${formatCount(MAX_NAMED)} types with names`);
    }
    return name;
  }

  #type(text: SchemaText, node: Node, space: string): AvroType {
    switch (node.type) {
      case 'string':
        return this.#byName(text, node, String(node.value), space);
      case 'array':
        return unionOf(
          text,
          node,
          (node.children ?? []).map((branch) => this.#type(text, branch, space)),
        );
      case 'object':
        return this.#complex(text, node, space);
      default:
        throw text.wrong(node, 'A type is a name, an object in braces, or a list of them');
    }
  }

  #byName(text: SchemaText, node: Node, name: string, space: string, of = emptyAttributes): AvroType {
    const primitive = primitives.find((known) => known === name);
    if (primitive !== undefined) {
      return primitiveType(primitive, of);
    }
    const full = fullName(name, space);
    const type = this.#reference(full);
    if (type === undefined) {
      throw text.wrong(
        node,
        ['record', 'error', 'enum', 'fixed', 'array', 'map'].includes(name)
          ? `“${name}” needs an object in braces that says more`
          : `There is no type “${full}” in the files of this schema`,
      );
    }
    return type;
  }

  #complex(text: SchemaText, node: Node, space: string): AvroType {
    const kind = text.member(node, 'type');
    if (kind === undefined) {
      throw text.wrong(node, 'The “type” is missing');
    }
    if (kind.type !== 'string') {
      return this.#type(text, kind, space);
    }
    switch (kind.value) {
      case 'array':
      case 'map': {
        const key = kind.value === 'array' ? 'items' : 'values';
        const inner = text.member(node, key);
        if (inner === undefined) {
          throw text.wrong(node, `The ${kind.value} needs “${key}”`);
        }
        const type = this.#type(text, inner, space);
        return kind.value === 'array' ? { kind: 'array', items: type } : { kind: 'map', values: type };
      }
      case 'record':
      case 'error':
      case 'enum':
      case 'fixed': {
        const name = fullName(
          text.textMember(node, 'name') ?? '',
          text.textMember(node, 'namespace') ?? space,
        );
        const type = this.#reference(name);
        if (type === undefined) {
          throw text.wrong(node, `There is no type “${name}” in the files of this schema`);
        }
        return type;
      }
      default:
        return this.#byName(text, kind, String(kind.value), space, attributesOf(text, node));
    }
  }

  #reference(name: string): AvroType | undefined {
    const known = this.#named.get(name);
    const definition = this.#definitions.get(name);
    if (known !== undefined || definition === undefined) {
      return known;
    }
    const type = this.#namedType(definition);
    this.#named.set(name, type);
    return type;
  }

  #namedType({ text, node, name }: Definition): AvroType {
    const space = spaceOf(name);
    const aliases = texts(text, node, 'aliases').map((alias) => fullName(alias, space));
    switch (text.member(node, 'type')?.value) {
      case 'enum':
        return { kind: 'enum', name, aliases, symbols: symbolsOf(text, node) };
      case 'fixed': {
        const size = text.member(node, 'size');
        if (!isSize(size?.value)) {
          throw text.wrong(
            size ?? node,
            `The fixed needs a “size” from 0 to ${formatCount(MAX_FIXED)} bytes`,
          );
        }
        const logical = fixedForm(size.value, attributesOf(text, node));
        return { kind: 'fixed', name, aliases, size: size.value, ...(logical && { logical }) };
      }
      default: {
        const record: RecordType = { kind: 'record', name, aliases, fields: [] };
        this.#open.push(() => this.#fields(text, node, record));
        return record;
      }
    }
  }

  #fields(text: SchemaText, node: Node, { name: of, fields }: RecordType): void {
    const names = new Set<string>();
    for (const field of fieldNodes(text, node)) {
      const name = text.textMember(field, 'name');
      const type = text.member(field, 'type');
      if (name === undefined || type === undefined) {
        throw text.wrong(field, `A field needs a ${name === undefined ? '“name”' : '“type”'}`);
      }
      if (!NAME.test(name)) {
        throw text.wrong(text.member(field, 'name') ?? field, nameProblem(name));
      }
      if (names.has(name)) {
        throw text.wrong(field, `There is a field “${name}” already`);
      }
      names.add(name);
      const start = text.member(field, 'default');
      const made: AvroField = {
        name,
        aliases: texts(text, field, 'aliases'),
        type: this.#fieldType(text, field, type, spaceOf(of)),
        ...(start === undefined ? {} : { defaultText: text.sourceOf(start) }),
      };
      fields.push(made);
    }
  }

  /** Many a schema puts the logical type of a primitive beside its name, in the field. */
  #fieldType(text: SchemaText, field: Node, type: Node, space: string): AvroType {
    return type.type === 'string'
      ? this.#byName(text, type, String(type.value), space, attributesOf(text, field))
      : this.#type(text, type, space);
  }
}

/** How a type is called, also one that has no name of its own: `array<Reading>`. */
function typeName(type: AvroType, isInner = false): string {
  switch (type.kind) {
    case 'record':
    case 'enum':
    case 'fixed':
      return isInner ? simpleName(type.name) : type.name;
    case 'array':
      return `array<${typeName(type.items, true)}>`;
    case 'map':
      return `map<${typeName(type.values, true)}>`;
    case 'union':
      return `union<${type.branches.map((branch) => typeName(branch, true)).join(', ')}>`.slice(0, 200);
    default:
      return type.kind;
  }
}

/** A type of a schema by its name, or by an earlier one. Throws `schema.type` where there is none. */
export function findType({ types, aliases }: AvroSchema, name: string): AvroType {
  const type = types.get(name) ?? aliases.get(name);
  if (type === undefined) {
    throw fail(
      'schema.type',
      `The schema has no type “${name.slice(0, 200)}”.`,
      'Choose another one in the tab “Rules”.',
    );
  }
  return type;
}
