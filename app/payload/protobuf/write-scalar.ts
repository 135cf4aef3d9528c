import { FailureError, fail } from '../../contract/failure.ts';
import { encodeBase64 } from '../base64.ts';
import type { Scalar } from './declarations.ts';
import type { Field } from './link.ts';
import type { WireWriter } from './wire-writer.ts';

const encoder = new TextEncoder();

const ranges: Readonly<Partial<Record<Scalar, readonly [bigint, bigint]>>> = {
  int32: [-(1n << 31n), (1n << 31n) - 1n],
  sint32: [-(1n << 31n), (1n << 31n) - 1n],
  sfixed32: [-(1n << 31n), (1n << 31n) - 1n],
  uint32: [0n, (1n << 32n) - 1n],
  fixed32: [0n, (1n << 32n) - 1n],
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  sint64: [-(1n << 63n), (1n << 63n) - 1n],
  sfixed64: [-(1n << 63n), (1n << 63n) - 1n],
  uint64: [0n, (1n << 64n) - 1n],
  fixed64: [0n, (1n << 64n) - 1n],
};

/** Writes a value without its tag; says whether it is zero. */
export function writeScalar(writer: WireWriter, { type }: Field, value: unknown, path: string): boolean {
  if (typeof type === 'object') {
    const number = type.kind === 'enum' ? enumNumber(type.numbers, type.name, value, path) : 0n;
    writer.varint(number);
    return number === 0n;
  }
  switch (type) {
    case 'double':
    case 'float': {
      const number = floatOf(value, path);
      writer[type](number);
      return Object.is(number, 0);
    }
    case 'bool':
      if (typeof value !== 'boolean') {
        throw wrong(path, 'has to be true or false');
      }
      writer.varint(value ? 1n : 0n);
      return !value;
    case 'string':
      if (typeof value !== 'string') {
        throw wrong(path, 'has to be a text');
      }
      writer.bytes(encoder.encode(value));
      return value === '';
    case 'bytes': {
      const bytes = bytesOf(value, path);
      writer.bytes(bytes);
      return bytes.length === 0;
    }
    default:
      return writeWhole(writer, type, integerOf(value, type, path));
  }
}

function writeWhole(writer: WireWriter, type: Scalar, number: bigint): boolean {
  if (type === 'fixed32' || type === 'sfixed32') {
    writer.fixed32(number);
  } else if (type === 'fixed64' || type === 'sfixed64') {
    writer.fixed64(number);
  } else if (type === 'sint32' || type === 'sint64') {
    writer.varint((number << 1n) ^ (number >> 63n));
  } else {
    writer.varint(number);
  }
  return number === 0n;
}

function enumNumber(
  numbers: ReadonlyMap<string, number>,
  name: string,
  value: unknown,
  path: string,
): bigint {
  if (typeof value === 'string') {
    const number = numbers.get(value);
    if (number === undefined) {
      throw wrong(
        path,
        `has to be one of ${[...numbers.keys()].slice(0, 20).join(', ')}: “${value.slice(0, 80)}” is none of ${name}`,
      );
    }
    return BigInt(number);
  }
  return integerOf(value, 'int32', path);
}

function integerOf(value: unknown, type: Scalar, path: string): bigint {
  let number: bigint | undefined;
  if (typeof value === 'bigint') {
    number = value;
  } else if (typeof value === 'number' && Number.isInteger(value)) {
    number = BigInt(value);
  } else if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) {
    number = BigInt(value);
  }
  if (number === undefined) {
    throw wrong(path, `has to be a whole number (${type})`);
  }
  const [least, most] = ranges[type] ?? [number, number];
  if (number < least || number > most) {
    throw wrong(path, `has to be from ${least} to ${most} (${type})`);
  }
  return number;
}

function floatOf(value: unknown, path: string): number {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Number(value);
  }
  const isNumber = typeof value === 'string' && /^(?:NaN|-?Infinity|-?[\d.]+(?:e[+-]?\d+)?)$/i.test(value);
  const number = isNumber ? Number(value) : undefined;
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN')) {
    throw wrong(path, 'has to be a number, or "NaN", "Infinity" or "-Infinity"');
  }
  return number;
}

function bytesOf(value: unknown, path: string): Uint8Array {
  if (typeof value !== 'string') {
    throw wrong(path, 'has to be a text in Base64');
  }
  try {
    return encodeBase64(value);
  } catch (error) {
    throw error instanceof FailureError ? wrong(path, `has to be Base64: ${error.failure.message}`) : error;
  }
}

/** The failure of a value that does not fit; `what` goes on after the path. */
export function wrong(path: string, what: string): FailureError {
  return fail(
    'payload.protobuf',
    `${path === '' ? 'The message' : `“${path.slice(0, 200)}”`} ${what}.`,
    'Correct the value, or choose another message type.',
  );
}
