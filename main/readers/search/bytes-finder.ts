import type { RowBlock } from '../../session/log/log-reader.ts';

/** Bytes that are folded at once where case does not matter: short-lived strings that stay in the cache. */
const WINDOW = 32 * 1024;

/** Where a row has the text; bits. */
export const IN_PAYLOAD = 1;
export const IN_PROPERTIES = 2;

export interface FinderOptions {
  readonly matchCase: boolean;
  readonly inPayload: boolean;
  readonly inProperties: boolean;
}

/** Can {@link BytesFinder} look for this text? Case is folded only for ASCII. */
export function isFindable(text: string, matchCase: boolean): boolean {
  return text !== '' && (matchCase || !/[^\x00-\x7f]/.test(text));
}

/**
 * Finds a text in the bytes of many neighbouring messages at once, without decoding them: natively where case matters,
 * else in windows of folded Latin-1, in which ASCII letters are what they are and all other bytes stay apart from them.
 */
export class BytesFinder {
  readonly #needle: Buffer;
  readonly #folded: string;
  readonly #options: FinderOptions;

  constructor(text: string, options: FinderOptions) {
    this.#needle = Buffer.from(text, 'utf8');
    this.#folded = this.#needle.toString('latin1').toLowerCase();
    this.#options = options;
  }

  /** Notes in `hits`, by row of the block from its first on, where the text stands. */
  find(block: RowBlock, hits: Uint8Array): void {
    const { columns, row, end } = block;
    const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
    const from = columns.offset[row] ?? 0;
    const last = end - 1;
    // Torn columns of memory that is in use again: cut, and thrown away by the caller.
    const to = Math.min(
      bytes.length,
      (columns.offset[last] ?? 0) + (columns.length[last] ?? 0) + (columns.propertiesLength[last] ?? 0),
    );
    const size = this.#needle.length;
    if (this.#options.matchCase) {
      const part = bytes.subarray(from, to);
      let at = row;
      for (let place = part.indexOf(this.#needle); place >= 0; ) {
        at = rowAt(columns.offset, at, end, from + place);
        const next = this.#note(block, at, from + place, hits) - from;
        place = part.indexOf(this.#needle, next);
      }
      return;
    }
    let at = row;
    for (let start = from; start < to; start += WINDOW) {
      const stop = Math.min(to, start + WINDOW + size - 1);
      const text = bytes.toString('latin1', start, stop).toLowerCase();
      for (let place = text.indexOf(this.#folded); place >= 0; ) {
        at = rowAt(columns.offset, at, end, start + place);
        place = text.indexOf(this.#folded, this.#note(block, at, start + place, hits) - start);
      }
    }
  }

  /** Takes a find or leaves it; returns where to look on. */
  #note({ columns, row: first }: RowBlock, row: number, place: number, hits: Uint8Array): number {
    const start = columns.offset[row] ?? 0;
    const payloadEnd = start + (columns.length[row] ?? 0);
    const end = payloadEnd + (columns.propertiesLength[row] ?? 0);
    const stop = place + this.#needle.length;
    const { inPayload, inProperties } = this.#options;
    const isPayload = stop <= payloadEnd;
    const isProperties = place >= payloadEnd && stop <= end;
    if (isPayload ? !inPayload : !inProperties || !isProperties) {
      return place + 1;
    }
    hits[row - first] = (hits[row - first] ?? 0) | (isPayload ? IN_PAYLOAD : IN_PROPERTIES);
    // One find is enough for a row's payload, and for its properties.
    return Math.max(place + 1, isPayload ? (inProperties ? payloadEnd : end) : end);
  }
}

/** The last row from `low` on that begins at or before a place. */
function rowAt(offsets: Uint32Array, low: number, end: number, place: number): number {
  let first = low;
  let last = end - 1;
  while (first < last) {
    const middle = (first + last + 1) >>> 1;
    if ((offsets[middle] ?? 0) <= place) {
      first = middle;
    } else {
      last = middle - 1;
    }
  }
  return first;
}
