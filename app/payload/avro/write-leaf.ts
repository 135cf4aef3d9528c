import { type FailureError, fail } from '../../contract/failure.ts';
import { encodeBase64 } from '../base64.ts';
import { keyPath } from '../json-fields.ts';
import type { AvroType, Decimal } from './avro-type.ts';
import { twosComplement, unscaled } from './decimals.ts';
import { kindOf, NumberText } from './json-value.ts';
import { timeValue } from './times.ts';

/** Digits of a whole number as it is written. */
export const INTEGER = /^-?\d{1,30}$/;

/** Members of an object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** A value of an `int` or a `long`, also as a time. */
export function integerOf(
  type: Extract<AvroType, { readonly kind: 'int' | 'long' }>,
  value: unknown,
  path: string,
): bigint {
  const [least, most] = type.kind === 'int' ? [-(2n ** 31n), 2n ** 31n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  if (type.time !== undefined && typeof value === 'string') {
    const at = timeValue(type.time, value);
    if (at === undefined || at < least || at > most) {
      throw wrong(path, `must be a ${type.time} such as “${examples[type.time]}”`);
    }
    return at;
  }
  const text = value instanceof NumberText ? value.text : '';
  // 21.0 and 1e3 are whole numbers too.
  const whole = INTEGER.test(text)
    ? text
    : Number.isSafeInteger(Number(text || 'x'))
      ? String(Number(text))
      : '';
  const number = whole === '' ? undefined : BigInt(whole);
  if (number === undefined || number < least || number > most) {
    throw wrong(path, `must be a whole number from ${least} to ${most}`);
  }
  return number;
}

const examples = {
  date: '2026-11-23',
  'time-millis': '12:01:02.345',
  'time-micros': '12:01:02.345678',
  'timestamp-millis': '2026-11-23T12:01:02.345Z',
  'timestamp-micros': '2026-11-23T12:01:02.345678Z',
  'timestamp-nanos': '2026-11-23T12:01:02.345678901Z',
  'local-timestamp-millis': '2026-11-23T12:01:02.345',
  'local-timestamp-micros': '2026-11-23T12:01:02.345678',
  'local-timestamp-nanos': '2026-11-23T12:01:02.345678901',
} as const;

const specialNumbers: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A value of a `float` or a `double`. */
export function realOf(value: unknown, path: string): number {
  const number = value instanceof NumberText ? Number(value.text) : specialNumbers.get(value);
  if (number === undefined) {
    throw wrong(path, 'must be a number, or "NaN", "Infinity" or "-Infinity"');
  }
  return number;
}

/** A decimal as the bytes of its digits; `size` of a fixed one. */
export function decimalBytes(
  value: unknown,
  decimal: Decimal,
  size: number | undefined,
  path: string,
): Uint8Array {
  const text = value instanceof NumberText ? value.text : typeof value === 'string' ? value : '';
  const number = unscaled(text, decimal);
  const bytes = number === undefined ? undefined : twosComplement(number, size);
  if (bytes !== undefined) {
    return bytes;
  }
  if (typeof value === 'string' && size === undefined && !/^-?\d/.test(value)) {
    return base64Of(value, path);
  }
  const { precision, scale } = decimal;
  throw wrong(path, `must be a number of ${precision} digits at most, ${scale} of them behind the point`);
}

/** Months, days and milliseconds (Avro 1.12, “Duration”). */
export function durationBytes(value: unknown, path: string): Uint8Array {
  const members = objectOf(value, path);
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  for (const [index, name] of ['months', 'days', 'millis'].entries()) {
    const part = members[name];
    const number = part instanceof NumberText ? Number(part.text) : Number.NaN;
    if (!Number.isInteger(number) || number < 0 || number > 0xffffffff) {
      throw wrong(keyPath(path, name), 'must be a whole number from 0 to 4294967295');
    }
    view.setUint32(index * 4, number, true);
  }
  return bytes;
}

/** Bytes of hex digits. */
export function hexBytes(value: unknown, isUuid: boolean, path: string): Uint8Array {
  const digits = textOf(value, path).replace(isUuid ? /[\s-]/g : /\s/g, '');
  if (digits.length % 2 === 1 || /[^0-9a-f]/i.test(digits)) {
    throw wrong(path, isUuid ? 'must be a UUID' : 'must be a text of hex digits, two for each byte');
  }
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Bytes of Base64. */
export function base64Of(text: string, path: string): Uint8Array {
  try {
    return encodeBase64(text);
  } catch {
    throw wrong(path, 'must be bytes in Base64');
  }
}

/** A text that can be written in UTF-8. */
export function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) {
    throw wrong(path, 'must be a text');
  }
  return value;
}

/** The members of an object. */
export function objectOf(value: unknown, path: string): Json {
  if (kindOf(value) !== 'object') {
    throw wrong(path, 'must be an object in braces');
  }
  return value as Json;
}

/** Says what does not fit, by its path. */
export function wrong(path: string, what: string): FailureError {
  return fail(
    'payload.avro',
    `${path === '' ? 'The value' : `“${path.slice(0, 200)}”`} ${what}.`,
    'Correct it, or choose another type of the schema.',
  );
}
