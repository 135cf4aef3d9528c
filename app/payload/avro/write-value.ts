import { keyPath } from '../json-fields.ts';
import type { AvroField, AvroType, FixedType, RecordType, UnionType } from './avro-type.ts';
import { ByteSink } from './byte-sink.ts';
import { kindOf, NumberText, parseWrittenNumbers } from './json-value.ts';
import { bareBranch, branchNamed } from './union.ts';
import {
  base64Of,
  decimalBytes,
  durationBytes,
  hexBytes,
  INTEGER,
  integerOf,
  type Json,
  objectOf,
  realOf,
  textOf,
  wrong,
} from './write-leaf.ts';

const MAX_DEPTH = 500;
/** Values that are written: defaults may hold others over and over. */
const MAX_VALUES = 5_000_000;
const encoder = new TextEncoder();

type Leaf = Exclude<AvroType, { readonly kind: 'union' | 'record' | 'array' | 'map' }>;

/**
 * Writes JSON as a value of a type: what `ValueReader` makes of it, and numbers for times. Fields that are left out take
 * the default of the schema. Throws `payload.avro` with the path of what does not fit.
 */
export function writeValue(type: AvroType, json: string): Uint8Array<ArrayBuffer> {
  const writer = new ValueWriter();
  writer.write(type, parseWrittenNumbers(json), '', 0);
  return writer.sink.toBytes();
}

class ValueWriter {
  readonly sink = new ByteSink();
  /** Defaults are in the JSON of the schema, where bytes are characters and a union is of what fits first. */
  #isDefault = false;
  #values = 0;

  write(type: AvroType, value: unknown, path: string, depth: number): void {
    this.#values += 1;
    if (depth > MAX_DEPTH || this.#values > MAX_VALUES) {
      throw wrong(
        path,
        depth > MAX_DEPTH ? `is nested deeper than ${MAX_DEPTH}` : 'comes after too many values',
      );
    }
    switch (type.kind) {
      case 'union':
        this.#union(type, value, path, depth);
        break;
      case 'record':
        this.#record(type, value, path, depth);
        break;
      case 'array':
        if (!Array.isArray(value)) {
          throw wrong(path, 'must be a list');
        }
        this.#block(value.length, () => {
          for (const [index, item] of value.entries()) {
            this.write(type.items, item, `${path}[${index}]`, depth + 1);
          }
        });
        break;
      case 'map': {
        const entries = Object.entries(objectOf(value, path));
        this.#block(entries.length, () => {
          for (const [key, item] of entries) {
            this.sink.sized(encoder.encode(textOf(key, path)));
            this.write(type.values, item, keyPath(path, key), depth + 1);
          }
        });
        break;
      }
      default:
        this.#leaf(type, value, path);
    }
  }

  #block(count: number, writeItems: () => void): void {
    if (count > 0) {
      this.sink.long(BigInt(count));
      writeItems();
    }
    this.sink.long(0n);
  }

  #record({ fields, name: of }: RecordType, value: unknown, path: string, depth: number): void {
    const members = objectOf(value, path);
    const known = new Set<string>();
    for (const field of fields) {
      const name = [field.name, ...field.aliases].find((key) => Object.hasOwn(members, key));
      const place = keyPath(path, field.name);
      if (name === undefined) {
        this.#default(field, place, depth);
      } else {
        known.add(name);
        this.write(field.type, members[name], place, depth + 1);
      }
    }
    const strange = Object.keys(members).find((key) => !known.has(key));
    if (strange !== undefined) {
      throw wrong(keyPath(path, strange), `is not in ${of}`);
    }
  }

  #default({ type, defaultText }: AvroField, path: string, depth: number): void {
    if (defaultText === undefined) {
      throw wrong(path, 'is missing, and has no default');
    }
    const before = this.#isDefault;
    this.#isDefault = true;
    this.write(type, parseWrittenNumbers(defaultText), path, depth + 1);
    this.#isDefault = before;
  }

  #union(union: UnionType, value: unknown, path: string, depth: number): void {
    const found = this.#isDefault ? firstFitting(union, value) : (named(union, value) ?? bare(union, value));
    const branch = found && union.branches[found.index];
    if (found === undefined || branch === undefined) {
      const labels = union.labels.map((label) => `“${label}”`).join(', ');
      throw wrong(
        path,
        `must be one of ${labels}; where that is not clear, name it: {"${union.labels.at(-1)}": …}`,
      );
    }
    this.sink.long(BigInt(found.index));
    this.write(branch, found.value, path, depth + 1);
  }

  #leaf(type: Leaf, value: unknown, path: string): void {
    switch (type.kind) {
      case 'null':
        if (value !== null) {
          throw wrong(path, 'must be null');
        }
        break;
      case 'boolean':
        if (typeof value !== 'boolean') {
          throw wrong(path, 'must be true or false');
        }
        this.sink.push([Number(value)]);
        break;
      case 'int':
      case 'long':
        this.sink.long(integerOf(type, value, path));
        break;
      case 'float':
        this.sink.real(realOf(value, path), 4);
        break;
      case 'double':
        this.sink.real(realOf(value, path), 8);
        break;
      case 'string':
        this.sink.sized(encoder.encode(textOf(value, path)));
        break;
      case 'bytes':
        this.sink.sized(
          type.decimal === undefined || this.#isDefault
            ? this.#bytes(value, path)
            : decimalBytes(value, type.decimal, undefined, path),
        );
        break;
      case 'fixed':
        this.sink.push(this.#fixed(type, value, path));
        break;
      case 'enum': {
        const index = typeof value === 'string' ? type.symbols.indexOf(value) : -1;
        if (index < 0) {
          throw wrong(
            path,
            `must be one of ${type.symbols
              .slice(0, 20)
              .map((symbol) => `“${symbol}”`)
              .join(', ')}`,
          );
        }
        this.sink.long(BigInt(index));
      }
    }
  }

  #bytes(value: unknown, path: string): Uint8Array {
    const text = textOf(value, path);
    if (!this.#isDefault) {
      return base64Of(text, path);
    }
    if (/[^\0-\xff]/.test(text)) {
      throw wrong(path, 'has a default that is no bytes');
    }
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  #fixed({ size, logical }: FixedType, value: unknown, path: string): Uint8Array {
    if (!this.#isDefault && logical?.kind === 'decimal') {
      return decimalBytes(value, logical.decimal, size, path);
    }
    if (!this.#isDefault && logical?.kind === 'duration') {
      return durationBytes(value, path);
    }
    const bytes = this.#isDefault
      ? this.#bytes(value, path)
      : hexBytes(value, logical?.kind === 'uuid', path);
    if (bytes.length !== size) {
      throw wrong(path, `must have ${size} bytes, not ${bytes.length}`);
    }
    return bytes;
  }
}

interface Chosen {
  readonly index: number;
  readonly value: unknown;
}

/** `{"int": 5}`: the value with its branch. An object that is all there is beside null need not be named. */
function named(union: UnionType, value: unknown): Chosen | undefined {
  const keys = kindOf(value) === 'object' ? Object.keys(value as Json) : [];
  const [key = ''] = keys;
  const index = keys.length === 1 ? branchNamed(union, key) : undefined;
  if (index === undefined) {
    return undefined;
  }
  const plain = bareBranch(union, 'object');
  const branch = plain === undefined ? undefined : union.branches[plain];
  const isMember =
    branch?.kind === 'map' || (branch?.kind === 'record' && branch.fields.some(({ name }) => name === key));
  return isMember ? undefined : { index, value: (value as Json)[key] };
}

function bare(union: UnionType, value: unknown): Chosen | undefined {
  const index = bareBranch(union, kindOf(value));
  return index === undefined ? undefined : { index, value };
}

/** The first branch that a default looks like. */
function firstFitting({ branches }: UnionType, value: unknown): Chosen | undefined {
  const kind = kindOf(value);
  const index = branches.findIndex((branch) => {
    switch (branch.kind) {
      case 'null':
      case 'boolean':
      case 'array':
        return kind === branch.kind;
      case 'int':
      case 'long':
        return value instanceof NumberText && INTEGER.test(value.text);
      case 'float':
      case 'double':
        return kind === 'number';
      case 'map':
      case 'record':
        return kind === 'object';
      case 'enum':
        return typeof value === 'string' && branch.symbols.includes(value);
      default:
        return kind === 'string';
    }
  });
  return index < 0 ? undefined : { index, value };
}
