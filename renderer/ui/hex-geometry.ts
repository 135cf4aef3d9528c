/** Bytes in one row of the grid, in two groups. */
export const ROW_BYTES = 16;

/** Selected bytes: where the selection began and the byte under the cursor, both included. */
export interface ByteSelection {
  readonly anchor: number;
  readonly cursor: number;
}

/** Offsets, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export function rowCount(size: number): number {
  return Math.ceil(size / ROW_BYTES);
}

export function selectedRange({ anchor, cursor }: ByteSelection): ByteRange {
  return { start: Math.min(anchor, cursor), end: Math.max(anchor, cursor) + 1 };
}

/** The part of a range that lies in a row, as columns; `undefined` where there is none. */
export function columnsInRow(range: ByteRange, row: number): ByteRange | undefined {
  const first = row * ROW_BYTES;
  const start = Math.max(0, range.start - first);
  const end = Math.min(ROW_BYTES, range.end - first);
  return start < end ? { start, end } : undefined;
}

/** Digits of an offset: at least eight, as hex editors have it. */
export function offsetDigits(size: number): number {
  return Math.max(8, Math.max(0, size - 1).toString(16).length);
}

export function formatOffset(offset: number, digits = 8): string {
  return offset.toString(16).padStart(digits, '0');
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>;

/** The byte that a key moves the cursor to, or `undefined` for a key that moves nothing. */
export function moveCursor(
  cursor: number,
  event: Key,
  size: number,
  rowsPerPage: number,
): number | undefined {
  const toEdge = event.ctrlKey || event.metaKey;
  const column = cursor % ROW_BYTES;
  switch (event.key) {
    case 'ArrowLeft':
      return clamp(cursor - 1, size);
    case 'ArrowRight':
      return clamp(cursor + 1, size);
    case 'ArrowUp':
      return cursor < ROW_BYTES ? cursor : cursor - ROW_BYTES;
    case 'ArrowDown':
      return cursor + ROW_BYTES < size ? cursor + ROW_BYTES : cursor;
    case 'PageUp':
      return Math.max(column, cursor - rowsPerPage * ROW_BYTES);
    case 'PageDown':
      return pageDown(cursor, size, rowsPerPage);
    case 'Home':
      return toEdge ? 0 : cursor - column;
    case 'End':
      return toEdge ? clamp(size, size) : clamp(cursor - column + ROW_BYTES - 1, size);
    default:
      return undefined;
  }
}

function pageDown(cursor: number, size: number, rowsPerPage: number): number {
  const column = cursor % ROW_BYTES;
  const lastRow = rowCount(size) - 1;
  const row = Math.min(lastRow, Math.floor(cursor / ROW_BYTES) + rowsPerPage);
  return clamp(row * ROW_BYTES + column, size);
}

function clamp(offset: number, size: number): number {
  return Math.max(0, Math.min(size - 1, offset));
}

/** Reads a typed offset: decimal, `0x` hex, `1Ah`, or hex with letters; `undefined` when it is none or beyond the end. */
export function parseOffset(text: string, size: number): number | undefined {
  const typed = text.trim().replaceAll(/[_,\s]/g, '');
  const hex = /^(?:0x([\da-f]+)|([\da-f]+)h|(?=[\da-f]*[a-f])([\da-f]+))$/i.exec(typed);
  const digits = hex?.[1] ?? hex?.[2] ?? hex?.[3];
  const offset =
    digits === undefined ? (/^\d+$/.test(typed) ? Number(typed) : Number.NaN) : Number.parseInt(digits, 16);
  return Number.isSafeInteger(offset) && offset < size ? offset : undefined;
}

/** Two digits for each byte value. */
export const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** What the text column shows of a byte: itself if it is printable ASCII, else a dot. */
export function asciiOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** Bytes as `0a 1b 2c`. */
export function toHexText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (const byte of bytes) {
    parts.push(hexOf[byte] ?? '');
  }
  return parts.join(' ');
}

/** Bytes as text, one character each; what is not printable ASCII as a full stop. */
export function toAsciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return text;
}

/** Lines of offset, hex and ASCII, for comparing binary values as text. */
export function toHexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += ROW_BYTES) {
    const row = bytes.subarray(offset, offset + ROW_BYTES);
    lines.push(`${formatOffset(offset)}  ${toHexText(row).padEnd(ROW_BYTES * 3 - 1)}  ${toAsciiText(row)}`);
  }
  return lines.join('\n');
}
