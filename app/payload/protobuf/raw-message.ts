import { decodeStrictUtf8 } from '../utf8.ts';
import { Wire, WireError, WireReader } from './wire.ts';

/** A field as it is on the wire; what its value is meant to be is guessed. */
export interface RawField {
  readonly number: number;
  readonly wire: number;
  /** A number without sign; text; other bytes; or what reads as a message, also that of a group. */
  readonly value: bigint | string | Uint8Array | readonly RawField[];
}

export interface RawLimits {
  readonly maxDepth: number;
  readonly maxFields: number;
  readonly isOver: () => boolean;
}

export interface RawMessage {
  readonly fields: readonly RawField[];
  /** Fields altogether. */
  readonly count: number;
  readonly stopped?: 'items' | 'time';
  readonly broken?: WireError;
}

/** They are what tells text from other bytes; the second leaves out what stands between words and lines. */
const CONTROLS = /[\u0000-\u001f\u007f]/;
const HARD_CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

class Stop extends Error {
  readonly why: 'items' | 'time';

  constructor(why: 'items' | 'time') {
    super(why);
    this.why = why;
  }
}

/** Reads bytes as a message of which nothing is known, as far as they and the limits go. */
export function readRaw(bytes: Uint8Array, limits: RawLimits): RawMessage {
  const fields: RawField[] = [];
  const reading = new RawReading(limits);
  try {
    reading.read(fields, new WireReader(bytes), 0);
  } catch (error) {
    if (error instanceof Stop) {
      return { fields, count: reading.count, stopped: error.why };
    }
    if (error instanceof WireError) {
      return { fields, count: reading.count, broken: error };
    }
    throw error;
  }
  return { fields, count: reading.count };
}

class RawReading {
  readonly #limits: RawLimits;
  count = 0;

  constructor(limits: RawLimits) {
    this.#limits = limits;
  }

  read(into: RawField[], reader: WireReader, depth: number, group?: number): void {
    while (reader.next()) {
      const { field: number, wire } = reader;
      if (wire === Wire.endGroup && number === group) {
        return;
      }
      this.#step();
      if (wire === Wire.varint) {
        into.push({ number, wire, value: reader.varint() });
      } else if (wire === Wire.bytes) {
        into.push({ number, wire, value: this.#guess(reader.slice(), depth) });
      } else if (wire === Wire.group) {
        const value: RawField[] = [];
        into.push({ number, wire, value });
        if (depth >= this.#limits.maxDepth) {
          reader.skipField();
        } else {
          this.read(value, reader, depth + 1, number);
        }
      } else if (wire === Wire.fixed32 || wire === Wire.fixed64) {
        into.push({ number, wire, value: reader.fixed() });
      } else {
        reader.skipField();
      }
    }
    if (group !== undefined) {
      throw new WireError('the bytes end within a group', reader.at);
    }
  }

  #step(): void {
    this.count += 1;
    if (this.count > this.#limits.maxFields) {
      throw new Stop('items');
    }
    if (this.count % 1024 === 0 && this.#limits.isOver()) {
      throw new Stop('time');
    }
  }

  /** Text, a message, or bytes. Text without controls is no message: its tags would be letters, and mostly not fit. */
  #guess(bytes: Uint8Array, depth: number): RawField['value'] {
    const text = decodeStrictUtf8(bytes);
    if (text !== undefined && !CONTROLS.test(text)) {
      return text;
    }
    if (depth < this.#limits.maxDepth && isMessage(bytes, this.#limits.isOver)) {
      const fields: RawField[] = [];
      this.read(fields, new WireReader(bytes), depth + 1);
      return fields;
    }
    return text !== undefined && !HARD_CONTROLS.test(text) ? text : bytes;
  }
}

/** Whether bytes are fields from their beginning to their end. */
function isMessage(bytes: Uint8Array, isOver: () => boolean): boolean {
  const reader = new WireReader(bytes);
  try {
    for (let count = 1; reader.next(); count += 1) {
      reader.skipField();
      if (count % 4096 === 0 && isOver()) {
        return false;
      }
    }
    return true;
  } catch (error) {
    if (error instanceof WireError) {
      return false;
    }
    throw error;
  }
}
