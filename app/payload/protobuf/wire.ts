/** Bytes that are not Protobuf, with the place of it. */
export class WireError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'WireError';
    this.offset = offset;
  }
}

/** Wire types of Protobuf. */
export const Wire = { varint: 0, fixed64: 1, bytes: 2, group: 3, endGroup: 4, fixed32: 5 } as const;

/** Goes through the fields of one Protobuf message without copying; throws a {@link WireError} where it is none. */
export class WireReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  field = 0;
  wire = 0;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
    this.#end = end;
  }

  /** Bytes up to here are read. */
  get at(): number {
    return this.#at;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  /** Reads the tag of the next field; false at the end. */
  next(): boolean {
    if (this.#at >= this.#end) {
      return false;
    }
    const start = this.#at;
    const tag = this.#small();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field < 1 || this.field > 0x1fffffff) {
      throw new WireError('no field has this number', start);
    }
    return true;
  }

  /** A number that is mostly small, as tags and lengths are; beyond 2^53 not exact, which no field or length can be. */
  #small(): number {
    const start = this.#at;
    let value = 0;
    for (let shift = 0; shift < 28 && this.#at < this.#end; shift += 7) {
      const byte = this.bytes[this.#at] ?? 0;
      this.#at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    this.#at = start;
    return Number(this.varint());
  }

  varint(): bigint {
    let low = 0;
    let high = 0n;
    for (let index = 0; index < 10; index += 1) {
      if (this.#at >= this.#end) {
        throw new WireError('the bytes end within a number', this.#at);
      }
      const byte = this.bytes[this.#at] ?? 0;
      this.#at += 1;
      if (index < 4) {
        low |= (byte & 0x7f) << (7 * index);
      } else {
        high |= BigInt(byte & 0x7f) << BigInt(7 * index);
      }
      if (byte < 0x80) {
        return BigInt.asUintN(64, high | BigInt(low));
      }
    }
    throw new WireError('a number has more than ten bytes', this.#at);
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Where the bytes of a field lie. */
  range(): { readonly from: number; readonly end: number } {
    const start = this.#at;
    const length = this.#small();
    if (length > this.#end - this.#at) {
      throw new WireError('a field is longer than what is left', start);
    }
    const from = this.#take(length);
    return { from, end: this.#at };
  }

  slice(): Uint8Array {
    const { from, end } = this.range();
    return this.bytes.subarray(from, end);
  }

  /** The message that a field holds. */
  message(): WireReader {
    const { from, end } = this.range();
    return new WireReader(this.bytes, from, end);
  }

  skip(): void {
    switch (this.wire) {
      case Wire.varint:
        this.varint();
        break;
      case Wire.fixed64:
        this.#take(8);
        break;
      case Wire.bytes:
        this.range();
        break;
      case Wire.fixed32:
        this.#take(4);
        break;
      default:
        throw new WireError(`wire type ${this.wire} is not known`, this.#at);
    }
  }

  /** Skips a field, also a group with all that is in it. */
  skipField(): void {
    const open: number[] = [];
    for (;;) {
      if (this.wire === Wire.group) {
        open.push(this.field);
      } else if (this.wire !== Wire.endGroup) {
        this.skip();
      } else if (open.pop() !== this.field) {
        throw new WireError('a group ends that was not begun', this.#at);
      }
      if (open.length === 0) {
        return;
      }
      if (!this.next()) {
        throw new WireError('the bytes end within a group', this.#at);
      }
    }
  }

  /** Eight or four bytes as a number without sign. */
  fixed(): bigint {
    return this.wire === Wire.fixed64
      ? this.#view.getBigUint64(this.#take(8), true)
      : BigInt(this.#view.getUint32(this.#take(4), true));
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) {
      throw new WireError('the bytes end within a field', start);
    }
    this.#at = start + length;
    return start;
  }
}
