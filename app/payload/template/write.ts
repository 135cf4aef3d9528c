import { formatCount } from '../../base/format.ts';
import { type FailureError, fail } from '../../contract/failure.ts';
import { floatBytes, intBytes, rangeOf } from './numbers.ts';
import type { BitPart, Extent, Field, IntType, ItemType, Template } from './template.ts';

/** A payload of MQTT has fewer bytes (its section 2.2.3). */
const MAX_BYTES = 268_435_455;

type Json = Readonly<Record<string, unknown>>;
type Counts = Map<string, number>;
const encoder = new TextEncoder();

/** Writes what {@link readTemplate} reads. Throws a `FailureError` that names the member that is wrong. */
export function writeTemplate(template: Template, value: unknown): Uint8Array<ArrayBuffer> {
  const writer = new TemplateWriter();
  writer.object(template.fields, value, '', []);
  return writer.bytes;
}

class TemplateWriter {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  object(fields: readonly Field[], value: unknown, path: string, outer: readonly Counts[]): void {
    const members = objectOf(value, path);
    const counts: Counts = new Map();
    const scopes = [...outer, counts];
    const known = new Set<string>();
    for (const field of fields) {
      switch (field.kind) {
        case 'pad':
          this.#push(new Uint8Array(field.size));
          break;
        case 'loose':
          for (const { name } of field.item.parts) {
            known.add(name);
          }
          this.#bits(field.item.type, field.item.parts, members, path, counts);
          break;
        case 'named': {
          const { name, item, count } = field;
          known.add(name);
          const place = placeOf(path, name);
          const member = memberOf(members, name, place);
          if (count === undefined) {
            this.#item(item, member, place, scopes);
          } else {
            this.#list(item, count, member, place, scopes);
          }
          if (item.kind === 'number' && item.type.kind === 'int' && count === undefined) {
            counts.set(name, Number(member));
          }
          break;
        }
      }
    }
    for (const name of Object.keys(members)) {
      if (!known.has(name)) {
        throw wrong(placeOf(path, name), 'is not in the template');
      }
    }
  }

  #list(item: ItemType, count: Extent, value: unknown, path: string, scopes: readonly Counts[]): void {
    if (!Array.isArray(value)) {
      throw wrong(path, 'must be a list');
    }
    checkSize(count, value.length, path, scopes);
    for (const [index, one] of value.entries()) {
      this.#item(item, one, `${path}[${index}]`, scopes);
    }
  }

  #item(item: ItemType, value: unknown, path: string, scopes: readonly Counts[]): void {
    switch (item.kind) {
      case 'number':
        if (item.type.kind === 'int') {
          this.#push(intBytes(intOf(value, rangeOf(item.type), path), item.type));
        } else {
          this.#push(floatBytes(floatOf(value, path), item.type));
        }
        break;
      case 'bool':
        this.#push(Uint8Array.of(typeof value === 'boolean' ? Number(value) : boolByte(value, path)));
        break;
      case 'bits':
        this.#bits(item.type, item.parts, objectOf(value, path), path, undefined);
        break;
      case 'group':
        this.object(item.fields, value, path, scopes);
        break;
      case 'bytes': {
        const bytes = hexBytes(value, path);
        checkSize(item.extent, bytes.length, path, scopes);
        this.#push(bytes);
        break;
      }
      case 'text':
        this.#push(textBytes(item.extent, value, path, scopes));
        break;
      case 'prefixed': {
        const bytes = encoder.encode(textOf(value, path));
        const [, most] = rangeOf(item.prefix);
        if (BigInt(bytes.length) > most) {
          throw wrong(
            path,
            `may have ${formatCount(Number(most))} bytes in UTF-8, not ${formatCount(bytes.length)}`,
          );
        }
        this.#push(intBytes(BigInt(bytes.length), item.prefix));
        this.#push(bytes);
        break;
      }
      case 'terminated': {
        const text = textOf(value, path);
        if (text.includes('\0')) {
          throw wrong(path, 'may not hold the character 0, which ends it');
        }
        this.#push(encoder.encode(`${text}\0`));
        break;
      }
    }
  }

  #bits(
    type: IntType,
    parts: readonly BitPart[],
    members: Json,
    path: string,
    counts: Counts | undefined,
  ): void {
    let value = 0n;
    for (const { name, width } of parts) {
      const place = placeOf(path, name);
      const range = [0n, (1n << BigInt(width)) - 1n] as const;
      const part = name === '_' ? 0n : intOf(memberOf(members, name, place), range, place);
      counts?.set(name, Number(part));
      value = (value << BigInt(width)) | part;
    }
    if (counts === undefined) {
      checkMembers(parts, members, path);
    }
    this.#push(intBytes(value, type));
  }

  #push(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > MAX_BYTES) {
      throw fail('payload.template', `A payload may have ${formatCount(MAX_BYTES)} bytes.`, 'Shorten it.');
    }
    this.#parts.push(bytes);
  }
}

function checkMembers(parts: readonly BitPart[], members: Json, path: string): void {
  const strange = Object.keys(members).find(
    (name) => name === '_' || !parts.some((part) => part.name === name),
  );
  if (strange !== undefined) {
    throw wrong(placeOf(path, strange), 'is not in the template');
  }
}

function checkSize(extent: Extent, size: number, path: string, scopes: readonly Counts[]): void {
  const wanted =
    extent.kind === 'fixed'
      ? extent.size
      : extent.kind === 'field'
        ? scopes.findLast((counts) => counts.has(extent.name))?.get(extent.name)
        : size;
  if (wanted !== size) {
    const because = extent.kind === 'field' ? `, as “${extent.name}” says` : '';
    throw wrong(path, `must have ${formatCount(wanted ?? 0)}${because}, not ${formatCount(size)}`);
  }
}

function textBytes(extent: Extent, value: unknown, path: string, scopes: readonly Counts[]): Uint8Array {
  const bytes = encoder.encode(textOf(value, path));
  if (extent.kind !== 'fixed') {
    checkSize(extent, bytes.length, path, scopes);
    return bytes;
  }
  if (bytes.length > extent.size) {
    throw wrong(
      path,
      `may have ${formatCount(extent.size)} bytes in UTF-8, not ${formatCount(bytes.length)}`,
    );
  }
  const filled = new Uint8Array(extent.size);
  filled.set(bytes);
  return filled;
}

function intOf(value: unknown, [least, most]: readonly [bigint, bigint], path: string): bigint {
  const number =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isInteger(value)
        ? BigInt(value)
        : undefined;
  if (number === undefined || number < least || number > most) {
    throw wrong(path, `must be a whole number from ${least} to ${most}`);
  }
  return number;
}

function boolByte(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255) {
    throw wrong(path, 'must be true or false');
  }
  return value;
}

const named: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function floatOf(value: unknown, path: string): number {
  const number =
    typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : named.get(value);
  if (number === undefined) {
    throw wrong(path, 'must be a number, or "NaN", "Infinity" or "-Infinity"');
  }
  return number;
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) {
    throw wrong(path, 'must be a text');
  }
  return value;
}

function hexBytes(value: unknown, path: string): Uint8Array {
  const digits = typeof value === 'string' ? value.replace(/\s/g, '') : '?';
  if (digits.length % 2 === 1 || /[^0-9a-f]/i.test(digits)) {
    throw wrong(path, 'must be a text of hex digits, two for each byte');
  }
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

function objectOf(value: unknown, path: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(path === '' ? 'the whole' : path, 'must be an object in braces');
  }
  return value as Json;
}

function memberOf(members: Json, name: string, path: string): unknown {
  if (!Object.hasOwn(members, name)) {
    throw wrong(path, 'is missing');
  }
  return members[name];
}

function placeOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function wrong(path: string, what: string): FailureError {
  return fail('payload.template', `“${path}” ${what}.`, 'Correct it, or change the template of the rule.');
}
