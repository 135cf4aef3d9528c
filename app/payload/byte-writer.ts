/** Bytes that grow at the end. Numbers in network order. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** What was written, as a copy. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  uint8(value: number): void {
    this.#view.setUint8(this.#room(1), value);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value);
  }

  uint64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value);
  }

  float32(value: number): void {
    const at = this.#room(4);
    this.#view.setFloat32(at, value);
  }

  float64(value: number): void {
    const at = this.#room(8);
    this.#view.setFloat64(at, value);
  }

  append(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Where the next so many bytes go. */
  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}
