const asciiDecoder = new TextDecoder();
const wideDecoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/**
 * Builds one long text out of many short pieces of another. Characters are copied into a typed array, one byte each
 * while all are ASCII: joining a million small strings costs several times as much. Text must be well-formed UTF-16.
 */
export class TextSink {
  #narrow: Uint8Array | undefined;
  #wide = new Uint16Array(0);
  #length = 0;

  /** `expected` is the likely length of the text in UTF-16 units. */
  constructor(expected: number) {
    this.#narrow = new Uint8Array(Math.max(64, expected));
  }

  /** UTF-16 units so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends `text.slice(from, to)`. */
  add(text: string, from = 0, to = text.length): void {
    let at = from;
    if (this.#narrow !== undefined) {
      const out = this.#reserveNarrow(this.#narrow, to - from);
      let length = this.#length;
      while (at < to) {
        const code = text.charCodeAt(at);
        if (code > 0x7f) {
          break;
        }
        out[length] = code;
        length += 1;
        at += 1;
      }
      this.#length = length;
      if (at === to) {
        return;
      }
      this.#widen(out);
    }
    const out = this.#reserveWide(to - at);
    let length = this.#length;
    while (at < to) {
      out[length] = text.charCodeAt(at);
      length += 1;
      at += 1;
    }
    this.#length = length;
  }

  /** Appends one character `count` times; it must be ASCII. */
  fill(code: number, count: number): void {
    const out =
      this.#narrow === undefined ? this.#reserveWide(count) : this.#reserveNarrow(this.#narrow, count);
    const end = this.#length + count;
    // A call of the array's own `fill` costs more than the few characters of an indentation.
    for (let at = this.#length; at < end; at++) {
      out[at] = code;
    }
    this.#length = end;
  }

  toString(): string {
    if (this.#narrow !== undefined) {
      return asciiDecoder.decode(this.#narrow.subarray(0, this.#length));
    }
    // Every platform that runs this is little-endian, as the typed array then is.
    return wideDecoder.decode(new Uint8Array(this.#wide.buffer, 0, this.#length * 2));
  }

  #reserveNarrow(array: Uint8Array, count: number): Uint8Array {
    if (this.#length + count <= array.length) {
      return array;
    }
    const larger = new Uint8Array(Math.max(array.length * 2, this.#length + count));
    larger.set(array.subarray(0, this.#length));
    this.#narrow = larger;
    return larger;
  }

  #reserveWide(count: number): Uint16Array {
    if (this.#length + count > this.#wide.length) {
      const larger = new Uint16Array(Math.max(this.#wide.length * 2, this.#length + count));
      larger.set(this.#wide.subarray(0, this.#length));
      this.#wide = larger;
    }
    return this.#wide;
  }

  #widen(narrow: Uint8Array): void {
    this.#wide = new Uint16Array(narrow.length);
    this.#wide.set(narrow.subarray(0, this.#length));
    this.#narrow = undefined;
  }
}
