/** One way to read bytes. Absent: there are too few of them, or they are none of this kind. */
export interface Reading {
  readonly name: string;
  readonly little: string | undefined;
  /** Equal to `little` for a single byte. */
  readonly big: string | undefined;
}

/** Bytes that the longest reading takes. */
export const READING_BYTES = 8;

type Read = (view: DataView, isLittle: boolean) => string | undefined;

const kinds: readonly (readonly [name: string, size: number, read: Read])[] = [
  ['bits', 1, (view) => view.getUint8(0).toString(2).padStart(8, '0')],
  ['uint8', 1, (view) => String(view.getUint8(0))],
  ['int8', 1, (view) => String(view.getInt8(0))],
  ['uint16', 2, (view, isLittle) => String(view.getUint16(0, isLittle))],
  ['int16', 2, (view, isLittle) => String(view.getInt16(0, isLittle))],
  ['uint32', 4, (view, isLittle) => String(view.getUint32(0, isLittle))],
  ['int32', 4, (view, isLittle) => String(view.getInt32(0, isLittle))],
  ['uint64', 8, (view, isLittle) => String(view.getBigUint64(0, isLittle))],
  ['int64', 8, (view, isLittle) => String(view.getBigInt64(0, isLittle))],
  ['float16', 2, (view, isLittle) => floatText(halfFloat(view.getUint16(0, isLittle)), 5)],
  ['float32', 4, (view, isLittle) => floatText(view.getFloat32(0, isLittle), 9)],
  ['float64', 8, (view, isLittle) => String(view.getFloat64(0, isLittle))],
  ['Unix time, s', 4, (view, isLittle) => timeText(view.getUint32(0, isLittle) * 1000)],
  ['Unix time, ms', 8, (view, isLittle) => timeText(Number(view.getBigInt64(0, isLittle)))],
];

/** What the first of these bytes are, each way and in both byte orders. */
export function readingsOf(bytes: Uint8Array): readonly Reading[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return kinds.map(([name, size, read]) =>
    size > bytes.length
      ? { name, little: undefined, big: undefined }
      : { name, little: read(view, true), big: read(view, false) },
  );
}

/** A binary16 of IEEE 754 as a number. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The digits that name a float of this precision. */
function floatText(value: number, digits: number): string {
  return Number.isFinite(value) && value !== 0 ? String(Number(value.toPrecision(digits))) : text(value);
}

function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Times from 1970 to 2262, where nanoseconds of 64 bits end; anything else is hardly meant as one. */
function timeText(milliseconds: number): string | undefined {
  return milliseconds >= 0 && milliseconds < 9_223_372_036_854
    ? new Date(milliseconds).toISOString()
    : undefined;
}
