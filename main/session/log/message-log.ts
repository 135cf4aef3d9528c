import { fail } from '#app/contract/failure.ts';
import { allocateChunkBuffers, type ChunkBuffers, chunkOf, LogChunk, type RowSource } from './chunk.ts';
import { ChunkPool } from './chunk-pool.ts';
import { LatestStore } from './latest-store.ts';
import {
  CHUNK_ROW_BYTES,
  COMMITTED,
  CONTROL_BYTES,
  FIRST,
  packFlags,
  RowKind,
  type SharedLogUpdate,
  storeSequence,
} from './shared-log.ts';
import { TopicLinks } from './topic-links.ts';

export interface MessageLogOptions {
  /** Bytes that payloads, properties and columns may take together. */
  readonly budget: number;
  /** Sequence number of the newest received message of a topic; 0: none. */
  readonly newestReceived: (topicId: number) => number;
  /** Makes the log's memory known to other threads. */
  readonly publish?: (update: SharedLogUpdate) => void;
}

/** Where a row's data lies. Valid until the next append. */
export interface RowPlace {
  readonly source: RowSource;
  readonly row: number;
}

/** How many received messages are where: `kept + evicted + cleared` is what was ever appended as received. */
export interface LogCounts {
  readonly kept: number;
  readonly evicted: number;
  readonly cleared: number;
  readonly published: number;
  /** In use, and what may be used. */
  readonly bytes: number;
  readonly budget: number;
}

/** From this length on, Buffer's native copy into shared memory beats the one of typed arrays (measured). */
const LONG_PAYLOAD = 800;
/** Latest values that one append may move, in rows of a full chunk: beyond that, oldest ones are given up at once. */
const MAX_MOVED_CHUNKS = 2;

/**
 * The columnar log of one session: messages received and published, and gaps, by ascending sequence number from 1.
 * Appending is O(1) and allocates nothing but, now and then, a chunk. Beyond the budget the oldest chunk goes whole;
 * the newest message of each topic moves to the {@link LatestStore} first.
 */
export class MessageLog {
  readonly budget: number;
  readonly #newestReceived: (topicId: number) => number;
  readonly #publish: (update: SharedLogUpdate) => void;
  readonly #control: Int32Array;
  readonly #latest: LatestStore;
  readonly #pool: ChunkPool;
  readonly #links = new TopicLinks();
  #chunks: LogChunk[] = [];
  #current: LogChunk;
  /** Footprint of all chunks but the current one. */
  #closedBytes = 0;
  #nextChunkId = 1;
  #first = 1;
  #evicted = 0;
  #cleared = 0;
  #published = 0;
  #chunkReceived = 0;
  /** Rows up to here were cleared by the user. */
  #clearedThrough = 0;

  constructor(options: MessageLogOptions) {
    this.budget = options.budget;
    this.#newestReceived = options.newestReceived;
    this.#publish = options.publish ?? (() => {});
    this.#pool = new ChunkPool(options.budget);
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    this.#control = new Int32Array(control);
    storeSequence(this.#control, FIRST, 1);
    this.#publish({ type: 'open', control });
    this.#latest = new LatestStore({
      maxBytes: Math.floor(options.budget / 2),
      rowCapacity: this.#pool.rowCapacity,
      byteCapacity: this.#pool.byteCapacity,
      newest: options.newestReceived,
      publish: this.#publish,
      onEvict: (sequences) => this.#countGone(sequences),
    });
    this.#current = new LogChunk(0, 1, allocateChunkBuffers(0, 0), 0);
    this.#open(this.#pool.take(this.#pool.byteCapacity), this.#pool.byteCapacity);
  }

  /** Sequence number of the oldest row of the stream; one more than {@link newestSequence} when it is empty. */
  get firstSequence(): number {
    return this.#first;
  }

  /** Sequence number of the newest row; 0 before the first. */
  get newestSequence(): number {
    return this.#current.first + this.#current.rows - 1;
  }

  get counts(): LogCounts {
    return {
      kept: this.#chunkReceived + this.#latest.live,
      evicted: this.#evicted,
      cleared: this.#cleared,
      published: this.#published,
      bytes: this.#bytes,
      budget: this.budget,
    };
  }

  /**
   * Keeps a received message; `payload` and `properties` are copied. `replaces` is the newest received message
   * of the topic so far (0: none). Returns the sequence number. Throws `log.tooLarge` when it can't be kept at all.
   */
  appendReceived(
    topicId: number,
    payload: Uint8Array,
    receivedAt: number,
    flags: number,
    replaces: number,
    properties: Uint8Array | undefined,
  ): number {
    const sequence = this.#append(topicId, payload, receivedAt, flags, properties);
    this.#current.received += 1;
    this.#chunkReceived += 1;
    if (replaces !== 0 && replaces < this.#first && this.#latest.replace(replaces)) {
      this.#countGone([replaces]);
    }
    return sequence;
  }

  /** Reads what appending to these topics will need; see `TopicTree.prefetch`. */
  prefetch(topicIds: Uint32Array, count: number): number {
    return this.#links.prefetch(topicIds, count);
  }

  /** Keeps a message of our own, as part of the stream and of its topic's history. */
  appendPublished(
    topicId: number,
    payload: Uint8Array,
    sentAt: number,
    qos: number,
    retain: boolean,
    properties: Uint8Array | undefined,
  ): number {
    const flags = packFlags(RowKind.published, qos, retain, false);
    const sequence = this.#append(topicId, payload, sentAt, flags, properties);
    this.#published += 1;
    return sequence;
  }

  /** Marks a time without connection in the stream. Not part of the ledger. */
  appendGap(at: number, text: string): number {
    return this.#append(0, Buffer.from(text), at, packFlags(RowKind.gap, 0, false, false), undefined);
  }

  /** Where a row is: in the stream, or kept as the newest of its topic. */
  find(sequence: number): RowPlace | undefined {
    if (sequence >= this.#first && sequence <= this.newestSequence) {
      const chunk = chunkOf(this.#chunks, sequence);
      return chunk === undefined ? undefined : { source: chunk, row: sequence - chunk.first };
    }
    const place = this.#latest.find(sequence);
    return place === undefined ? undefined : { source: place.block, row: place.row };
  }

  /** The chunk that holds a row of the stream, for scans over many rows. */
  chunkAt(sequence: number): LogChunk | undefined {
    return sequence >= this.#first && sequence <= this.newestSequence
      ? chunkOf(this.#chunks, sequence)
      : undefined;
  }

  /** A part of a payload as a view on shared memory, valid until the next append; `undefined` when it is gone. */
  payload(sequence: number, offset = 0, length = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const place = this.find(sequence);
    if (place === undefined) {
      return undefined;
    }
    const { columns, bytes } = place.source;
    const start = columns.offset[place.row] ?? 0;
    const size = columns.length[place.row] ?? 0;
    const from = Math.min(offset, size);
    return bytes.subarray(start + from, start + Math.min(size, from + length));
  }

  /** The encoded properties as a view, valid until the next append; `undefined` when there are none. */
  properties(sequence: number): Uint8Array | undefined {
    const place = this.find(sequence);
    const columns = place?.source.columns;
    const length = columns?.propertiesLength[place?.row ?? 0] ?? 0;
    if (place === undefined || columns === undefined || length === 0) {
      return undefined;
    }
    const start = (columns.offset[place.row] ?? 0) + (columns.length[place.row] ?? 0);
    return place.source.bytes.subarray(start, start + length);
  }

  /** Newest row of a topic in either direction; 0: none, or no longer kept. */
  newestOf(topicId: number): number {
    const sequence = this.#links.newestOf(topicId);
    return sequence !== 0 && this.find(sequence) !== undefined ? sequence : 0;
  }

  /** The newest received message of a topic, if it has outlived its place in the stream; 0 otherwise. */
  keptOf(topicId: number): number {
    const sequence = this.#newestReceived(topicId);
    return sequence < this.#first && this.#latest.find(sequence) !== undefined ? sequence : 0;
  }

  /** The row before this one on the same topic, if it is still kept; 0 otherwise. */
  previousOf(sequence: number): number {
    const chunk = this.chunkAt(sequence);
    const row = sequence - (chunk?.first ?? 0);
    const distance = chunk?.columns.previous[row] ?? 0;
    const previous = sequence - distance;
    return distance > 0 && this.find(previous) !== undefined ? previous : 0;
  }

  /** Empties the stream; the newest received message of each topic stays. Returns how many received ones went. */
  clear(): number {
    const before = this.#cleared;
    const buffers = this.#pool.take(this.#pool.byteCapacity);
    this.#clearedThrough = this.newestSequence;
    this.#closeCurrent();
    while (this.#chunks.length > 0) {
      this.#evictChunk();
    }
    this.#latest.tidy();
    this.#giveUpBeyondBudget(this.#pool.byteCapacity + this.#pool.rowCapacity * CHUNK_ROW_BYTES);
    this.#open(buffers, this.#pool.byteCapacity);
    return this.#cleared - before;
  }

  get #bytes(): number {
    return this.#closedBytes + this.#current.footprint + this.#pool.bytes + this.#latest.bytes;
  }

  #append(
    topicId: number,
    payload: Uint8Array,
    at: number,
    flags: number,
    properties: Uint8Array | undefined,
  ): number {
    const length = payload.length;
    const propertiesLength = properties === undefined ? 0 : properties.length;
    let chunk = this.#current;
    // Up to 7 bytes are left out so that source and target are aligned alike: shared memory is then copied by words.
    let start = chunk.used + ((payload.byteOffset - chunk.used) & 7);
    if (chunk.rows === chunk.rowCapacity || start + length + propertiesLength > chunk.byteCapacity) {
      chunk = this.#roll(length + propertiesLength + 8);
      start = payload.byteOffset & 7;
    }
    if (length >= LONG_PAYLOAD) {
      chunk.bytes.fill(payload, start, start + length);
    } else {
      chunk.bytes.set(payload, start);
    }
    if (properties !== undefined) {
      chunk.bytes.set(properties, start + length);
    }
    const row = chunk.rows;
    const sequence = chunk.first + row;
    const { columns } = chunk;
    columns.receivedAt[row] = at;
    columns.topicId[row] = topicId;
    columns.offset[row] = start;
    columns.length[row] = length;
    columns.propertiesLength[row] = propertiesLength;
    columns.flags[row] = flags;
    columns.previous[row] = topicId === 0 ? 0 : this.#links.link(topicId, sequence);
    chunk.used = start + length + propertiesLength;
    chunk.rows = row + 1;
    storeSequence(this.#control, COMMITTED, sequence);
    return sequence;
  }

  /** Closes the current chunk and opens one with room for `size` bytes, evicting as the budget demands. */
  #roll(size: number): LogChunk {
    if (size + CHUNK_ROW_BYTES > this.budget) {
      throw fail(
        'log.tooLarge',
        `A message of ${size} bytes is larger than the ${this.budget} bytes that this connection may keep.`,
        'Raise “Message log” in the profile under Advanced.',
      );
    }
    const byteCapacity = Math.max(this.#pool.byteCapacity, size);
    // Before anything changes: this is what may fail.
    const buffers = this.#pool.take(byteCapacity);
    this.#closeCurrent();
    const rowBytes = this.#pool.rowCapacity * CHUNK_ROW_BYTES;
    // Room for the new chunk and for the memory of one that goes, which is kept for the next: so one goes for each
    // that comes, and the same few buffers are used in turns.
    const needed = Math.max(byteCapacity, buffers.touchedBytes) + rowBytes;
    const reserve = this.#pool.byteCapacity + rowBytes;
    const excess = (spare: number) =>
      this.#closedBytes + this.#latest.bytes + needed + Math.max(spare, this.#pool.bytes) - this.budget;
    this.#latest.tidy();
    // Where every message is the newest of its topic, moving them on wins nothing, and half of the stream would move
    // at once when the budget is reached for the first time.
    let movable = MAX_MOVED_CHUNKS * this.#pool.rowCapacity;
    while (this.#chunks.length > 0 && excess(reserve) > 0) {
      if (movable > 0 || this.#latest.bytes === 0) {
        movable -= this.#evictChunk();
        this.#latest.tidy();
      } else {
        this.#latest.giveUp(excess(reserve));
      }
    }
    this.#giveUpBeyondBudget(needed);
    this.#open(buffers, byteCapacity);
    return this.#current;
  }

  /** Makes room for a chunk of so many bytes from what is no part of the stream: spare memory, then the latest values. */
  #giveUpBeyondBudget(needed: number): void {
    const excess = () => this.#closedBytes + this.#latest.bytes + needed + this.#pool.bytes - this.budget;
    if (excess() > 0) {
      this.#pool.drop();
      this.#latest.giveUp(excess());
    }
  }

  #open(buffers: ChunkBuffers, byteCapacity: number): void {
    const chunk = new LogChunk(this.#nextChunkId++, this.newestSequence + 1, buffers, byteCapacity);
    this.#chunks.push(chunk);
    this.#current = chunk;
    this.#publish({
      type: 'chunk',
      id: chunk.id,
      firstSequence: chunk.first,
      rowCapacity: chunk.rowCapacity,
      columns: buffers.columns,
      bytes: buffers.bytes,
    });
  }

  #closeCurrent(): void {
    this.#closedBytes += this.#current.footprint;
  }

  /** Takes the oldest chunk out of the stream; returns how many of its messages were moved. All must be closed. */
  #evictChunk(): number {
    const chunk = this.#chunks[0];
    if (chunk === undefined) {
      return 0;
    }
    const survivors = this.#latest.takeOver(chunk);
    this.#chunks.shift();
    this.#closedBytes -= chunk.footprint;
    this.#chunkReceived -= chunk.received;
    if (chunk.first <= this.#clearedThrough) {
      this.#cleared += chunk.received - survivors;
    } else {
      this.#evicted += chunk.received - survivors;
    }
    this.#first = chunk.end;
    // Readers check this after they have copied: it must be in place before the memory is used again.
    storeSequence(this.#control, FIRST, this.#first);
    this.#publish({ type: 'drop-chunk', id: chunk.id });
    this.#pool.recycle(chunk, this.#current);
    return survivors;
  }

  /** Rows of the latest store have gone, each the newest of its topic until now. */
  #countGone(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      if (sequence <= this.#clearedThrough) {
        this.#cleared += 1;
      } else {
        this.#evicted += 1;
      }
    }
  }
}
