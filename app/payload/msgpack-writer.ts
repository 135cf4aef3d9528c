import { ByteWriter } from './byte-writer.ts';
import { type Item, readNotation } from './notation.ts';
import { PayloadError } from './payload-error.ts';

const encoder = new TextEncoder();
const TIMESTAMP = 0xff;

/** Writes JSON and the notation of its view as MessagePack, each value in the fewest bytes that hold it. */
export function encodeMessagePack(text: string): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  for (const item of readNotation(text, 'MessagePack')) {
    write(writer, item, text);
  }
  return writer.bytes;
}

function write(writer: ByteWriter, item: Item, text: string): void {
  switch (item.kind) {
    case 'integer':
      writeInteger(writer, item.value, text, item.at);
      return;
    case 'float':
      writeFloat(writer, item.value);
      return;
    case 'text': {
      const bytes = encoder.encode(item.value);
      if (bytes.length < 32) {
        writer.uint8(0xa0 | bytes.length);
      } else {
        writeLength(writer, 0xd9, bytes.length);
      }
      writer.append(bytes);
      return;
    }
    case 'bytes':
      writeLength(writer, 0xc4, item.value.length);
      writer.append(item.value);
      return;
    case 'array':
    case 'map':
      writeContainer(writer, item, text);
      return;
    case 'constant':
      if (item.value === undefined) {
        throw wrong('MessagePack has no undefined: write null', text, item.at);
      }
      writer.uint8(item.value === null ? 0xc0 : item.value ? 0xc3 : 0xc2);
      return;
    case 'extension':
      if (item.type < -128 || item.type > 127) {
        throw wrong('The type of an extension is a number from -128 to 127', text, item.at);
      }
      writeExtension(writer, item.type & 0xff, item.bytes);
      return;
    case 'timestamp':
      writeExtension(writer, TIMESTAMP, timestampBytes(item.text, text, item.at));
      return;
    case 'pieces':
    case 'tag':
    case 'simple':
      throw wrong(
        'MessagePack has no tags, simple values and strings in pieces: that is CBOR',
        text,
        item.at,
      );
  }
}

function writeContainer(writer: ByteWriter, item: Item & { kind: 'array' | 'map' }, text: string): void {
  if (item.isIndefinite) {
    throw wrong('MessagePack says each length before: write no _ here', text, item.at);
  }
  const isMap = item.kind === 'map';
  const size = isMap ? item.items.length / 2 : item.items.length;
  if (size < 16) {
    writer.uint8((isMap ? 0x80 : 0x90) | size);
  } else if (size <= 0xffff) {
    writer.uint8(isMap ? 0xde : 0xdc);
    writer.uint16(size);
  } else {
    writer.uint8(isMap ? 0xdf : 0xdd);
    writer.uint32(size);
  }
  for (const inner of item.items) {
    write(writer, inner, text);
  }
}

/** A length of 8, 16 or 32 bits after one of three codes that follow each other. */
function writeLength(writer: ByteWriter, code: number, length: number): void {
  if (length <= 0xff) {
    writer.uint8(code);
    writer.uint8(length);
  } else if (length <= 0xffff) {
    writer.uint8(code + 1);
    writer.uint16(length);
  } else {
    writer.uint8(code + 2);
    writer.uint32(length);
  }
}

function writeInteger(writer: ByteWriter, value: bigint, text: string, at: number): void {
  if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) {
    throw wrong('An integer of MessagePack has 64 bits', text, at);
  }
  if (value >= -32n && value < 128n) {
    writer.uint8(Number(value) & 0xff);
    return;
  }
  const isSigned = value < 0n;
  const bits = [8n, 16n, 32n, 64n].find((width) =>
    isSigned ? value >= -(1n << (width - 1n)) : value < 1n << width,
  );
  const raw = BigInt.asUintN(64, value);
  const code = isSigned ? 0xd0 : 0xcc;
  switch (bits) {
    case 8n:
      writer.uint8(code);
      writer.uint8(Number(raw & 0xffn));
      break;
    case 16n:
      writer.uint8(code + 1);
      writer.uint16(Number(raw & 0xffffn));
      break;
    case 32n:
      writer.uint8(code + 2);
      writer.uint32(Number(raw & 0xffff_ffffn));
      break;
    default:
      writer.uint8(code + 3);
      writer.uint64(raw);
  }
}

function writeFloat(writer: ByteWriter, value: number): void {
  if (Object.is(Math.fround(value), value)) {
    writer.uint8(0xca);
    writer.float32(value);
  } else {
    writer.uint8(0xcb);
    writer.float64(value);
  }
}

function writeExtension(writer: ByteWriter, type: number, bytes: Uint8Array): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(bytes.length);
  if (fixed >= 0) {
    writer.uint8(0xd4 + fixed);
  } else {
    writeLength(writer, 0xc7, bytes.length);
  }
  writer.uint8(type);
  writer.append(bytes);
}

/** The timestamp extension in the smallest of its three sizes. */
function timestampBytes(time: string, text: string, at: number): Uint8Array {
  const [, whole = '', fraction = ''] = /^(.+?)(?:\.(\d{1,9}))?Z$/.exec(time) ?? [];
  const milliseconds = Date.parse(`${whole}Z`);
  if (whole === '' || Number.isNaN(milliseconds)) {
    throw wrong('Write a time such as timestamp("2026-01-02T03:04:05.6Z")', text, at);
  }
  const seconds = BigInt(milliseconds / 1000);
  const nanoseconds = BigInt(fraction.padEnd(9, '0'));
  const writer = new ByteWriter();
  if (seconds < 0n || seconds >= 1n << 34n) {
    writer.uint32(Number(nanoseconds));
    writer.uint64(BigInt.asUintN(64, seconds));
  } else if (nanoseconds === 0n && seconds < 1n << 32n) {
    writer.uint32(Number(seconds));
  } else {
    writer.uint64((nanoseconds << 34n) | seconds);
  }
  return writer.bytes;
}

function wrong(what: string, text: string, at: number): PayloadError {
  return new PayloadError('payload.msgpack', what, 'Correct it, or choose another format.', text, at);
}
