import type { DecodeLimits, FieldOptions } from './codec.ts';
import { type FieldAt, MAX_PATH_LENGTH } from './field-changes.ts';
import { decodeUtf8 } from './utf8.ts';

/** Fields of one payload at most: beyond it, it is a table rather than a record. */
const MAX_FIELDS = 5000;
/** A key that stands in a path as it is; any other is written as a JSON text in brackets. */
const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

/** A path that is longer by one key: `at`, `at.zone`, `at["a key"]`. A `$` alone is a whole document. */
export function keyPath(path: string, key: string): string {
  if (!PLAIN_KEY.test(key) || (path === '' && key === '$')) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === '' ? key : `${path}.${key}`;
}

/**
 * The values of a JSON document by their paths, in its order; a value alone has the path `$`. Throws where it is not
 * JSON. An integer that a double would alter is a bigint.
 */
export function jsonFields(bytes: Uint8Array, limits: DecodeLimits, options?: FieldOptions): FieldAt[] {
  return jsonFieldsAt('', bytes, limits, options);
}

/** As {@link jsonFields}, for a document that is itself at a path. */
export function jsonFieldsAt(
  path: string,
  bytes: Uint8Array,
  limits: DecodeLimits,
  options?: FieldOptions,
): FieldAt[] {
  const fields: FieldAt[] = [];
  const text = decodeUtf8(bytes);
  // Asking for the source of each number costs several times as much as parsing, and is hardly ever needed.
  const value: unknown =
    options?.keepsWriting === true
      ? (JSON.parse as ParseWithSource)(text, keepWriting)
      : parseJsonExactly(text);
  collect(value, path, 0, fields, limits);
  return fields;
}

/** A JSON text as a value; an integer that a double would alter is a bigint. Throws where it is not JSON. */
export function parseJsonExactly(text: string): unknown {
  return LONG_NUMBER.test(text) ? (JSON.parse as ParseWithSource)(text, keepInteger) : JSON.parse(text);
}

const LONG_NUMBER = /\d{16}/;
/** Digits of an integer that is kept exactly; a longer one is no measurement. */
const MAX_DIGITS = 100;

type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

function keepInteger(_key: string, value: unknown, { source = '' }: { readonly source?: string }): unknown {
  const isAltered = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isAltered && source.length <= MAX_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** A number that is written otherwise than it would be printed. */
class WrittenNumber {
  readonly value: number | bigint;
  readonly written: string;

  constructor(value: number | bigint, written: string) {
    this.value = value;
    this.written = written;
  }
}

function keepWriting(key: string, value: unknown, context: { readonly source?: string }): unknown {
  const kept = keepInteger(key, value, context);
  const { source } = context;
  return (typeof kept === 'number' || typeof kept === 'bigint') &&
    source !== undefined &&
    source !== String(kept) &&
    source.length <= MAX_DIGITS
    ? new WrittenNumber(kept, source)
    : kept;
}

function collect(value: unknown, path: string, depth: number, out: FieldAt[], limits: DecodeLimits): void {
  if (out.length >= MAX_FIELDS || depth > limits.maxDepth || path.length > MAX_PATH_LENGTH) {
    return;
  }
  if (value instanceof WrittenNumber) {
    out.push({ path: path === '' ? '$' : path, value: value.value, written: value.written });
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length && out.length < MAX_FIELDS; index++) {
      collect(value[index], `${path}[${index}]`, depth + 1, out, limits);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      collect((value as Record<string, unknown>)[key], keyPath(path, key), depth + 1, out, limits);
    }
  } else {
    out.push({ path: path === '' ? '$' : path, value: value as FieldAt['value'] });
  }
}
