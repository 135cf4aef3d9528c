import { exact, ItemCursor } from '../item-cursor.ts';

/** Bytes of the longest 64-bit integer. */
const MAX_VARINT = 10;

/** Reads the primitives of Avro's binary encoding. */
export class AvroCursor extends ItemCursor {
  /** A zig-zag integer of 64 bits; a bigint only where a double would alter it. */
  long(): number | bigint {
    const at = this.offset;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = Number(this.uint(1));
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return (low >>> 1) ^ -(low & 1);
      }
    }
    let value = BigInt(low);
    for (let shift = 28n; ; shift += 7n) {
      const byte = Number(this.uint(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80 && (shift < 63n || byte < 2)) {
        return exact((value >> 1n) ^ -(value & 1n));
      }
      if (this.offset - at >= MAX_VARINT) {
        throw this.malformed('An integer of more than 64 bits', at);
      }
    }
  }

  /** The same in 32 bits. */
  int32(): number {
    const at = this.offset;
    const value = this.long();
    if (typeof value === 'bigint' || value !== (value | 0)) {
      throw this.malformed('An int of more than 32 bits', at);
    }
    return value;
  }

  /** How many bytes or items follow. */
  size(): number | bigint {
    const at = this.offset;
    const value = this.long();
    if (value < 0) {
      throw this.malformed(`A length of ${value}`, at);
    }
    return value;
  }

  /** A float of IEEE 754, little-endian. */
  real(size: 4 | 8): number {
    const bytes = this.raw(size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
}
