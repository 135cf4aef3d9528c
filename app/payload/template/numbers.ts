import type { IntType, NumberType } from './template.ts';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a whole number; a bigint where a double would alter it. */
export function readInt(bytes: Uint8Array, at: number, type: IntType): number | bigint {
  const { bytes: size, isSigned, isLittle } = type;
  if (size === 8) {
    const value = isSigned
      ? viewOf(bytes).getBigInt64(at, isLittle)
      : viewOf(bytes).getBigUint64(at, isLittle);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }
  let value = 0;
  for (let index = 0; index < size; index += 1) {
    value = value * 256 + (bytes[at + (isLittle ? size - 1 - index : index)] ?? 0);
  }
  const whole = 2 ** (size * 8);
  return isSigned && value >= whole / 2 ? value - whole : value;
}

/** Smallest and largest value of a type. */
export function rangeOf({ bytes, isSigned }: IntType): readonly [bigint, bigint] {
  const bits = BigInt(bytes * 8);
  return isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

/** A number within its range as bytes. */
export function intBytes(value: bigint, { bytes: size, isLittle }: IntType): Uint8Array {
  const bytes = new Uint8Array(size);
  let left = BigInt.asUintN(size * 8, value);
  for (let index = 0; index < size; index += 1) {
    bytes[isLittle ? index : size - 1 - index] = Number(left & 0xffn);
    left >>= 8n;
  }
  return bytes;
}

/** A number as JSON; what JSON has no number for (NaN, infinities) as text. */
export function numberText(bytes: Uint8Array, at: number, type: NumberType): string {
  if (type.kind === 'int') {
    return String(readInt(bytes, at, type));
  }
  const view = viewOf(bytes);
  const value = type.bytes === 4 ? view.getFloat32(at, type.isLittle) : view.getFloat64(at, type.isLittle);
  if (!Number.isFinite(value)) {
    return `"${value}"`;
  }
  return Object.is(value, -0) ? '-0' : String(type.bytes === 4 ? shortest(value) : value);
}

/** The shortest decimal that gives the same number in single precision: 21.4 instead of 21.399999618530273. */
export function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) {
      return rounded;
    }
  }
  return Number(value.toPrecision(9));
}

/** A number of a float type as bytes. */
export function floatBytes(value: number, type: Extract<NumberType, { readonly kind: 'float' }>): Uint8Array {
  const bytes = new Uint8Array(type.bytes);
  if (type.bytes === 4) {
    viewOf(bytes).setFloat32(0, value, type.isLittle);
  } else {
    viewOf(bytes).setFloat64(0, value, type.isLittle);
  }
  return bytes;
}
