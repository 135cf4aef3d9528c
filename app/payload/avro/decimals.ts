import type { Decimal } from './avro-type.ts';

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/** A decimal of big-endian bytes in two's complement, with all digits behind its point: `12.30`. */
export function decimalText(bytes: Uint8Array, { scale }: Decimal): string {
  let magnitude = 0n;
  for (const byte of bytes) {
    magnitude = (magnitude << 8n) | BigInt(byte);
  }
  const value = BigInt.asIntN(bytes.length * 8, magnitude);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

/** A written number in units of the last digit of a decimal; `undefined` where it is no number or has other digits. */
export function unscaled(text: string, { scale, precision }: Decimal): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined) {
    return undefined;
  }
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const shift = scale - fraction.length + Number(exponent);
  if (/^0*$/.test(digits)) {
    return 0n;
  }
  const kept = shift >= 0 ? digits + '0'.repeat(Math.min(shift, 10_000)) : digits.slice(0, shift);
  const isExact = shift >= 0 || /^0*$/.test(digits.slice(shift));
  return isExact && kept !== '' && kept.length <= precision ? BigInt(`${sign}${kept}`) : undefined;
}

/** The fewest bytes of a whole number in two's complement, or as many as `size` says; `undefined` where it needs more. */
export function twosComplement(value: bigint, size?: number): Uint8Array | undefined {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) {
    length += 1;
  }
  if (size !== undefined && length > size) {
    return undefined;
  }
  const bytes = new Uint8Array(size ?? length);
  let left = BigInt.asUintN(bytes.length * 8, value);
  for (let at = bytes.length - 1; at >= 0; at--) {
    bytes[at] = Number(left & 0xffn);
    left >>= 8n;
  }
  return bytes;
}
