import { decodeUtf8, findInvalidUtf8 } from '../utf8.ts';
import type { Field, MessageType } from './link.ts';
import { emptyMessage, isMessage, type MessageValue, type Value, wireOf, zeroOf } from './message-value.ts';
import { Wire, WireError, WireReader } from './wire.ts';

/** A field that the schema does not have, or has otherwise. */
export interface StrangeField {
  /** Path of the message that it stands in, and its number: `inner.12`. */
  readonly path: string;
  readonly wire: number;
  /** The field that the schema has by this number, of another kind. */
  readonly field?: Field;
}

export interface MessageLimits {
  readonly maxDepth: number;
  /** Values altogether. */
  readonly maxItems: number;
  readonly isOver: () => boolean;
}

export interface ReadMessage {
  readonly message: MessageValue;
  /** Values read. */
  readonly items: number;
  /** The first of the strange ones, and how many there are. */
  readonly strange: readonly StrangeField[];
  readonly strangeCount: number;
  /** Texts that are not UTF-8. */
  readonly invalidTexts: number;
  /** Why reading ended before the bytes did. */
  readonly stopped?: 'items' | 'time';
  /** Messages were left out, being too deep within others. */
  readonly isTooDeep: boolean;
  /** The bytes are not what they should be from here on. */
  readonly broken?: WireError;
}

const MAX_STRANGE = 20;
class Stop extends Error {
  readonly why: 'items' | 'time';

  constructor(why: 'items' | 'time') {
    super(why);
    this.why = why;
  }
}

/** Reads a message by its type, as far as the bytes and the limits allow; never throws for what the bytes hold. */
export function readMessage(type: MessageType, bytes: Uint8Array, limits: MessageLimits): ReadMessage {
  const reading = new Reading(limits);
  const message = emptyMessage(type);
  let stopped: ReadMessage['stopped'];
  let broken: WireError | undefined;
  try {
    reading.read(message, new WireReader(bytes), '', 0);
  } catch (error) {
    if (error instanceof Stop) {
      stopped = error.why;
    } else if (error instanceof WireError) {
      broken = error;
    } else {
      throw error;
    }
  }
  const { items, strange, strangeCount, invalidTexts, isTooDeep } = reading;
  return {
    message,
    items,
    strange,
    strangeCount,
    invalidTexts,
    isTooDeep,
    ...(stopped === undefined ? {} : { stopped }),
    ...(broken === undefined ? {} : { broken }),
  };
}

class Reading {
  readonly #limits: MessageLimits;
  readonly strange: StrangeField[] = [];
  items = 0;
  strangeCount = 0;
  invalidTexts = 0;
  isTooDeep = false;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  /** Up to the end of the bytes, or to the tag that ends the group of this number. */
  read(into: MessageValue, reader: WireReader, path: string, depth: number, group?: number): void {
    while (reader.next()) {
      const { wire } = reader;
      if (wire === Wire.endGroup && reader.field === group) {
        return;
      }
      const field = into.type.byNumber.get(reader.field);
      if (field === undefined) {
        this.#skip(reader, path, undefined);
        continue;
      }
      const expected = wireOf(field);
      if (wire === expected) {
        this.#count();
        this.#one(into, field, reader, path, depth);
      } else if (field.isRepeated && wire === Wire.bytes && expected !== Wire.group) {
        this.#packed(into, field, reader);
      } else {
        this.#skip(reader, path, field);
      }
    }
    if (group !== undefined) {
      throw new WireError('the bytes end within a group', reader.at);
    }
  }

  #count(): void {
    this.items += 1;
    if (this.items > this.#limits.maxItems) {
      throw new Stop('items');
    }
    if (this.items % 1024 === 0 && this.#limits.isOver()) {
      throw new Stop('time');
    }
  }

  #one(into: MessageValue, field: Field, reader: WireReader, path: string, depth: number): void {
    const { type, map } = field;
    if (typeof type !== 'object' || type.kind !== 'message') {
      put(into, field, this.#scalar(field, reader));
      return;
    }
    const group = reader.wire === Wire.group ? reader.field : undefined;
    if (depth >= this.#limits.maxDepth) {
      this.isTooDeep = true;
      reader.skipField();
      return;
    }
    const inner = group === undefined ? reader.message() : reader;
    const place = `${path}${field.name}.`;
    if (map !== undefined) {
      const entry = emptyMessage(type);
      try {
        this.read(entry, inner, place, depth + 1, group);
      } finally {
        putEntry(into, field, entry, map);
      }
      return;
    }
    // Parts of one message may come apart: they are merged.
    const [before] = field.isRepeated ? [] : (into.values.get(field) ?? []);
    const message = isMessage(before) ? before : emptyMessage(type);
    if (message !== before) {
      put(into, field, message);
    }
    this.read(message, inner, place, depth + 1, group);
  }

  #packed(into: MessageValue, field: Field, reader: WireReader): void {
    const { from, end } = reader.range();
    const inner = new WireReader(reader.bytes, from, end);
    inner.wire = wireOf(field);
    while (inner.hasMore) {
      this.#count();
      put(into, field, this.#scalar(field, inner));
    }
  }

  #scalar({ type }: Field, reader: WireReader): Value {
    switch (type) {
      case 'double':
        return reader.double();
      case 'float':
        return reader.float();
      case 'int32':
        return BigInt.asIntN(32, reader.varint());
      case 'int64':
        return BigInt.asIntN(64, reader.varint());
      case 'uint32':
        return BigInt.asUintN(32, reader.varint());
      case 'uint64':
        return reader.varint();
      case 'sint32':
        return BigInt.asIntN(32, unzigzag(BigInt.asUintN(32, reader.varint())));
      case 'sint64':
        return unzigzag(reader.varint());
      case 'fixed32':
      case 'fixed64':
        return reader.fixed();
      case 'sfixed32':
        return BigInt.asIntN(32, reader.fixed());
      case 'sfixed64':
        return BigInt.asIntN(64, reader.fixed());
      case 'bool':
        return reader.varint() !== 0n;
      case 'bytes':
        return reader.slice();
      case 'string':
        return this.#text(reader.slice());
      default:
        return BigInt.asIntN(32, reader.varint());
    }
  }

  #text(bytes: Uint8Array): string {
    if (findInvalidUtf8(bytes, { end: bytes.length, mayBeCut: false }) !== undefined) {
      this.invalidTexts += 1;
    }
    return decodeUtf8(bytes);
  }

  #skip(reader: WireReader, path: string, field: Field | undefined): void {
    const { wire, field: number } = reader;
    if (wire === Wire.endGroup) {
      throw new WireError('a group ends that was not begun', reader.at);
    }
    this.#count();
    this.strangeCount += 1;
    if (this.strange.length < MAX_STRANGE) {
      this.strange.push({
        path: `${path}${field?.name ?? number}`,
        wire,
        ...(field === undefined ? {} : { field }),
      });
    }
    reader.skipField();
  }
}

function put(into: MessageValue, field: Field, value: Value): void {
  const before = into.values.get(field);
  if (field.isRepeated && before !== undefined) {
    before.push(value);
    return;
  }
  if (field.oneof !== undefined) {
    // Of alternatives the last counts.
    for (const other of into.values.keys()) {
      if (other !== field && other.oneof === field.oneof) {
        into.values.delete(other);
      }
    }
  }
  into.values.set(field, [value]);
}

function putEntry(
  into: MessageValue,
  field: Field,
  entry: MessageValue,
  { key, value }: NonNullable<Field['map']>,
): void {
  const name = entry.values.get(key)?.[0] ?? zeroOf(key);
  let map = into.maps.get(field);
  if (map === undefined) {
    map = new Map();
    into.maps.set(field, map);
  }
  map.set(String(name), entry.values.get(value)?.[0] ?? zeroOf(value));
}

/** Signed numbers as they are written with few bytes: 0, -1, 1, -2. */
function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
