import type { AvroType } from './avro-type.ts';

/** Nesting and length of a canonical form; longer ones are not made, and have no fingerprint. */
const MAX_DEPTH = 1000;
const MAX_LENGTH = 4_000_000;

/**
 * The Parsing Canonical Form of a type (Avro 1.12, “Transforming into Parsing Canonical Form”); `undefined` where it is
 * too long or nested too deeply.
 */
export function canonicalForm(type: AvroType): string | undefined {
  return canonical(type, MAX_LENGTH).form;
}

/** With what was written of it, also where it came to an end before its own. */
function canonical(
  type: AvroType,
  maxLength: number,
): { readonly form: string | undefined; readonly length: number } {
  const parts: string[] = [];
  const known = new Set<string>();
  let length = 0;
  const add = (text: string): boolean => {
    parts.push(text);
    length += text.length;
    return length <= maxLength;
  };
  const list = <T>(items: readonly T[], write: (item: T) => boolean): boolean =>
    items.every((item, index) => (index === 0 || add(',')) && write(item));
  const write = (of: AvroType, depth: number): boolean => {
    if (depth > MAX_DEPTH) {
      return false;
    }
    switch (of.kind) {
      case 'array':
        return add('{"type":"array","items":') && write(of.items, depth + 1) && add('}');
      case 'map':
        return add('{"type":"map","values":') && write(of.values, depth + 1) && add('}');
      case 'union':
        return add('[') && list(of.branches, (branch) => write(branch, depth + 1)) && add(']');
      case 'record':
      case 'enum':
      case 'fixed':
        break;
      default:
        return add(`"${of.kind}"`);
    }
    if (known.has(of.name)) {
      return add(`"${of.name}"`);
    }
    known.add(of.name);
    const head = `{"name":"${of.name}","type":"${of.kind}"`;
    switch (of.kind) {
      case 'enum':
        return add(`${head},"symbols":[${of.symbols.map((symbol) => `"${symbol}"`).join(',')}]}`);
      case 'fixed':
        return add(`${head},"size":${of.size}}`);
      case 'record':
        return (
          add(`${head},"fields":[`) &&
          list(
            of.fields,
            (field) => add(`{"name":"${field.name}","type":`) && write(field.type, depth + 1) && add('}'),
          ) &&
          add(']}')
        );
    }
  };
  const isWhole = write(type, 0);
  return { form: isWhole ? parts.join('') : undefined, length };
}

/** The fingerprint of no bytes. */
const EMPTY_HIGH = 0xc15d213a;
const EMPTY_LOW = 0xa4d7a795;
/** By the low byte: high and low half in turn. */
const table = new Uint32Array(512);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const mask = -(low & 1);
    low = ((low >>> 1) | (high << 31)) ^ (EMPTY_LOW & mask);
    high = (high >>> 1) ^ (EMPTY_HIGH & mask);
  }
  table[byte * 2] = high;
  table[byte * 2 + 1] = low;
}

/** CRC-64-AVRO of a text in UTF-8, as 16 hex digits. */
export function fingerprint(text: string): string {
  let high = EMPTY_HIGH;
  let low = EMPTY_LOW;
  for (const byte of new TextEncoder().encode(text)) {
    const at = ((low ^ byte) & 0xff) * 2;
    low = ((low >>> 8) | (high << 24)) ^ (table[at + 1] ?? 0);
    high = (high >>> 8) ^ (table[at] ?? 0);
  }
  const hex = (half: number) => (half >>> 0).toString(16).padStart(8, '0');
  return hex(high) + hex(low);
}

/** A type by the name under which a schema offers it. */
export interface OfferedType {
  readonly name: string;
  readonly type: AvroType;
}

/** The types by the fingerprints of their canonical forms, as far as these are not too long together. */
export function byFingerprint(types: ReadonlyMap<string, AvroType>): ReadonlyMap<string, OfferedType> {
  const found = new Map<string, OfferedType>();
  let left = MAX_LENGTH;
  for (const [name, type] of types) {
    const { form, length } = canonical(type, left);
    left -= length;
    if (form !== undefined) {
      const mark = fingerprint(form);
      found.set(mark, found.get(mark) ?? { name, type });
    }
    if (left <= 0) {
      break;
    }
  }
  return found;
}
