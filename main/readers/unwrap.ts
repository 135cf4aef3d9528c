import zlib from 'node:zlib';
import { formatBytes } from '#app/base/format.ts';

/** Wrappings inside each other that are taken off. */
const MAX_LAYERS = 4;

interface Wrapping {
  readonly name: string;
  /** What it begins with says enough to name a failure; elsewhere other bytes may begin so too. */
  readonly isSure: boolean;
  matches(bytes: Uint8Array): boolean;
  unpack(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Buffer;
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
];

/** A payload without its wrappings. */
export interface Unwrapped {
  readonly bytes: Uint8Array;
  /** From the outside in: `gzip`. */
  readonly layers: readonly string[];
  /** Why a wrapping stayed on. */
  readonly problem: string | undefined;
}

/**
 * Takes gzip, zlib and zstd off a payload, each layer up to `maxBytes`: what would unpack to more stays as it is, and is
 * never in memory as a whole. Never throws.
 */
export function unwrap(payload: Uint8Array, maxBytes: number): Unwrapped {
  const layers: string[] = [];
  let bytes = payload;
  while (layers.length < MAX_LAYERS) {
    const current = bytes;
    const wrapping = wrappings.find(({ matches }) => matches(current));
    if (wrapping === undefined) {
      break;
    }
    try {
      bytes = wrapping.unpack(current, { maxOutputLength: maxBytes });
    } catch (error) {
      const problem = problemOf(wrapping, error, maxBytes);
      return { bytes, layers, problem };
    }
    layers.push(wrapping.name);
  }
  return { bytes, layers, problem: undefined };
}

function problemOf({ name, isSure }: Wrapping, error: unknown, maxBytes: number): string | undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
    return `Unpacked from ${name} it would be larger than ${formatBytes(maxBytes)}: shown as it came.`;
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
