/**
 * How the log's memory is laid out and made known to other threads. All buffers are SharedArrayBuffers with
 * one writer, the session worker. Written by `message-log.ts` and `latest-store.ts`, read through `log-reader.ts`.
 *
 * A chunk is an arena of payload bytes with the columns of the messages in it. Chunks follow each other without
 * holes: message `sequence` is row `sequence - firstSequence` of the last chunk that begins at or before it.
 * A latest block holds messages that outlived their chunk because they are the newest of their topic; its rows
 * carry their sequence number, ascending.
 */
export type SharedLogUpdate =
  | { readonly type: 'open'; readonly control: SharedArrayBuffer }
  | {
      readonly type: 'chunk';
      readonly id: number;
      readonly firstSequence: number;
      readonly rowCapacity: number;
      readonly columns: SharedArrayBuffer;
      readonly bytes: SharedArrayBuffer;
    }
  | { readonly type: 'drop-chunk'; readonly id: number }
  | {
      readonly type: 'latest';
      readonly id: number;
      readonly rowCapacity: number;
      readonly columns: SharedArrayBuffer;
      readonly bytes: SharedArrayBuffer;
    }
  | { readonly type: 'drop-latest'; readonly id: number };

/** What a row of the log is. A gap stands for a time without connection; its text is its payload. */
export const RowKind = { received: 0, published: 1, gap: 2 } as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

/** Bits of the flags column: QoS in the lowest two, then retain, dup, and two bits of {@link RowKind}. */
export const RETAIN_FLAG = 4;
export const DUP_FLAG = 8;
const KIND_SHIFT = 4;

export function packFlags(kind: RowKind, qos: number, retain: boolean, dup: boolean): number {
  return qos | (retain ? RETAIN_FLAG : 0) | (dup ? DUP_FLAG : 0) | (kind << KIND_SHIFT);
}

export function kindOf(flags: number): RowKind {
  return ((flags >> KIND_SHIFT) & 3) as RowKind;
}

export function qosOf(flags: number): 0 | 1 | 2 {
  const qos = flags & 3;
  return qos === 1 ? 1 : qos === 2 ? 2 : 0;
}

/** Places in the control buffer (Int32). A sequence number takes two: 31 low bits and the rest. */
export const CONTROL_BYTES = 16;
export const COMMITTED = 0;
export const FIRST = 2;
const LOW_BITS = 0x8000_0000;

/** Publishes a sequence number with one writer; the high part is written only when it changes. */
export function storeSequence(control: Int32Array, place: number, sequence: number): void {
  if (sequence < LOW_BITS) {
    // The rule, and no division: this runs for every message.
    Atomics.store(control, place, sequence);
    return;
  }
  const high = Math.floor(sequence / LOW_BITS);
  if (control[place + 1] !== high) {
    // A reader between these two stores sees its low part change and reads again.
    Atomics.store(control, place, -1);
    Atomics.store(control, place + 1, high);
  }
  Atomics.store(control, place, sequence % LOW_BITS);
}

export function loadSequence(control: Int32Array, place: number): number {
  for (;;) {
    const low = Atomics.load(control, place);
    const high = Atomics.load(control, place + 1);
    if (low >= 0 && Atomics.load(control, place) === low && Atomics.load(control, place + 1) === high) {
      return high * LOW_BITS + low;
    }
  }
}

/** Bytes of the columns of one row in a chunk, and in a latest block. */
export const CHUNK_ROW_BYTES = 29;
export const LATEST_ROW_BYTES = 33;
/** A latest block begins with its committed number of rows and its generation (Int32 each). */
const LATEST_HEADER_BYTES = 8;

/** The columns that chunk and latest block have in common; row `i` is element `i` of each. */
export interface Columns {
  /** Milliseconds since the epoch. */
  readonly receivedAt: Float64Array;
  readonly topicId: Uint32Array;
  /** Where the payload begins in the arena; the encoded properties follow it. */
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly propertiesLength: Uint32Array;
  readonly flags: Uint8Array;
}

export interface ChunkColumns extends Columns {
  /** How many sequence numbers back the previous message of the same topic is; 0: none, or too far. */
  readonly previous: Uint32Array;
}

export interface LatestColumns extends Columns {
  /**
   * Element 0: rows written. Element 1: the generation, raised before the memory is used again: a reader that sees
   * the same one before and after copying has copied what it meant.
   */
  readonly header: Int32Array;
  readonly sequence: Float64Array;
}

/** Views on the columns of a chunk; `buffer` has `rowCapacity * CHUNK_ROW_BYTES` bytes. */
export function chunkColumns(buffer: SharedArrayBuffer, rowCapacity: number): ChunkColumns {
  const word = (index: number) => new Uint32Array(buffer, rowCapacity * (8 + 4 * index), rowCapacity);
  return {
    receivedAt: new Float64Array(buffer, 0, rowCapacity),
    topicId: word(0),
    offset: word(1),
    length: word(2),
    propertiesLength: word(3),
    previous: word(4),
    flags: new Uint8Array(buffer, rowCapacity * 28, rowCapacity),
  };
}

export function latestColumnsBytes(rowCapacity: number): number {
  return LATEST_HEADER_BYTES + rowCapacity * LATEST_ROW_BYTES;
}

/** Views on the columns of a latest block; `buffer` has {@link latestColumnsBytes} bytes. */
export function latestColumns(buffer: SharedArrayBuffer, rowCapacity: number): LatestColumns {
  const start = LATEST_HEADER_BYTES;
  const word = (index: number) =>
    new Uint32Array(buffer, start + rowCapacity * (16 + 4 * index), rowCapacity);
  return {
    header: new Int32Array(buffer, 0, 2),
    sequence: new Float64Array(buffer, start, rowCapacity),
    receivedAt: new Float64Array(buffer, start + rowCapacity * 8, rowCapacity),
    topicId: word(0),
    offset: word(1),
    length: word(2),
    propertiesLength: word(3),
    flags: new Uint8Array(buffer, start + rowCapacity * 32, rowCapacity),
  };
}

/** Row of `sequence` among the first `rows` of ascending `sequences`, or -1. */
export function findSequence(sequences: Float64Array, rows: number, sequence: number): number {
  let low = 0;
  let high = rows - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sequences[middle] ?? 0;
    if (found === sequence) {
      return middle;
    }
    if (found < sequence) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}
