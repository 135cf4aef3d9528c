/** Puts a Protobuf message together. */
export class WireWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  tag(field: number, wire: number): void {
    this.varint((BigInt(field) << 3n) | BigInt(wire));
  }

  /** A number of 64 bits; negative ones take ten bytes. */
  varint(value: bigint): void {
    const room = this.#room(10);
    let left = BigInt.asUintN(64, value);
    let at = room;
    while (left > 0x7fn) {
      this.#bytes[at] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
      at += 1;
    }
    this.#bytes[at] = Number(left);
    this.#length = at + 1;
  }

  fixed32(value: bigint): void {
    const at = this.#room(4);
    this.#view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
    this.#length += 4;
  }

  fixed64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
    this.#length += 8;
  }

  float(value: number): void {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, true);
    this.#length += 4;
  }

  double(value: number): void {
    const at = this.#room(8);
    this.#view.setFloat64(at, value, true);
    this.#length += 8;
  }

  /** Bytes with their length before them. */
  bytes(bytes: Uint8Array): void {
    this.varint(BigInt(bytes.length));
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
    this.#length += bytes.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room behind what is there; says where. */
  #room(count: number): number {
    if (this.#length + count > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return this.#length;
  }
}
