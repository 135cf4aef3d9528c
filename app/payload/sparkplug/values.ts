import { shortest } from '../template/numbers.ts';
import { decodeUtf8 } from '../utf8.ts';
import { type DataTypeName, dataTypeNames, signedBits } from './data-types.ts';
import type { RawValue } from './message-types.ts';

/** A single value, exactly: a bigint where a double would alter it. Bytes as Base64, times as ISO 8601. */
export type Scalar = number | bigint | boolean | string | null;

/** The last millisecond that a date can hold. */
const MAX_TIME = 8_640_000_000_000_000n;

/** Milliseconds since the epoch as ISO 8601, or as they are where no date has them. */
export function timeOf(milliseconds: bigint): string | bigint {
  return milliseconds >= 0n && milliseconds <= MAX_TIME
    ? new Date(Number(milliseconds)).toISOString()
    : milliseconds;
}

/** A value that is no container, by its data type; `undefined` for containers and arrays. */
export function scalarOf(raw: RawValue, datatype: number | undefined): Scalar | undefined {
  const type = dataTypeNames[datatype ?? 0];
  switch (raw.kind) {
    case 'int':
    case 'long':
      return wholeNumber(raw, type);
    case 'float':
      return real(raw.value, shortest);
    case 'double':
      return real(raw.value, (value) => value);
    case 'boolean':
    case 'string':
      return raw.value;
    case 'bytes':
      return isArrayType(datatype) ? undefined : bytesToBase64(raw.value);
    case 'extension':
      return null;
    default:
      return undefined;
  }
}

function wholeNumber(
  raw: { readonly kind: 'int' | 'long'; readonly value: bigint },
  type?: DataTypeName,
): Scalar {
  const { kind, value } = raw;
  if (type === 'DateTime') {
    return timeOf(value);
  }
  if (type === 'Boolean') {
    return value !== 0n;
  }
  const bits = type === undefined ? undefined : signedBits[type];
  return exact(bits === undefined ? value : signed(value, kind === 'int' ? 32 : 64, bits));
}

/** Two's complement, of the width that travelled or of the type's own: senders differ. */
function signed(value: bigint, width: number, bits: number): bigint {
  const wide = BigInt.asIntN(width, value);
  const limit = 1n << BigInt(bits - 1);
  return wide >= limit && wide < 2n * limit ? BigInt.asIntN(bits, wide) : wide;
}

function exact(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function real(value: number, print: (value: number) => number): number | string {
  return Number.isFinite(value) ? print(value) : String(value);
}

/** Whether a data type is one of the arrays of version 3.0, which travel as bytes. */
export function isArrayType(datatype: number | undefined): boolean {
  return datatype !== undefined && datatype >= 22 && datatype <= 34;
}

/**
 * The items of an array (specification 3.0, section 6.4.17): numbers little-endian, booleans as bits behind their
 * count, texts each ended by a zero. At most `limit`; `left` are the bytes that fit no item.
 */
export function arrayItems(
  bytes: Uint8Array,
  datatype: number,
  limit: number,
): { readonly items: readonly Scalar[]; readonly left: number; readonly isCut: boolean } {
  const type = dataTypeNames[datatype];
  if (type === 'BooleanArray') {
    return booleans(bytes, limit);
  }
  if (type === 'StringArray') {
    return texts(bytes, limit);
  }
  const reader = type === undefined ? undefined : itemReaders[type];
  if (reader === undefined) {
    return { items: [], left: bytes.length, isCut: false };
  }
  const { size, read } = reader;
  const count = Math.floor(bytes.length / size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = Array.from({ length: Math.min(count, limit) }, (_, index) => read(view, index * size));
  return { items, left: bytes.length % size, isCut: count > limit };
}

function booleans(bytes: Uint8Array, limit: number): ReturnType<typeof arrayItems> {
  if (bytes.length < 4) {
    return { items: [], left: bytes.length, isCut: false };
  }
  const wanted = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const count = Math.min(wanted, (bytes.length - 4) * 8);
  const items = Array.from(
    { length: Math.min(count, limit) },
    (_, index) => ((bytes[4 + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0,
  );
  return { items, left: bytes.length - 4 - Math.ceil(count / 8), isCut: count > limit };
}

function texts(bytes: Uint8Array, limit: number): ReturnType<typeof arrayItems> {
  const items: string[] = [];
  let from = 0;
  while (from < bytes.length && items.length < limit) {
    const zero = bytes.indexOf(0, from);
    const end = zero < 0 ? bytes.length : zero;
    items.push(decodeUtf8(bytes.subarray(from, end)));
    from = end + 1;
  }
  return { items, left: 0, isCut: from < bytes.length };
}

interface ItemReader {
  readonly size: number;
  readonly read: (view: DataView, at: number) => Scalar;
}

const itemReaders: Partial<Readonly<Record<DataTypeName, ItemReader>>> = {
  Int8Array: { size: 1, read: (view, at) => view.getInt8(at) },
  Int16Array: { size: 2, read: (view, at) => view.getInt16(at, true) },
  Int32Array: { size: 4, read: (view, at) => view.getInt32(at, true) },
  Int64Array: { size: 8, read: (view, at) => exact(view.getBigInt64(at, true)) },
  UInt8Array: { size: 1, read: (view, at) => view.getUint8(at) },
  UInt16Array: { size: 2, read: (view, at) => view.getUint16(at, true) },
  UInt32Array: { size: 4, read: (view, at) => view.getUint32(at, true) },
  UInt64Array: { size: 8, read: (view, at) => exact(view.getBigUint64(at, true)) },
  FloatArray: { size: 4, read: (view, at) => real(view.getFloat32(at, true), shortest) },
  DoubleArray: { size: 8, read: (view, at) => real(view.getFloat64(at, true), (value) => value) },
  DateTimeArray: {
    size: 8,
    read: (view, at) => {
      const time = timeOf(view.getBigInt64(at, true));
      return typeof time === 'string' ? time : exact(time);
    },
  },
};

/** Characters that one call takes as arguments. */
const CHUNK = 8192;

function bytesToBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  }
  return btoa(binary);
}
