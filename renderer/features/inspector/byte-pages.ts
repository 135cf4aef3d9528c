/** Bytes fetched at once. */
export const PAGE_BYTES = 64 * 1024;
/** Pages kept: 8 MiB of what was looked at last. */
const MAX_PAGES = 128;

/** Reads a range of the payload. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** The parts of a payload that are or were on screen, fetched when they are wanted. */
export class BytePages {
  readonly size: number;
  readonly #read: ReadBytes;
  readonly #onChange: () => void;
  readonly #onFailure: (error: unknown) => void;
  /** In the order of their last use. */
  readonly #pages = new Map<number, Uint8Array>();
  readonly #pending = new Set<number>();

  constructor(size: number, read: ReadBytes, onChange: () => void, onFailure: (error: unknown) => void) {
    this.size = size;
    this.#read = read;
    this.#onChange = onChange;
    this.#onFailure = onFailure;
  }

  /** The bytes of a range that lies within one page, if they are here. */
  peek(start: number, end: number): Uint8Array | undefined {
    const index = Math.floor(start / PAGE_BYTES);
    const page = this.#pages.get(index);
    const from = start - index * PAGE_BYTES;
    return page?.subarray(from, from + Math.min(end, this.size) - start);
  }

  /** Fetches what of a range is not here yet. */
  want(start: number, end: number): void {
    const last = Math.floor((Math.min(end, this.size) - 1) / PAGE_BYTES);
    for (let index = Math.floor(start / PAGE_BYTES); index <= last; index++) {
      const page = this.#pages.get(index);
      if (page !== undefined) {
        this.#pages.delete(index);
        this.#pages.set(index, page);
      } else if (!this.#pending.has(index)) {
        void this.#fetch(index);
      }
    }
  }

  async #fetch(index: number): Promise<void> {
    this.#pending.add(index);
    try {
      const start = index * PAGE_BYTES;
      this.#keep(index, await this.#read(start, Math.min(PAGE_BYTES, this.size - start)));
      this.#onChange();
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#pending.delete(index);
    }
  }

  #keep(index: number, page: Uint8Array): void {
    this.#pages.set(index, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) {
        break;
      }
      this.#pages.delete(oldest);
    }
  }
}
