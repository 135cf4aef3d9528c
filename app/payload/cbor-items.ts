import { formatCount } from '../base/format.ts';
import { exact, type ItemCursor, shortestSingle } from './item-cursor.ts';
import { hexDigits } from './item-layout.ts';
import type { ItemVisitor, OpenItem, ReadOne } from './item-visitor.ts';

const BREAK = 0xff;
/** Bytes of a bignum that is written as a number: printing a larger one takes too long. */
const MAX_BIGNUM = 1024;

/** Reads one item of CBOR (RFC 8949) off the cursor. */
export const readCbor: ReadOne = (cursor, visitor, parent) => {
  const at = cursor.offset;
  const initial = Number(cursor.uint(1));
  if (initial === BREAK) {
    if (
      parent === undefined ||
      parent.left !== Infinity ||
      (parent.kind === 'map' && parent.seen % 2 === 1)
    ) {
      throw cursor.malformed('An end (ff) where an item must stand', at);
    }
    return 'end';
  }
  const major = initial >> 5;
  const info = initial & 0x1f;
  if (major === 7) {
    readSimple(cursor, visitor, info, at);
    return 'value';
  }
  const argument = readArgument(cursor, info, at);
  if (argument === undefined && (major < 2 || major === 6)) {
    throw cursor.malformed(`${hexByte(initial)} begins no item of CBOR`, at);
  }
  const size = argument ?? Infinity;
  switch (major) {
    case 0:
      visitor.number(argument ?? 0, false);
      return 'value';
    case 1:
      visitor.number(exact(-1n - BigInt(argument ?? 0)), false);
      return 'value';
    case 2:
    case 3:
      readString(cursor, visitor, major, argument);
      return 'value';
    case 4:
      return opened(cursor, visitor, 'array', size, 1);
    case 5:
      return opened(cursor, visitor, 'map', size, 2);
    default:
      return readTag(cursor, visitor, BigInt(argument ?? 0));
  }
};

/** The number that follows the first byte; `undefined` where the length is not said before. */
function readArgument(cursor: ItemCursor, info: number, at: number): number | bigint | undefined {
  switch (info) {
    case 24:
      return cursor.uint(1);
    case 25:
      return cursor.uint(2);
    case 26:
      return cursor.uint(4);
    case 27:
      return cursor.uint(8);
    case 31:
      return undefined;
    default:
      if (info > 27) {
        throw cursor.malformed(`${hexByte(cursor.bytes[at] ?? 0)} begins no item of CBOR`, at);
      }
      return info;
  }
}

function opened(
  cursor: ItemCursor,
  visitor: ItemVisitor,
  kind: 'array' | 'map',
  size: number | bigint,
  each: 1 | 2,
): OpenItem {
  // Every item takes a byte: what claims more is wrong, and is not believed.
  if (size !== Infinity && Number(size) * each > cursor.left) {
    throw cursor.malformed(
      `${size.toLocaleString('en')} ${kind === 'map' ? 'pairs' : 'items'} are announced, ${formatCount(cursor.left)} bytes are left`,
    );
  }
  visitor.open(kind, size === Infinity);
  return { kind, left: Number(size) * each, seen: 0 };
}

function readTag(cursor: ItemCursor, visitor: ItemVisitor, tag: bigint): OpenItem | 'value' {
  const next = cursor.peek() ?? 0;
  // A byte string whose length is known, of which only those are numbers that are not too long to print.
  if ((tag === 2n || tag === 3n) && next >> 5 === 2 && (next & 0x1f) < 26) {
    const at = cursor.offset;
    cursor.offset += 1;
    const length = readArgument(cursor, next & 0x1f, at) ?? 0;
    if (length <= MAX_BIGNUM) {
      const magnitude = BigInt(`0x0${hexDigits(cursor.raw(length))}`);
      visitor.number(exact(tag === 2n ? magnitude : -1n - magnitude), false);
      return 'value';
    }
    cursor.offset = at;
  }
  visitor.open('tag', false, String(tag));
  return { kind: 'tag', left: 1, seen: 0 };
}

function readString(
  cursor: ItemCursor,
  visitor: ItemVisitor,
  major: 2 | 3,
  length: number | bigint | undefined,
): void {
  if (length !== undefined) {
    const bytes = cursor.raw(length);
    if (major === 3) {
      visitor.text(cursor.text(bytes));
    } else {
      visitor.bytes(bytes);
    }
    return;
  }
  const pieces: Uint8Array[] = [];
  while (cursor.peek() !== BREAK) {
    const at = cursor.offset;
    const initial = Number(cursor.uint(1));
    const size = readArgument(cursor, initial & 0x1f, at);
    if (initial >> 5 !== major || size === undefined) {
      throw cursor.malformed('A piece of a string must be a string of its kind', at);
    }
    pieces.push(cursor.raw(size));
  }
  cursor.offset += 1;
  visitor.pieces(pieces, major === 3 ? pieces.map((piece) => cursor.text(piece)) : undefined);
}

function readSimple(cursor: ItemCursor, visitor: ItemVisitor, info: number, at: number): void {
  switch (info) {
    case 20:
      visitor.value('false', false, true);
      return;
    case 21:
      visitor.value('true', true, true);
      return;
    case 22:
      visitor.value('null', null, true);
      return;
    case 23:
      visitor.value('undefined', null, false);
      return;
    case 25:
      visitor.number(cursor.float(2), true);
      return;
    case 26:
      visitor.number(shortestSingle(cursor.float(4)), true);
      return;
    case 27:
      visitor.number(cursor.float(8), true);
      return;
    default: {
      const code = info === 24 ? Number(cursor.uint(1)) : info;
      if (info > 24 || (info === 24 && code < 32)) {
        throw cursor.malformed(`${hexByte(cursor.bytes[at] ?? 0)} begins no item of CBOR`, at);
      }
      visitor.value(`simple(${code})`, `simple(${code})`, false);
      return;
    }
  }
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
