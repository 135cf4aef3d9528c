import zlib from 'node:zlib';
import { formatBytes } from '#app/base/format.ts';
import { charsetOfXml, decodeCharset, utf16ByMark } from '#app/payload/charset.ts';
import { looksBinary } from '#app/payload/sample.ts';

/** Wrappings inside each other that are taken off. */
const MAX_LAYERS = 4;
/** Bytes of a payload from which on brotli, which has no mark, is tried without being named. */
const MIN_GUESSED = 12;

interface Wrapping {
  readonly name: string;
  /** What it begins with says enough to name a failure; elsewhere other bytes may begin so too. */
  readonly isSure: boolean;
  matches(bytes: Uint8Array, named: string | undefined): boolean;
  unpack(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
}

const wrappings: readonly Wrapping[] = [
  {
    name: 'gzip',
    isSure: true,
    matches: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8,
    unpack: zlib.gunzipSync,
  },
  {
    name: 'zlib',
    isSure: false,
    // RFC 1950: deflate with a window of 32 KB, a check of the two bytes, and no dictionary that only the sender has.
    matches: ([first = 0, second = 0]) =>
      first === 0x78 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0,
    unpack: zlib.inflateSync,
  },
  // Node 20 has no zstd: its payloads are shown as they came there.
  ...(typeof zlib.zstdDecompressSync === 'function'
    ? [
        {
          name: 'zstd',
          isSure: true,
          matches: (bytes: Uint8Array) =>
            bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd,
          unpack: zlib.zstdDecompressSync,
        },
      ]
    : []),
  {
    name: 'brotli',
    isSure: true,
    matches: (_bytes, named) => named === 'brotli',
    unpack: zlib.brotliDecompressSync,
  },
  {
    name: 'brotli',
    isSure: false,
    // RFC 7932, section 9.1: windows of 4 MB or 16 MB, as encoders make them where nobody asks for another.
    matches: (bytes) =>
      bytes.length >= MIN_GUESSED && [0xb, 0xf].includes((bytes[0] ?? 0) & 0xf) && looksBinary(bytes),
    unpack(bytes, options) {
      const unpacked = zlib.brotliDecompressSync(bytes, options);
      // Other bytes may be brotli by chance, but hardly brotli of a longer text.
      if (unpacked.length <= bytes.length || looksBinary(unpacked)) {
        throw new Error('Not a text.');
      }
      return unpacked;
    },
  },
];

/** What a message says of its payload. */
export interface PackingHints {
  readonly contentType?: string;
  /** As in HTTP (RFC 9110, section 8.4), where a user property of the message has it. */
  readonly contentEncoding?: string;
}

/** A payload without its wrappings. */
export interface Unwrapped {
  /** Text is in UTF-8 here, where it says that it is in another charset. */
  readonly bytes: Uint8Array;
  /** Unpacked, and text in the charset in which it came. */
  readonly unpacked: Uint8Array;
  /** From the outside in: `gzip`, `UTF-16 LE`. */
  readonly layers: readonly string[];
  /** Why a wrapping stayed on. */
  readonly problem: string | undefined;
}

/**
 * Takes gzip, zlib, zstd and brotli off a payload, each layer up to `maxBytes`: what would unpack to more stays as it
 * is, and is never in memory as a whole. Text that names its charset is turned into UTF-8. Never throws.
 */
export function unwrap(payload: Uint8Array, maxBytes: number, hints: PackingHints = {}): Unwrapped {
  const layers: string[] = [];
  const named = namedPacking(hints);
  let unpacked = payload;
  let problem: string | undefined;
  while (layers.length < MAX_LAYERS && problem === undefined) {
    const current = unpacked;
    const wrapping = wrappings.find(({ matches }) =>
      matches(current, layers.length === 0 ? named : undefined),
    );
    if (wrapping === undefined) {
      break;
    }
    try {
      unpacked = wrapping.unpack(current, { maxOutputLength: maxBytes });
      layers.push(wrapping.name);
    } catch (error) {
      problem = problemOf(wrapping, error, maxBytes);
      break;
    }
  }
  const charset = utf16ByMark(unpacked) ?? charsetOfXml(unpacked);
  if (charset === undefined || unpacked.length > maxBytes) {
    return { bytes: unpacked, unpacked, layers, problem };
  }
  const bytes = Buffer.from(decodeCharset(unpacked, charset.label).text);
  return { bytes, unpacked, layers: [...layers, charset.name], problem };
}

/** Brotli where the message says so; the others are known by how they begin. */
function namedPacking({ contentType = '', contentEncoding = '' }: PackingHints): string | undefined {
  return /^(?:br|brotli)$/i.test(contentEncoding.trim()) ||
    /^application\/(?:x-)?(?:br|brotli)\b/i.test(contentType)
    ? 'brotli'
    : undefined;
}

function problemOf({ name, isSure }: Wrapping, error: unknown, maxBytes: number): string | undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
    return isSure || name !== 'brotli'
      ? `Unpacked from ${name} it would be larger than ${formatBytes(maxBytes)}: shown as it came.`
      : undefined;
  }
  return isSure
    ? `Begins like ${name}, but cannot be unpacked (${error instanceof Error ? error.message : String(error)}): shown as it came.`
    : undefined;
}

/** `gzip → JSON, 1.2 KB → 14 KB` and what went wrong, as notes of the view. */
export function unwrapNotes({ bytes, layers, problem }: Unwrapped, size: number, label: string): string[] {
  const chain =
    layers.length === 0
      ? []
      : [`${[...layers, label].join(' → ')}, ${formatBytes(size)} → ${formatBytes(bytes.length)}`];
  return problem === undefined ? chain : [...chain, problem];
}
