import { Inflate } from 'fflate';
import { formatBytes, formatCount, formatQuantity } from '../../base/format.ts';
import { ItemStop } from '../item-cursor.ts';
import { decodeUtf8 } from '../utf8.ts';
import { AvroCursor } from './avro-cursor.ts';
import type { AvroType } from './avro-type.ts';
import { JsonOut } from './json-out.ts';
import { type AvroSchema, readAvroSchema } from './read-schema.ts';
import { type ReadLimits, ValueReader } from './read-value.ts';

/** Bytes that all blocks of a file may unpack to. */
const MAX_UNPACKED = 64 * 1024 * 1024;
/** Bytes that are unpacked between two looks at the clock. */
const PIECE = 4096;
const SYNC_BYTES = 16;

/** A value, or all of a file, as compact JSON. */
export interface ReadPayload {
  readonly text: string;
  readonly notes: readonly string[];
  /** Why reading ended before the end. */
  readonly stop?: ItemStop;
}

/** Whether the bytes begin an object container file (Avro 1.12): `Obj`, 1. */
export function isContainer(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x4f && bytes[1] === 0x62 && bytes[2] === 0x6a && bytes[3] === 0x01 && bytes.length > 20
  );
}

/** Reads a file by the schema that it carries, as a list. Never throws what its bytes cause. */
export function readContainer(bytes: Uint8Array, limits: ReadLimits): ReadPayload {
  const out = new JsonOut(limits.maxTextLength);
  const cursor = new AvroCursor(bytes);
  const state = { count: 0, values: 0, unpacked: 0, invalidTexts: 0 };
  let head: Head | undefined;
  let stop: ItemStop | undefined;
  try {
    head = readHead(cursor);
    out.open('[');
    while (cursor.left > 0) {
      readBlock(cursor, head, out, limits, state);
    }
    out.close();
  } catch (error) {
    if (!(error instanceof ItemStop)) {
      throw error;
    }
    stop = error;
  }
  const notes = [
    ...(head === undefined
      ? []
      : [
          `Avro file: ${formatQuantity(state.count, 'value')} of ${head.name}, ${head.codec === 'null' ? 'not packed' : head.codec}.`,
        ]),
    ...(state.invalidTexts > 0
      ? [`Not UTF-8 in ${formatQuantity(state.invalidTexts, 'text')}: shown as �.`]
      : []),
  ];
  return { text: out.toString(), notes, ...(stop && { stop }) };
}

interface Head {
  readonly type: AvroType;
  readonly name: string;
  readonly codec: string;
  readonly sync: Uint8Array;
}

function readHead(cursor: AvroCursor): Head {
  cursor.raw(4);
  const metadata = new Map<string, Uint8Array>();
  for (;;) {
    const at = cursor.offset;
    const announced = cursor.long();
    if (announced === 0) {
      break;
    }
    if (announced < 0) {
      cursor.size();
    }
    const count = announced < 0 ? -announced : announced;
    if (count > cursor.left) {
      throw cursor.malformed(`${count} entries of metadata are announced`, at);
    }
    for (let index = 0; index < count; index++) {
      const key = cursor.text(cursor.raw(cursor.size()));
      metadata.set(key, cursor.raw(cursor.size()));
    }
  }
  const written = metadata.get('avro.schema');
  if (written === undefined) {
    throw cursor.malformed('The file carries no schema');
  }
  const { roots, types } = schemaOf(decodeUtf8(written), cursor);
  const [type] = roots;
  if (type === undefined) {
    throw cursor.malformed('The file carries no schema');
  }
  const [name = type.kind] = types.keys();
  const codec = decodeUtf8(metadata.get('avro.codec') ?? new Uint8Array()) || 'null';
  return { type, name, codec, sync: cursor.raw(SYNC_BYTES) };
}

/** The schema that was read last: files of one sender have the same. */
let last: { readonly text: string; readonly schema: AvroSchema } | undefined;

function schemaOf(text: string, cursor: AvroCursor): AvroSchema {
  if (last?.text !== text) {
    try {
      last = { text, schema: readAvroSchema([{ path: 'its schema', text }]) };
    } catch (error) {
      throw cursor.malformed(
        `The schema in the file can’t be used (${error instanceof Error ? error.message : ''})`,
      );
    }
  }
  return last.schema;
}

interface State {
  count: number;
  values: number;
  unpacked: number;
  invalidTexts: number;
}

function readBlock(cursor: AvroCursor, head: Head, out: JsonOut, limits: ReadLimits, state: State): void {
  const at = cursor.offset;
  const count = cursor.size();
  const packed = cursor.raw(cursor.size());
  if (cursor.raw(SYNC_BYTES).some((byte, index) => byte !== head.sync[index])) {
    throw cursor.malformed('A block does not end with the mark of the file', at);
  }
  const reader = new ValueReader(
    unpack(packed, head.codec, at, limits, state),
    { ...limits, maxValues: limits.maxValues - state.values },
    undefined,
    out,
  );
  try {
    for (let index = 0; index < count; index++) {
      reader.read(head.type);
      state.count += 1;
    }
  } catch (error) {
    if (error instanceof ItemStop) {
      throw new ItemStop(
        error.reason,
        at,
        `${error.message}, ${formatCount(error.offset)} bytes into the block`,
      );
    }
    throw error;
  } finally {
    state.values += reader.values;
    state.invalidTexts += reader.invalidTexts;
  }
}

function unpack(packed: Uint8Array, codec: string, at: number, limits: ReadLimits, state: State): Uint8Array {
  if (codec === 'null') {
    return packed;
  }
  if (codec !== 'deflate') {
    throw new ItemStop(
      'malformed',
      at,
      `Its blocks are packed with “${codec.slice(0, 40)}”, which can’t be unpacked here`,
    );
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((piece) => {
    pieces.push(piece);
    length += piece.length;
    if (length + state.unpacked > MAX_UNPACKED) {
      throw new ItemStop('long', at, `The file unpacks to more than ${formatBytes(MAX_UNPACKED)}`);
    }
  });
  try {
    for (let from = 0; from < packed.length; from += PIECE) {
      if (limits.isOver()) {
        throw new ItemStop('timeout', at, 'It took too long to unpack');
      }
      inflate.push(packed.subarray(from, from + PIECE), from + PIECE >= packed.length);
    }
  } catch (error) {
    if (error instanceof ItemStop) {
      throw error;
    }
    throw new ItemStop('malformed', at, 'A block can’t be unpacked');
  }
  state.unpacked += length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
