import type { RowSource } from './chunk.ts';
import { type Columns, LATEST_ROW_BYTES, type LatestColumns, latestColumns } from './shared-log.ts';

/** The memory of a block. */
export interface BlockBuffers {
  readonly columns: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
  readonly rowCapacity: number;
}

/** Messages that outlived their chunk, oldest first, with their payloads. */
export class LatestBlock implements RowSource {
  readonly id: number;
  readonly buffers: BlockBuffers;
  readonly columns: LatestColumns;
  readonly bytes: Buffer;
  readonly rowCapacity: number;
  rows = 0;
  used = 0;
  /** Rows that are still the newest of their topic. */
  live = 0;

  constructor(id: number, { columns, bytes, rowCapacity }: BlockBuffers) {
    this.id = id;
    this.buffers = { columns, bytes, rowCapacity };
    this.columns = latestColumns(columns, rowCapacity);
    this.bytes = Buffer.from(bytes);
    this.rowCapacity = rowCapacity;
  }

  get first(): number {
    return this.columns.sequence[0] ?? 0;
  }

  get footprint(): number {
    return this.used + this.rows * LATEST_ROW_BYTES;
  }
}

/** Estimated: live rows are taken to be as long as the others. */
export function garbageBytes(block: LatestBlock): number {
  return block.rows === 0 ? 0 : Math.floor((block.footprint * (block.rows - block.live)) / block.rows);
}

/** Copies a row with its `size` bytes behind the last one of `target`, and only then counts it for readers. */
export function copyRow(
  from: Columns,
  bytes: Buffer,
  row: number,
  sequence: number,
  size: number,
  target: LatestBlock,
): void {
  const { columns } = target;
  const index = target.rows;
  const start = from.offset[row] ?? 0;
  // Without a view for each row: it would cost more than the copy.
  bytes.copy(target.bytes, target.used, start, start + size);
  columns.sequence[index] = sequence;
  columns.receivedAt[index] = from.receivedAt[row] ?? 0;
  columns.topicId[index] = from.topicId[row] ?? 0;
  columns.offset[index] = target.used;
  columns.length[index] = from.length[row] ?? 0;
  columns.propertiesLength[index] = from.propertiesLength[row] ?? 0;
  columns.flags[index] = from.flags[row] ?? 0;
  target.used += size;
  target.rows = index + 1;
  Atomics.store(columns.header, 0, target.rows);
}
