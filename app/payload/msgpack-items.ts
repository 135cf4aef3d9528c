import { formatCount } from '../base/format.ts';
import { type ItemCursor, shortestSingle } from './item-cursor.ts';
import type { ItemVisitor, OpenItem, ReadOne } from './item-visitor.ts';

const sizes = [1, 2, 4, 8] as const;
const NANOSECONDS = 1_000_000_000n;

/** Reads one item of MessagePack off the cursor. */
export const readMessagePack: ReadOne = (cursor, visitor) => {
  const at = cursor.offset;
  const first = Number(cursor.uint(1));
  if (first < 0x80) {
    visitor.number(first, false);
  } else if (first < 0x90) {
    return opened(cursor, visitor, 'map', first & 0x0f, 2);
  } else if (first < 0xa0) {
    return opened(cursor, visitor, 'array', first & 0x0f, 1);
  } else if (first < 0xc0) {
    visitor.text(cursor.text(cursor.raw(first & 0x1f)));
  } else if (first >= 0xe0) {
    visitor.number(first - 0x100, false);
  } else {
    return readNamed(cursor, visitor, first, at);
  }
  return 'value';
};

function readNamed(cursor: ItemCursor, visitor: ItemVisitor, first: number, at: number): OpenItem | 'value' {
  switch (first) {
    case 0xc0:
      visitor.value('null', null, true);
      break;
    case 0xc2:
      visitor.value('false', false, true);
      break;
    case 0xc3:
      visitor.value('true', true, true);
      break;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      visitor.bytes(cursor.raw(cursor.uint(sizeAt(first - 0xc4))));
      break;
    case 0xc7:
    case 0xc8:
    case 0xc9:
      readExtension(cursor, visitor, cursor.uint(sizeAt(first - 0xc7)));
      break;
    case 0xca:
      visitor.number(shortestSingle(cursor.float(4)), true);
      break;
    case 0xcb:
      visitor.number(cursor.float(8), true);
      break;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      visitor.number(cursor.uint(sizeAt(first - 0xcc)), false);
      break;
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      visitor.number(cursor.int(sizeAt(first - 0xd0)), false);
      break;
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      readExtension(cursor, visitor, 1 << (first - 0xd4));
      break;
    case 0xd9:
    case 0xda:
    case 0xdb:
      visitor.text(cursor.text(cursor.raw(cursor.uint(sizeAt(first - 0xd9)))));
      break;
    case 0xdc:
    case 0xdd:
      return opened(cursor, visitor, 'array', Number(cursor.uint(sizeAt(first - 0xdb))), 1);
    case 0xde:
    case 0xdf:
      return opened(cursor, visitor, 'map', Number(cursor.uint(sizeAt(first - 0xdd))), 2);
    default:
      throw cursor.malformed(`${first.toString(16)} begins no item of MessagePack`, at);
  }
  return 'value';
}

function sizeAt(index: number): 1 | 2 | 4 | 8 {
  return sizes[index] ?? 1;
}

function opened(
  cursor: ItemCursor,
  visitor: ItemVisitor,
  kind: 'array' | 'map',
  size: number,
  each: 1 | 2,
): OpenItem {
  // Every item takes a byte: what claims more is wrong, and is not believed.
  if (size * each > cursor.left) {
    throw cursor.malformed(
      `${formatCount(size)} ${kind === 'map' ? 'pairs' : 'items'} are announced, ${formatCount(cursor.left)} bytes are left`,
    );
  }
  visitor.open(kind, false);
  return { kind, left: size * each, seen: 0 };
}

function readExtension(cursor: ItemCursor, visitor: ItemVisitor, length: number | bigint): void {
  const type = Number(cursor.int(1));
  const bytes = cursor.raw(length);
  const time = type === -1 ? timestamp(bytes) : undefined;
  if (time === undefined) {
    visitor.bytes(bytes, String(type));
  } else {
    visitor.value(`timestamp("${time}")`, time, false);
  }
}

/** The timestamp extension in its three sizes: `2026-01-02T03:04:05.000000006Z`; `undefined` where it is none. */
function timestamp(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 4:
      return isoTime(BigInt(view.getUint32(0)), 0n);
    case 8: {
      const value = view.getBigUint64(0);
      return isoTime(value & 0x3_ffff_ffffn, value >> 34n);
    }
    case 12:
      return isoTime(view.getBigInt64(4), BigInt(view.getUint32(0)));
    default:
      return undefined;
  }
}

function isoTime(seconds: bigint, nanoseconds: bigint): string | undefined {
  // Further away than a calendar of this kind goes, or no part of a second.
  const milliseconds = Number(seconds) * 1000;
  if (Math.abs(milliseconds) > 8.64e15 || nanoseconds >= NANOSECONDS) {
    return undefined;
  }
  const whole = new Date(milliseconds).toISOString().slice(0, -5);
  const fraction = nanoseconds === 0n ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}Z`;
}
