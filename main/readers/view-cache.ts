import type { Codec, Decoded } from '#app/payload/codec.ts';

/** A payload as a codec shows it, with what the answer to its opening needs. */
export interface DecodedView {
  readonly codec: string;
  /** The codec itself, to decode the same again. */
  readonly by: Codec;
  /** Bytes of the payload. */
  readonly size: number;
  readonly decoded: Decoded;
}

/** Bytes that an entry costs beside its text. */
const ENTRY_BYTES = 512;

/**
 * The views that were decoded last, by the ids of their codecs, which tell schemas apart, up to a number of bytes. The newest is kept even when it alone is larger.
 * Whoever needs one that is gone decodes it again.
 */
export class ViewCache {
  /** In the order of their last use: the first is the oldest. */
  readonly #entries = new Map<
    string,
    { readonly sessionId: string; readonly view: DecodedView; readonly bytes: number }
  >();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes in use, estimated at two for each UTF-16 unit. */
  get bytes(): number {
    return this.#bytes;
  }

  get(sessionId: string, sequence: number, codec: string): DecodedView | undefined {
    const key = keyOf(sessionId, sequence, codec);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry?.view;
  }

  add(sessionId: string, sequence: number, codec: string, view: DecodedView): void {
    const key = keyOf(sessionId, sequence, codec);
    this.#remove(key);
    const { decoded } = view;
    const text =
      decoded.shape === 'text' ? decoded.text : decoded.shape === 'image' ? decoded.base64 : undefined;
    const bytes = ENTRY_BYTES + (text?.length ?? 0) * 2;
    this.#entries.set(key, { sessionId, view, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === key) {
        break;
      }
      this.#remove(oldest);
    }
  }

  /** Forgets a session whose sequence numbers are void. */
  removeSession(sessionId: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.sessionId === sessionId) {
        this.#remove(key);
      }
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
    }
  }
}

function keyOf(sessionId: string, sequence: number, codec: string): string {
  return `${sequence} ${codec} ${sessionId}`;
}
