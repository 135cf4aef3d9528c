import { formatCount } from '../base/format.ts';
import { decodeStrictUtf8, decodeUtf8 } from './utf8.ts';

/** Why reading ended; `end` is that of the beginning of a payload, which goes on. */
export type StopReason = 'malformed' | 'end' | 'deep' | 'timeout' | 'long';

/** Thrown by the readers of binary items; `offset` is that of the byte at which they stopped. */
export class ItemStop extends Error {
  readonly reason: StopReason;
  readonly offset: number;

  constructor(reason: StopReason, offset: number, message: string) {
    super(message);
    this.name = 'ItemStop';
    this.reason = reason;
    this.offset = offset;
  }
}

/** Reads big-endian values off a payload and keeps to its end. */
export class ItemCursor {
  readonly bytes: Uint8Array;
  offset = 0;
  /** Text strings that were not UTF-8. */
  invalidTexts = 0;
  readonly #total: number;
  readonly #view: DataView;

  /** `total` is the size of the payload, of which `bytes` may be the beginning. */
  constructor(bytes: Uint8Array, total = bytes.length) {
    this.bytes = bytes;
    this.#total = total;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes of the payload that are not read yet. */
  get left(): number {
    return this.#total - this.offset;
  }

  /** The next byte without taking it; `undefined` at the end. */
  peek(): number | undefined {
    return this.bytes[this.offset];
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes; a bigint only where a double would alter it. */
  uint(size: 1 | 2 | 4 | 8): number | bigint {
    const at = this.#take(size);
    switch (size) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at);
      case 4:
        return this.#view.getUint32(at);
      case 8:
        return exact(this.#view.getBigUint64(at));
    }
  }

  /** A signed integer in two's complement. */
  int(size: 1 | 2 | 4 | 8): number | bigint {
    const at = this.#take(size);
    switch (size) {
      case 1:
        return this.#view.getInt8(at);
      case 2:
        return this.#view.getInt16(at);
      case 4:
        return this.#view.getInt32(at);
      case 8:
        return exact(this.#view.getBigInt64(at));
    }
  }

  /** A float of IEEE 754 in half, single or double precision. */
  float(size: 2 | 4 | 8): number {
    const at = this.#take(size);
    switch (size) {
      case 2:
        return half(this.#view.getUint16(at));
      case 4:
        return this.#view.getFloat32(at);
      case 8:
        return this.#view.getFloat64(at);
    }
  }

  /** A part of the payload, not copied. */
  raw(length: number | bigint): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + Number(length));
  }

  /** Bytes as text; what is not UTF-8 becomes U+FFFD and is counted. */
  text(bytes: Uint8Array): string {
    const strict = decodeStrictUtf8(bytes);
    if (strict === undefined) {
      this.invalidTexts += 1;
    }
    return strict ?? decodeUtf8(bytes);
  }

  /** Says that the item which began at `offset` is not what the format allows. */
  malformed(message: string, offset = this.offset): ItemStop {
    return new ItemStop('malformed', offset, message);
  }

  #take(length: number | bigint): number {
    const at = this.offset;
    if (length > this.bytes.length - at) {
      throw new ItemStop(
        length > this.left ? 'malformed' : 'end',
        at,
        `${length.toLocaleString('en')} bytes are announced, ${formatCount(this.left)} are left`,
      );
    }
    this.offset += Number(length);
    return at;
  }
}

/** A number where it is exact as one. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Infinity : Number.NaN;
  }
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/**
 * The fewest digits that name a float in single precision, as languages print them: the one nearest to 21.4 is `21.4`,
 * not the `21.399999618530273` that it is as a double.
 */
export function shortestSingle(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) {
    return value;
  }
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return short;
    }
  }
  return value;
}
