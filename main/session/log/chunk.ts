import { CHUNK_ROW_BYTES, type ChunkColumns, type Columns, chunkColumns } from './shared-log.ts';

/** Rows with their payloads, wherever they are kept. */
export interface RowSource {
  readonly columns: Columns;
  /** A Buffer: its native copy is faster for long payloads, and it turns into strings quickly. */
  readonly bytes: Buffer;
  /** Bytes written so far. */
  readonly used: number;
}

/** The memory of a chunk, reusable once its rows are gone. */
export interface ChunkBuffers {
  readonly columns: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
  readonly rowCapacity: number;
  /** How much of it was ever written, and so may be resident. */
  touchedRows: number;
  touchedBytes: number;
}

export function allocateChunkBuffers(rowCapacity: number, byteCapacity: number): ChunkBuffers {
  return {
    columns: new SharedArrayBuffer(rowCapacity * CHUNK_ROW_BYTES),
    bytes: new SharedArrayBuffer(byteCapacity),
    rowCapacity,
    touchedRows: 0,
    touchedBytes: 0,
  };
}

/** Stands in the flags column of rows that were not written yet; no flags of a message have all bits set. */
export const UNWRITTEN = 0xff;

/** An arena of payload bytes with the columns of the messages in it. Only the log writes to it. */
export class LogChunk implements RowSource {
  readonly id: number;
  readonly first: number;
  readonly buffers: ChunkBuffers;
  readonly columns: ChunkColumns;
  readonly bytes: Buffer;
  readonly rowCapacity: number;
  /** Bytes that may be used: the buffer may be longer, the budget was kept for so much. */
  readonly byteCapacity: number;
  rows = 0;
  used = 0;
  /** How many of the rows are received messages. */
  received = 0;

  constructor(id: number, first: number, buffers: ChunkBuffers, byteCapacity: number) {
    this.id = id;
    this.first = first;
    this.buffers = buffers;
    this.columns = chunkColumns(buffers.columns, buffers.rowCapacity);
    // A reader that has not heard of the next chunk must not take what lies behind the last row for a message.
    this.columns.flags.fill(UNWRITTEN);
    this.bytes = Buffer.from(buffers.bytes);
    this.rowCapacity = buffers.rowCapacity;
    this.byteCapacity = byteCapacity;
  }

  /** The sequence number after the last row. */
  get end(): number {
    return this.first + this.rows;
  }

  /** Bytes that this chunk keeps from the rest of the machine: what was ever touched of its buffers. */
  get footprint(): number {
    const { buffers } = this;
    return (
      Math.max(buffers.touchedRows, this.rows) * CHUNK_ROW_BYTES + Math.max(buffers.touchedBytes, this.used)
    );
  }
}

/** The last chunk of ascending `chunks` that begins at or before `sequence`. */
export function chunkOf<C extends { readonly first: number }>(
  chunks: readonly C[],
  sequence: number,
): C | undefined {
  let low = 0;
  let high = chunks.length - 1;
  let found: C | undefined;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle];
    if (chunk === undefined || chunk.first > sequence) {
      high = middle - 1;
    } else {
      found = chunk;
      low = middle + 1;
    }
  }
  return found;
}
