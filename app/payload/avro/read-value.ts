import { formatCount, formatQuantity } from '../../base/format.ts';
import { base64Text } from '../base64.ts';
import { ItemStop, shortestSingle } from '../item-cursor.ts';
import { hexDigits } from '../item-layout.ts';
import { decodeUtf8, utf8Boundary } from '../utf8.ts';
import { AvroCursor } from './avro-cursor.ts';
import type { AvroType, Decimal, FixedType, UnionType } from './avro-type.ts';
import { decimalText } from './decimals.ts';
import { JsonOut } from './json-out.ts';
import { timeText } from './times.ts';
import { bareBranch, type JsonKind } from './union.ts';

/** What reading may cost. */
export interface ReadLimits {
  /** UTF-16 units of JSON. */
  readonly maxTextLength: number;
  readonly maxDepth: number;
  /** Values, those of arrays counted singly: a few bytes may claim any number of nulls. */
  readonly maxValues: number;
  readonly isOver: () => boolean;
}

/** Values between two looks at the clock. */
const VALUES_PER_LOOK = 1024;
/** Bytes of a decimal that is written as a number: printing a larger one takes too long. */
const MAX_DECIMAL = 1024;

/** Reads values by their types and writes them as compact JSON. */
export class ValueReader {
  readonly out: JsonOut;
  readonly #cursor: AvroCursor;
  readonly #limits: ReadLimits;
  #values = 0;

  /** Of a payload of `size` bytes, `bytes` may be the beginning. */
  constructor(
    bytes: Uint8Array,
    limits: ReadLimits,
    size = bytes.length,
    out = new JsonOut(limits.maxTextLength),
  ) {
    this.#cursor = new AvroCursor(bytes, size);
    this.#limits = limits;
    this.out = out;
  }

  /** Values that were begun. */
  get values(): number {
    return this.#values;
  }

  /** The byte that is read next. */
  get offset(): number {
    return this.#cursor.offset;
  }

  /** Texts that are not UTF-8. */
  get invalidTexts(): number {
    return this.#cursor.invalidTexts;
  }

  /** Reads one value. Throws an {@link ItemStop}; what came before it is in `out`. */
  read(type: AvroType): void {
    this.#values += 1;
    if (this.#values > this.#limits.maxValues) {
      throw this.#stop('long', `Only the first ${formatCount(this.#limits.maxValues)} values are shown`);
    }
    if (this.#values % VALUES_PER_LOOK === 0 && this.#limits.isOver()) {
      throw this.#stop('timeout', 'It took too long to read');
    }
    switch (type.kind) {
      case 'union':
        this.#union(type);
        break;
      case 'record':
        this.#open('{');
        for (const { name, type: of } of type.fields) {
          this.out.key(name);
          this.read(of);
        }
        this.out.close();
        break;
      case 'array':
        this.#open('[');
        this.#blocks(isSized(type.items), () => this.read(type.items));
        this.out.close();
        break;
      case 'map':
        this.#open('{');
        this.#blocks(true, () => {
          this.out.key(this.#text());
          this.read(type.values);
        });
        this.out.close();
        break;
      default:
        this.out.value(this.#scalar(type));
    }
  }

  #union(union: UnionType): void {
    const at = this.#cursor.offset;
    const index = this.#cursor.long();
    const branch = union.branches[Number(index)];
    if (branch === undefined) {
      throw this.#cursor.malformed(`Branch ${index} of a union of ${formatCount(union.branches.length)}`, at);
    }
    const label = union.labels[Number(index)] ?? '';
    const isContainer = branch.kind === 'record' || branch.kind === 'map' || branch.kind === 'array';
    if (isContainer || branch.kind === 'union') {
      const isBare = bareBranch(union, branch.kind === 'array' ? 'array' : 'object') === Number(index);
      if (!isBare) {
        this.#open('{');
        this.out.key(label);
      }
      this.read(branch);
      if (!isBare) {
        this.out.close();
      }
      return;
    }
    const json = this.#scalar(branch);
    if (bareBranch(union, kindOf(json)) === Number(index)) {
      this.out.value(json);
    } else {
      this.out.value(`{${JSON.stringify(label)}:${json}}`);
    }
  }

  #open(kind: '{' | '['): void {
    if (this.out.depth >= this.#limits.maxDepth) {
      throw this.#stop('deep', `Nested deeper than ${formatCount(this.#limits.maxDepth)}`);
    }
    this.out.open(kind);
  }

  /** Items in blocks, each with their number before it; a negative one has the block's size behind it. */
  #blocks(hasSize: boolean, readItem: () => void): void {
    for (;;) {
      const at = this.#cursor.offset;
      let count = this.#cursor.long();
      if (count === 0) {
        return;
      }
      if (count < 0) {
        count = -count;
        this.#cursor.size();
      }
      if (hasSize && count > this.#cursor.left) {
        throw this.#cursor.malformed(
          `${count.toLocaleString('en')} items are announced with ${formatQuantity(this.#cursor.left, 'byte')} left`,
          at,
        );
      }
      for (let index = 0; index < count; index++) {
        readItem();
      }
    }
  }

  /** A value that holds no others, as JSON. */
  #scalar(type: Exclude<AvroType, { readonly kind: 'union' | 'record' | 'array' | 'map' }>): string {
    const cursor = this.#cursor;
    const at = cursor.offset;
    switch (type.kind) {
      case 'null':
        return 'null';
      case 'boolean': {
        const byte = Number(cursor.uint(1));
        if (byte > 1) {
          throw cursor.malformed(`A boolean of ${byte}`, at);
        }
        return byte === 1 ? 'true' : 'false';
      }
      case 'int':
      case 'long': {
        const value = type.kind === 'int' ? cursor.int32() : cursor.long();
        const time = type.time && timeText(type.time, value);
        return time === undefined ? String(value) : `"${time}"`;
      }
      case 'float':
        return realText(shortestSingle(cursor.real(4)));
      case 'double':
        return realText(cursor.real(8));
      case 'string':
        return JSON.stringify(this.#text());
      case 'bytes': {
        const bytes = this.#bytes();
        return type.decimal === undefined ? this.#base64(bytes) : this.#decimal(bytes, type.decimal);
      }
      case 'fixed':
        return this.#fixed(type);
      case 'enum': {
        const index = cursor.int32();
        const symbol = type.symbols[index];
        if (symbol === undefined) {
          throw cursor.malformed(`Symbol ${index} of an enum of ${formatCount(type.symbols.length)}`, at);
        }
        return `"${symbol}"`;
      }
    }
  }

  #fixed({ size, logical }: FixedType): string {
    const bytes = this.#cursor.raw(size);
    switch (logical?.kind) {
      case 'decimal':
        return this.#decimal(bytes, logical.decimal);
      case 'uuid':
        return `"${hexDigits(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`;
      case 'duration': {
        const view = new DataView(bytes.buffer, bytes.byteOffset, size);
        const [months, days, millis] = [0, 4, 8].map((at) => view.getUint32(at, true));
        return `{"months":${months},"days":${days},"millis":${millis}}`;
      }
      default:
        if (size * 2 > this.out.room) {
          throw this.#stop('long', 'Longer than can be shown');
        }
        return `"${hexDigits(bytes)}"`;
    }
  }

  #decimal(bytes: Uint8Array, decimal: Decimal): string {
    return bytes.length > 0 && bytes.length <= MAX_DECIMAL
      ? decimalText(bytes, decimal)
      : this.#base64(bytes);
  }

  #base64(bytes: Uint8Array): string {
    return `"${base64Text(bytes)}"`;
  }

  #text(): string {
    const size = this.#size();
    const { bytes, offset, left } = this.#cursor;
    const there = bytes.length - offset;
    if (size <= there || size > left) {
      return this.#cursor.text(this.#cursor.raw(size));
    }
    // The beginning of a payload may hold that of a text: it is worth showing, and what follows it ends the reading.
    return decodeUtf8(
      this.#cursor.raw(there).subarray(0, utf8Boundary(bytes.subarray(offset), Math.max(0, there - 1))),
    );
  }

  /** Bytes with their number before them. */
  #bytes(): Uint8Array {
    return this.#cursor.raw(this.#size());
  }

  /** A number of bytes that follow, as far as there is room for them. */
  #size(): number | bigint {
    const size = this.#cursor.size();
    // In JSON a character of UTF-8 is a third of its bytes or more, and a byte is more than one of Base64.
    if (size <= this.#cursor.left && size > 3 * Math.max(0, this.out.room)) {
      throw this.#stop('long', 'Longer than can be shown');
    }
    return size;
  }

  #stop(reason: 'long' | 'timeout' | 'deep', message: string): ItemStop {
    return new ItemStop(reason, this.#cursor.offset, message);
  }
}

function realText(value: number): string {
  return Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : `"${value}"`;
}

function kindOf(json: string): JsonKind {
  switch (json[0]) {
    case '"':
      return 'string';
    case '{':
      return 'object';
    case 'n':
      return 'null';
    case 't':
    case 'f':
      return 'boolean';
    default:
      return 'number';
  }
}

/** Whether a value takes a byte at least. */
function isSized(type: AvroType): boolean {
  switch (type.kind) {
    case 'null':
      return false;
    case 'fixed':
      return type.size > 0;
    case 'record':
      return type.fields.some(({ type: of }) => of.kind !== 'record' && isSized(of));
    default:
      return true;
  }
}
