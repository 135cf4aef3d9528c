import { findInvalidUtf8 } from './utf8.ts';

/** Bytes that detection looks at, however large the payload is. */
const SAMPLE_BYTES = 4096;
/** Bytes that a preview looks at: it is made for every visible row, many times a second. */
export const PREVIEW_BYTES = 1024;

/** The first kilobytes of a payload, without copying. */
export function sampleOf(bytes: Uint8Array, length = SAMPLE_BYTES): Uint8Array {
  return bytes.length > length ? bytes.subarray(0, length) : bytes;
}

/**
 * Whether the bytes read better as hex than as text: a NUL before the end (C strings carry trailing ones),
 * or more than a tenth of controls and of what is not UTF-8. A stray Latin-1 letter or escape code stays text.
 */
export function looksBinary(bytes: Uint8Array, sampleBytes = SAMPLE_BYTES): boolean {
  const sample = sampleOf(bytes, sampleBytes);
  let end = sample.length;
  if (sample.length === bytes.length) {
    while (end > 0 && sample[end - 1] === 0) {
      end -= 1;
    }
    if (end === 0) {
      return sample.length > 0;
    }
  }
  let controls = 0;
  let isAscii = true;
  for (let i = 0; i < end; i++) {
    const byte = sample[i] ?? 0;
    if (byte === 0) {
      return true;
    }
    if (byte >= 0x80) {
      isAscii = false;
    } else if (byte < 0x20 ? byte !== 0x0a && byte !== 0x0d && byte !== 0x09 : byte === 0x7f) {
      controls += 1;
    }
  }
  const invalid = isAscii ? 0 : (findInvalidUtf8(sample, { end, mayBeCut: end < bytes.length })?.count ?? 0);
  return (controls + invalid) * 10 > end;
}

/** Offset of the first byte that is neither white space nor part of a UTF-8 byte order mark. */
export function contentStart(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) {
    at += 1;
  }
  return at;
}

/** Space, tab, line feed, carriage return: the white space of JSON (RFC 8259) and of XML. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
