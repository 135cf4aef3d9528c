import { decodeStrictUtf8, decodeUtf8 } from '../../payload/utf8.ts';
import type { ByteRange, PacketField } from './packet.ts';
import { type Section, sections } from './sections.ts';

/** Fields of one packet that are listed: a SUBSCRIBE may hold millions. */
const MAX_FIELDS = 2000;
/** Characters of a value: a topic may have 65,535, a payload millions. */
const MAX_VALUE = 1000;

/** The bytes do not go on as they should. Stays inside this folder. */
export class Malformed extends Error {
  readonly at: number;
  readonly section: Section | undefined;

  constructor(at: number, message: string, section?: Section) {
    super(message);
    this.at = at;
    this.section = section;
  }
}

/** Reads one packet from front to back and notes each field with its bytes. Throws `Malformed` only. */
export class FieldReader {
  readonly bytes: Uint8Array;
  readonly problems: {
    readonly at: number;
    readonly message: string;
    readonly section: Section | undefined;
  }[] = [];
  readonly secrets: ByteRange[] = [];
  readonly top: PacketField[] = [];
  at = 0;
  /** Where the part at hand ends. */
  end: number;
  #fields = this.top;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Notes what is wrong, and reading goes on. */
  complain(at: number, message: string, section?: Section): void {
    this.problems.push({ at, message, section });
  }

  /** Notes a field from `start` to where the reading is. */
  note(name: string, value: string, start: number, isSecret = false): void {
    this.#add({ name, value, start, end: this.at, ...(isSecret ? { isSecret } : {}) });
  }

  byte(name: string, show: (value: number) => string = String): number {
    const start = this.#take(1, name);
    const value = this.#peek(start);
    this.note(name, show(value), start);
    return value;
  }

  uint16(name: string, show: (value: number) => string = String): number {
    const start = this.#take(2, name);
    const value = this.#peek(start) * 256 + this.#peek(start + 1);
    this.note(name, show(value), start);
    return value;
  }

  uint32(name: string): number {
    const start = this.#take(4, name);
    let value = 0;
    for (let at = start; at < start + 4; at++) {
      value = value * 256 + this.#peek(at);
    }
    this.note(name, String(value), start);
    return value;
  }

  /** A variable byte integer (MQTT 5.0 section 1.5.5). */
  varint(name: string): number {
    const start = this.at;
    let value = 0;
    for (let place = 0; place < 4; place++) {
      const digit = this.#peek(this.#take(1, name));
      value += (digit & 0x7f) * 128 ** place;
      if (digit < 0x80) {
        if (place > 0 && digit === 0) {
          this.complain(start, `${name} is written with more bytes than it needs`, sections.varint);
        }
        this.note(name, String(value), start);
        return value;
      }
    }
    throw new Malformed(start, `${name} has more than four bytes`, sections.varint);
  }

  /** A string behind its length of two bytes. With `secretFrom`, what begins with that character is hidden. */
  text(name: string, secretFrom?: string): string {
    const start = this.at;
    const bytes = this.#block(name, false);
    const strict = decodeStrictUtf8(bytes);
    const text = strict ?? decodeUtf8(bytes);
    if (strict === undefined) {
      this.complain(start, `${name} is not UTF-8`, sections.text);
    } else if (text.includes('\0')) {
      this.complain(start, `${name} holds U+0000, which MQTT forbids`, sections.text);
    }
    const hidden = secretFrom === undefined ? -1 : bytes.indexOf(secretFrom.charCodeAt(0));
    if (hidden >= 0) {
      this.secrets.push({ start: start + 3 + hidden, end: this.at });
      this.note(name, cut(`${decodeUtf8(bytes.subarray(0, hidden + 1))}…`), start);
    } else {
      this.note(name, cut(text), start);
    }
    return text;
  }

  /** Bytes behind their length of two bytes. */
  data(name: string, isSecret = false): void {
    const start = this.at;
    const bytes = this.#block(name, isSecret);
    this.note(name, isSecret ? `hidden, ${count(bytes.length)}` : showData(bytes), start, isSecret);
  }

  /** All that is left. */
  rest(name: string): void {
    const start = this.at;
    this.at = this.end;
    this.note(name, showData(this.bytes.subarray(start, this.at)), start);
  }

  /** A field made of others. What was read of it stays when the reading fails inside. */
  group(name: string, read: () => string | undefined, end = this.end): void {
    const start = this.at;
    const outer = this.#fields;
    const outerEnd = this.end;
    const children: PacketField[] = [];
    this.#fields = children;
    this.end = end;
    let value = '';
    try {
      value = read() ?? '';
    } finally {
      this.#fields = outer;
      this.end = outerEnd;
      outer.push({ name, value: cut(value), start, end: this.at, children });
    }
  }

  /** From `start` on, nothing of the packet is shown. */
  hideFrom(start: number): void {
    if (start < this.bytes.length) {
      this.secrets.push({ start, end: this.bytes.length });
    }
  }

  #block(name: string, isSecret: boolean): Uint8Array {
    const start = this.#take(2, name);
    const length = this.#peek(start) * 256 + this.#peek(start + 1);
    if (length > this.left) {
      if (isSecret) {
        this.hideFrom(this.at); // the beginning of a password is one too
      }
      throw new Malformed(start, `${name} says ${count(length)}, but ${this.left} are left`);
    }
    const from = this.#take(length, name);
    if (isSecret && length > 0) {
      this.secrets.push({ start: from, end: this.at });
    }
    return this.bytes.subarray(from, this.at);
  }

  #take(length: number, name: string): number {
    if (length > this.left) {
      throw new Malformed(this.at, `${name} is missing or cut off`);
    }
    const start = this.at;
    this.at += length;
    return start;
  }

  #peek(at: number): number {
    return this.bytes[at] ?? 0;
  }

  #add(field: PacketField): void {
    this.#count += 1;
    if (this.#count > MAX_FIELDS) {
      throw new Malformed(field.start, `Only the first ${MAX_FIELDS} fields are listed`);
    }
    this.#fields.push(field);
  }
}

/** `1 byte`, `2 bytes`. */
export function count(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}

function showData(bytes: Uint8Array): string {
  let end = Math.min(bytes.length, MAX_VALUE);
  while (end < bytes.length && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) {
    end -= 1; // not in the middle of a character
  }
  const text = decodeStrictUtf8(bytes.subarray(0, end));
  if (text === undefined || text.includes('\0')) {
    return count(bytes.length);
  }
  return end < bytes.length ? `${text}… (${count(bytes.length)})` : text;
}

function cut(text: string): string {
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
