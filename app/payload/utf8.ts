/** Where a byte sequence is not UTF-8. Counts what the WHATWG decoder shows as one `�` each. */
export interface InvalidUtf8 {
  /** Byte offset of the first invalid sequence. */
  readonly first: number;
  readonly count: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes as text; what is not UTF-8 becomes U+FFFD. A byte order mark stays. Never throws. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes as text, or `undefined` where they are not UTF-8. Costs an exception then: not for the hot path. */
export function decodeStrictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Finds what is not UTF-8 (Unicode 17, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
 * With `mayBeCut`, a sequence that only lacks its end is accepted: the bytes are the beginning of more.
 */
export function findInvalidUtf8(
  bytes: Uint8Array,
  options: { readonly mayBeCut?: boolean; readonly end?: number } = {},
): InvalidUtf8 | undefined {
  const end = Math.min(options.end ?? bytes.length, bytes.length);
  let first = -1;
  let count = 0;
  let at = 0;
  while (at < end) {
    const length = sequenceLength(bytes, at, end);
    if (length > 0) {
      at += length;
    } else if (length === CUT && options.mayBeCut === true) {
      break;
    } else {
      if (first < 0) {
        first = at;
      }
      count += 1;
      at += length === CUT ? end - at : -length;
    }
  }
  return count === 0 ? undefined : { first, count };
}

const CUT = -100;

/** Bytes of the valid sequence at `at`; minus the bytes of an invalid one (a maximal subpart); or {@link CUT}. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xc2 || lead > 0xf4) {
    return -1;
  }
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The second byte's range depends on the lead: it excludes overlong forms, surrogates, and what is too large.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    if (at + i >= end) {
      return CUT;
    }
    const byte = bytes[at + i] ?? 0;
    if (i === 1 ? byte < low || byte > high : byte < 0x80 || byte > 0xbf) {
      return -i;
    }
  }
  return length;
}

/** The largest length up to `length` that does not cut a UTF-8 sequence in two. */
export function utf8Boundary(bytes: Uint8Array, length: number): number {
  if (length >= bytes.length) {
    return bytes.length;
  }
  let at = length;
  while (at > 0 && length - at < 4 && ((bytes[at] ?? 0) & 0xc0) === 0x80) {
    at -= 1;
  }
  return ((bytes[at] ?? 0) & 0xc0) === 0x80 ? length : at;
}
