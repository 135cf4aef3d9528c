import { ByteWriter } from './byte-writer.ts';
import { type Item, readNotation } from './notation.ts';
import { PayloadError } from './payload-error.ts';

const encoder = new TextEncoder();
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
const BREAK = 0xff;

/**
 * Writes JSON and diagnostic notation as CBOR in its preferred serialization (RFC 8949, section 4.1): each integer,
 * length and float in the fewest bytes that hold it; integers beyond 64 bits as bignums (section 3.4.3).
 */
export function encodeCbor(text: string): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  for (const item of readNotation(text, 'CBOR')) {
    write(writer, item, text);
  }
  return writer.bytes;
}

function write(writer: ByteWriter, item: Item, text: string): void {
  switch (item.kind) {
    case 'integer':
      writeInteger(writer, item.value);
      return;
    case 'float':
      writeFloat(writer, item.value);
      return;
    case 'text':
    case 'bytes': {
      const bytes = item.kind === 'text' ? encoder.encode(item.value) : item.value;
      writeHead(writer, item.kind === 'text' ? 3 : 2, BigInt(bytes.length));
      writer.append(bytes);
      return;
    }
    case 'pieces':
      writer.uint8(item.isText ? 0x7f : 0x5f);
      for (const piece of item.pieces) {
        write(writer, piece, text);
      }
      writer.uint8(BREAK);
      return;
    case 'array':
    case 'map':
      writeContainer(writer, item, text);
      return;
    case 'tag':
      if (item.tag > MAX_UINT64) {
        throw wrong('A tag of CBOR has 64 bits at most', text, item.at);
      }
      writeHead(writer, 6, item.tag);
      write(writer, item.item, text);
      return;
    case 'constant':
      writer.uint8(
        item.value === false ? 0xf4 : item.value === true ? 0xf5 : item.value === null ? 0xf6 : 0xf7,
      );
      return;
    case 'simple':
      writeSimple(writer, item.code, text, item.at);
      return;
    case 'extension':
    case 'timestamp':
      throw wrong(
        'CBOR has no extensions and timestamps of this kind: write a tag, such as 0("…")',
        text,
        item.at,
      );
  }
}

function writeContainer(writer: ByteWriter, item: Item & { kind: 'array' | 'map' }, text: string): void {
  const major = item.kind === 'map' ? 5 : 4;
  if (item.isIndefinite) {
    writer.uint8((major << 5) | 31);
  } else {
    writeHead(writer, major, BigInt(item.kind === 'map' ? item.items.length / 2 : item.items.length));
  }
  for (const inner of item.items) {
    write(writer, inner, text);
  }
  if (item.isIndefinite) {
    writer.uint8(BREAK);
  }
}

function writeHead(writer: ByteWriter, major: number, argument: bigint): void {
  const initial = major << 5;
  if (argument < 24n) {
    writer.uint8(initial | Number(argument));
  } else if (argument <= 0xffn) {
    writer.uint8(initial | 24);
    writer.uint8(Number(argument));
  } else if (argument <= 0xffffn) {
    writer.uint8(initial | 25);
    writer.uint16(Number(argument));
  } else if (argument <= 0xffff_ffffn) {
    writer.uint8(initial | 26);
    writer.uint32(Number(argument));
  } else {
    writer.uint8(initial | 27);
    writer.uint64(argument);
  }
}

function writeInteger(writer: ByteWriter, value: bigint): void {
  const argument = value < 0n ? -1n - value : value;
  if (argument <= MAX_UINT64) {
    writeHead(writer, value < 0n ? 1 : 0, argument);
    return;
  }
  writeHead(writer, 6, value < 0n ? 3n : 2n);
  const digits = argument.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  writeHead(writer, 2, BigInt(even.length / 2));
  for (let at = 0; at < even.length; at += 2) {
    writer.uint8(Number.parseInt(even.slice(at, at + 2), 16));
  }
}

function writeFloat(writer: ByteWriter, value: number): void {
  const half = toHalf(value);
  if (half !== undefined) {
    writer.uint8(0xf9);
    writer.uint16(half);
  } else if (Object.is(Math.fround(value), value)) {
    writer.uint8(0xfa);
    writer.float32(value);
  } else {
    writer.uint8(0xfb);
    writer.float64(value);
  }
}

/** The bits of a float of 16 bits (IEEE 754, binary16) that is exactly the value; `undefined` where there is none. */
function toHalf(value: number): number | undefined {
  if (Number.isNaN(value)) {
    return 0x7e00;
  }
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) {
    return sign | 0x7c00;
  }
  if (size < 2 ** -14) {
    const fraction = size * 2 ** 24;
    return Number.isInteger(fraction) ? sign | fraction : undefined;
  }
  const exponent = Math.floor(Math.log2(size));
  const fraction = (size / 2 ** exponent - 1) * 1024;
  return exponent <= 15 && fraction >= 0 && fraction < 1024 && Number.isInteger(fraction)
    ? sign | ((exponent + 15) << 10) | fraction
    : undefined;
}

function writeSimple(writer: ByteWriter, code: number, text: string, at: number): void {
  if (code < 0 || code > 255 || (code >= 24 && code < 32)) {
    throw wrong('A simple value is a number from 0 to 23 or from 32 to 255', text, at);
  }
  if (code < 24) {
    writer.uint8(0xe0 | code);
  } else {
    writer.uint8(0xf8);
    writer.uint8(code);
  }
}

function wrong(what: string, text: string, at: number): PayloadError {
  return new PayloadError('payload.cbor', what, 'Correct it, or choose another format.', text, at);
}
