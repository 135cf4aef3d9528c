import type { LogChunk } from './chunk.ts';
import { type BlockBuffers, copyRow, garbageBytes, LatestBlock } from './latest-block.ts';
import {
  type Columns,
  findSequence,
  LATEST_ROW_BYTES,
  latestColumnsBytes,
  type SharedLogUpdate,
} from './shared-log.ts';

/** Blocks whose memory is kept for the next ones. */
const MAX_SPARES = 3;

/** A row of the store as its columns and place. */
export interface LatestPlace {
  readonly block: LatestBlock;
  readonly row: number;
}

export interface LatestStoreOptions {
  /** Bytes that the store may take. */
  readonly maxBytes: number;
  readonly rowCapacity: number;
  readonly byteCapacity: number;
  /** The newest received message of a topic; 0: none. A row counts while it is that message. */
  readonly newest: (topicId: number) => number;
  readonly publish: (update: SharedLogUpdate) => void;
  /** These rows (still newest of their topic, ascending) had to go. */
  readonly onEvict: (sequences: readonly number[]) => void;
}

/**
 * Keeps the newest message of each topic after its chunk has gone. Rows are in ascending order of sequence;
 * a row that is no longer the newest of its topic stays as garbage until its block is rewritten or dropped.
 */
export class LatestStore {
  readonly #options: LatestStoreOptions;
  #blocks: LatestBlock[] = [];
  /** Memory for coming blocks: left to the garbage collectors of all threads, it would pile up. */
  readonly #spares: BlockBuffers[] = [];
  #nextId = 1;
  #bytes = 0;
  #live = 0;

  constructor(options: LatestStoreOptions) {
    this.#options = options;
  }

  /** Bytes in use, garbage included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Messages kept. */
  get live(): number {
    return this.#live;
  }

  /** Takes over the rows of a chunk that are the newest of their topic, unless one alone is too large. Returns how many. */
  takeOver(chunk: LogChunk): number {
    const { columns } = chunk;
    let taken = 0;
    for (let row = 0; row < chunk.rows; row++) {
      const topicId = columns.topicId[row] ?? 0;
      const sequence = chunk.first + row;
      if (topicId === 0 || this.#options.newest(topicId) !== sequence) {
        continue;
      }
      const size = (columns.length[row] ?? 0) + (columns.propertiesLength[row] ?? 0);
      if (size + LATEST_ROW_BYTES > this.#options.maxBytes) {
        continue;
      }
      this.#append(columns, chunk.bytes, row, sequence, size);
      taken += 1;
    }
    this.#live += taken;
    return taken;
  }

  /** `sequence` is no longer the newest of its topic. True if it was kept here. */
  replace(sequence: number): boolean {
    const place = this.find(sequence);
    if (place === undefined) {
      return false;
    }
    place.block.live -= 1;
    this.#live -= 1;
    return true;
  }

  /** Where a message is that is still the newest of its topic. */
  find(sequence: number): LatestPlace | undefined {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      if (block === undefined || block.first > sequence) {
        high = middle - 1;
      } else if ((block.columns.sequence[block.rows - 1] ?? 0) < sequence) {
        low = middle + 1;
      } else {
        const row = findSequence(block.columns.sequence, block.rows, sequence);
        const isNewest = this.#options.newest(block.columns.topicId[row] ?? 0) === sequence;
        return row >= 0 && isNewest ? { block, row } : undefined;
      }
    }
    return undefined;
  }

  /** Keeps to the budget: garbage goes first, then the oldest rows. Does a bounded amount of work a call. */
  tidy(): void {
    this.#dropEmpty();
    this.#compactOnce();
    while (this.#bytes > this.#options.maxBytes && this.#blocks.length > 0) {
      if (!this.#compactOnce()) {
        this.#evictOldest();
      }
    }
  }

  /** Makes so many bytes free at least, if it has them: the oldest go. */
  giveUp(bytes: number): void {
    const limit = this.#bytes - bytes;
    while (this.#bytes > limit && this.#blocks.length > 0) {
      this.#evictOldest();
    }
  }

  #append(columns: Columns, bytes: Buffer, row: number, sequence: number, size: number): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.rows === block.rowCapacity || block.used + size > block.bytes.length) {
      block = this.#create(1, size);
      this.#blocks.push(block);
      copyRow(columns, bytes, row, sequence, size, block);
      this.#announce(block);
    } else {
      copyRow(columns, bytes, row, sequence, size, block);
    }
    block.live += 1;
    this.#bytes += size + LATEST_ROW_BYTES;
  }

  /** A block with room for so much at least; of the usual size it takes memory that was in use before. */
  #create(rows: number, bytes: number): LatestBlock {
    const rowCapacity = Math.max(this.#options.rowCapacity, rows);
    const byteCapacity = Math.max(this.#options.byteCapacity, bytes);
    const isUsual = rowCapacity === this.#options.rowCapacity && byteCapacity === this.#options.byteCapacity;
    const buffers = (isUsual ? this.#spares.pop() : undefined) ?? {
      columns: new SharedArrayBuffer(latestColumnsBytes(rowCapacity)),
      bytes: new SharedArrayBuffer(byteCapacity),
      rowCapacity,
    };
    const block = new LatestBlock(this.#nextId++, buffers);
    // In this order, before anything is written: see the header's description.
    Atomics.store(block.columns.header, 0, 0);
    Atomics.add(block.columns.header, 1, 1);
    return block;
  }

  #announce(block: LatestBlock): void {
    this.#options.publish({ type: 'latest', id: block.id, ...block.buffers });
  }

  #drop(block: LatestBlock): void {
    this.#bytes -= block.footprint;
    this.#options.publish({ type: 'drop-latest', id: block.id });
    const { rowCapacity, byteCapacity } = this.#options;
    const isUsual = block.rowCapacity === rowCapacity && block.bytes.length === byteCapacity;
    if (isUsual && this.#spares.length < MAX_SPARES) {
      this.#spares.push(block.buffers);
    }
  }

  #dropEmpty(): void {
    if (this.#blocks.some((block) => block.live === 0)) {
      this.#blocks = this.#blocks.filter((block) => {
        if (block.live === 0) {
          this.#drop(block);
        }
        return block.live > 0;
      });
    }
  }

  /** Rewrites the neighbours with the most garbage as one block, if that is worth its while. */
  #compactOnce(): boolean {
    const { rowCapacity, byteCapacity } = this.#options;
    let best = -1;
    let bestGain = 0;
    for (let index = 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      const next = this.#blocks[index + 1];
      if (block === undefined) {
        continue;
      }
      const liveRows = block.live + (next?.live ?? 0);
      const garbage = garbageBytes(block) + (next === undefined ? 0 : garbageBytes(next));
      const total = block.footprint + (next?.footprint ?? 0);
      const fits = liveRows <= rowCapacity && total - garbage <= byteCapacity;
      // Half of it garbage: each byte is copied once for each byte that is won.
      if (fits && garbage * 2 >= total && garbage > bestGain) {
        best = index;
        bestGain = garbage;
      }
    }
    if (best < 0) {
      return false;
    }
    const sources = this.#blocks.slice(best, best + 2);
    const places = sources.flatMap((block) => this.#liveRows(block).map((row) => ({ block, row })));
    const sizes = places.map(
      ({ block, row }) => (block.columns.length[row] ?? 0) + (block.columns.propertiesLength[row] ?? 0),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const target = this.#create(places.length, total);
    places.forEach(({ block, row }, index) => {
      const sequence = block.columns.sequence[row] ?? 0;
      copyRow(block.columns, block.bytes, row, sequence, sizes[index] ?? 0, target);
    });
    target.live = places.length;
    this.#bytes += target.footprint;
    this.#announce(target);
    this.#blocks.splice(best, sources.length, target);
    for (const block of sources) {
      this.#drop(block);
    }
    return true;
  }

  #evictOldest(): void {
    const block = this.#blocks.shift();
    if (block !== undefined) {
      const sequences = this.#liveRows(block).map((row) => block.columns.sequence[row] ?? 0);
      this.#live -= sequences.length;
      this.#drop(block);
      this.#options.onEvict(sequences);
    }
  }

  #liveRows(block: LatestBlock): number[] {
    const rows: number[] = [];
    for (let row = 0; row < block.rows; row++) {
      if (this.#options.newest(block.columns.topicId[row] ?? 0) === block.columns.sequence[row]) {
        rows.push(row);
      }
    }
    return rows;
  }
}
