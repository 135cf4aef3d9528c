import { formatBytes } from '../base/format.ts';
import { contentStart, looksBinary, PREVIEW_BYTES, sampleOf } from './sample.ts';
import { decodeUtf8, utf8Boundary } from './utf8.ts';
import { visibleText } from './visible-text.ts';

/** What stands for a payload of no bytes. */
export const EMPTY_PREVIEW = '(empty)';

/** Cuts a line to `maxLength` UTF-16 units with `…` as the last; `hasMore` marks it cut even when it fits. */
export function cutLine(line: string, maxLength: number, hasMore = false): string {
  if (line.length <= maxLength && !hasMore) {
    return line;
  }
  let end = Math.max(0, Math.min(line.length, maxLength - 1));
  if (isHighSurrogate(line.charCodeAt(end - 1))) {
    end -= 1;
  }
  return maxLength < 1 ? '' : `${line.slice(0, end)}…`;
}

/** The beginning of a text payload as one safe line; line ends are shown as `␊`. */
export function textPreview(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  // A UTF-16 unit is at most three bytes of UTF-8; some more so that a cut is noticed.
  const length = utf8Boundary(bytes, Math.min(PREVIEW_BYTES, maxLength * 3 + 3));
  const text = decodeUtf8(bytes.subarray(0, length));
  return safeLine(text, maxLength, length < size);
}

/** The same for formats in which line ends and indentation mean nothing: each run of them is one space. */
export function collapsedPreview(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  const start = Math.min(contentStart(sampleOf(bytes, PREVIEW_BYTES)), bytes.length);
  const rest = bytes.subarray(start);
  // Compact text is long enough at once; what is mostly indentation needs more of its bytes.
  const short = collapsed(rest, Math.min(PREVIEW_BYTES, maxLength + 3));
  const line = short.isWhole || short.text.length > maxLength ? short : collapsed(rest, PREVIEW_BYTES);
  return safeLine(line.text, maxLength, !line.isWhole || bytes.length < size);
}

function collapsed(
  bytes: Uint8Array,
  maxBytes: number,
): { readonly text: string; readonly isWhole: boolean } {
  const length = utf8Boundary(bytes, maxBytes);
  const text = decodeUtf8(bytes.subarray(0, length))
    .replace(/[ \t\r\n]+/g, collapse)
    .trimEnd();
  return { text, isWhole: length === bytes.length };
}

/** `⟨binary, 1.2 KB⟩ 0a 1b …` */
function binaryPreview(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  const head = `⟨binary, ${formatBytes(size)}⟩ `;
  return cutLine(head + hexLine(bytes, maxLength - head.length), maxLength);
}

/** The first bytes as `0a 1b 2c`, at most about `maxLength` characters and cut with `…`. */
export function hexLine(bytes: Uint8Array, maxLength: number): string {
  const count = Math.max(0, Math.min(bytes.length, Math.floor((maxLength + 1) / 3)));
  const shown = count < bytes.length ? Math.max(0, count - 1) : count;
  let line = '';
  for (let i = 0; i < shown; i++) {
    line += `${i === 0 ? '' : ' '}${hexByte(bytes[i] ?? 0)}`;
  }
  return shown < bytes.length ? `${line}${shown === 0 ? '' : ' '}…` : line;
}

/** Two lower-case digits. */
function hexByte(byte: number): string {
  return (byte < 16 ? '0' : '') + byte.toString(16);
}

/**
 * One safe line for a row, at most `maxLength` characters, whatever the payload holds.
 * It runs for every visible row: only the first kilobytes are looked at, and nothing throws. Of a payload of `size`
 * bytes, `bytes` may be the first kilobytes only.
 */
export function previewPayload(bytes: Uint8Array, maxLength: number, size = bytes.length): string {
  if (bytes.length === 0) {
    return cutLine(EMPTY_PREVIEW, maxLength);
  }
  if (looksBinary(bytes, PREVIEW_BYTES)) {
    return binaryPreview(bytes, maxLength, size);
  }
  switch (bytes[contentStart(sampleOf(bytes, PREVIEW_BYTES))]) {
    case 0x7b: // {
    case 0x5b: // [
    case 0x3c: // <
      return collapsedPreview(bytes, maxLength, size);
    default:
      return textPreview(bytes, maxLength, size);
  }
}

function safeLine(text: string, maxLength: number, hasMore: boolean): string {
  // Cut before the search for hidden characters, which may only make the line longer.
  const line = text.length > maxLength + 1 ? text.slice(0, maxLength + 1) : text;
  return cutLine(visibleText(line), maxLength, hasMore || line.length < text.length);
}

function collapse(run: string): string {
  return run.includes('\n') || run.includes('\r') ? ' ' : run;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
