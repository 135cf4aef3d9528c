import { allocateChunkBuffers, type ChunkBuffers, type LogChunk } from './chunk.ts';
import { CHUNK_ROW_BYTES } from './shared-log.ts';

const MAX_CHUNK_BYTES = 16 * 1024 * 1024;
const MIN_CHUNK_BYTES = 64 * 1024;
/** A chunk's memory is kept if at most so many times as much of it was touched as the present traffic will use. */
const MAX_WASTE = 1.34;

/** Gives chunks their memory, and keeps that of the last one that went for the next. */
export class ChunkPool {
  /** Of a usual chunk; a payload that is larger gets one of its own size. */
  readonly byteCapacity: number;
  readonly rowCapacity: number;
  #spare: ChunkBuffers | undefined;

  constructor(budget: number) {
    // A sixty-fourth as a power of two: what goes at once is small against what stays.
    const wanted = 2 ** Math.floor(Math.log2(budget / 64));
    this.byteCapacity = Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, wanted));
    this.rowCapacity = Math.floor(this.byteCapacity / 128);
  }

  /** Bytes of the memory that is kept for the next chunk. */
  get bytes(): number {
    const spare = this.#spare;
    return spare === undefined ? 0 : spare.touchedBytes + spare.touchedRows * CHUNK_ROW_BYTES;
  }

  /** Memory for a chunk with room for `size` bytes; throws when there is none to be had. */
  take(size: number): ChunkBuffers {
    // Whole multiples, so that the memory of one large payload fits the next.
    const byteCapacity = Math.ceil(size / this.byteCapacity) * this.byteCapacity;
    const spare = this.#spare;
    if (
      spare !== undefined &&
      spare.bytes.byteLength >= byteCapacity &&
      spare.bytes.byteLength <= byteCapacity * 2
    ) {
      this.#spare = undefined;
      return spare;
    }
    return allocateChunkBuffers(this.rowCapacity, byteCapacity);
  }

  /** Lets go of the memory that is kept. */
  drop(): void {
    this.#spare = undefined;
  }

  /**
   * Takes back the memory of a chunk. New shared memory is returned to the system only when every thread has
   * collected its views, so what fits is used again: unless much of it was touched that chunks like `current`
   * would leave unused.
   */
  recycle(chunk: LogChunk, current: LogChunk): void {
    const { buffers } = chunk;
    buffers.touchedRows = Math.max(buffers.touchedRows, chunk.rows);
    buffers.touchedBytes = Math.max(buffers.touchedBytes, chunk.used);
    const expected = current.used + current.rows * CHUNK_ROW_BYTES;
    if (chunk.footprint <= expected * MAX_WASTE) {
      this.#spare = buffers;
    }
  }
}
