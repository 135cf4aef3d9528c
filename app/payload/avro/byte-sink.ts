import { formatCount } from '../../base/format.ts';
import { fail } from '../../contract/failure.ts';

/** A payload of MQTT has fewer bytes (its section 2.2.3). */
const MAX_BYTES = 268_435_455;

/** Bytes that grow, and the primitives of Avro's binary encoding. */
export class ByteSink {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** What is written, as a copy. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Throws `payload.avro` where a payload can't be so long. */
  push(bytes: Uint8Array | readonly number[]): void {
    const end = this.#length + bytes.length;
    if (end > MAX_BYTES) {
      throw fail('payload.avro', `A payload may have ${formatCount(MAX_BYTES)} bytes.`, 'Shorten it.');
    }
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
  }

  /** An integer of 64 bits in zig-zag. */
  long(value: bigint): void {
    let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    const bytes: number[] = [];
    while (left > 0x7fn) {
      bytes.push(Number(left & 0x7fn) | 0x80);
      left >>= 7n;
    }
    bytes.push(Number(left));
    this.push(bytes);
  }

  /** A float of IEEE 754, little-endian. */
  real(value: number, size: 4 | 8): void {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    if (size === 4) {
      view.setFloat32(0, value, true);
    } else {
      view.setFloat64(0, value, true);
    }
    this.push(bytes);
  }

  /** Bytes with their number before them. */
  sized(bytes: Uint8Array): void {
    this.long(BigInt(bytes.length));
    this.push(bytes);
  }
}
