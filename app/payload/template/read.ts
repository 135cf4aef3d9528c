import { formatCount, formatQuantity } from '../../base/format.ts';
import { decodeStrictUtf8, decodeUtf8 } from '../utf8.ts';
import { numberText, readInt } from './numbers.ts';
import type { BitPart, Extent, Field, ItemType, Template } from './template.ts';

export interface ReadLimits {
  readonly maxTextLength: number;
  /** Values, those of arrays counted singly. */
  readonly maxValues: number;
  readonly isOver: () => boolean;
}

/** A payload as compact JSON, and what its reader must know. */
export interface ReadTemplate {
  readonly text: string;
  readonly notes: readonly string[];
}

/** Reads bytes by a template. What is missing, left over or too much is told in notes; never throws. */
export function readTemplate(template: Template, bytes: Uint8Array, limits: ReadLimits): ReadTemplate {
  return new TemplateReader(bytes, limits).read(template);
}

type Counts = Map<string, number>;

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

class TemplateReader {
  readonly #bytes: Uint8Array;
  readonly #limits: ReadLimits;
  readonly #notes: string[] = [];
  #at = 0;
  #values = 0;
  #room: number;
  /** Nothing is read any more. */
  #isStopped = false;
  #isUtf8 = true;

  constructor(bytes: Uint8Array, limits: ReadLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#room = limits.maxTextLength;
  }

  read({ fields }: Template): ReadTemplate {
    const text = this.#object(fields, []);
    const left = this.#bytes.length - this.#at;
    if (!this.#isStopped && left > 0) {
      const bytes = formatQuantity(left, 'byte');
      this.#notes.push(
        `${bytes} ${left === 1 ? 'follows' : 'follow'} behind the template, from byte ${formatCount(this.#at)} on.`,
      );
    }
    return { text, notes: this.#notes };
  }

  #object(fields: readonly Field[], outer: readonly Counts[]): string {
    const members: string[] = [];
    const counts: Counts = new Map();
    const scopes = [...outer, counts];
    for (const field of fields) {
      if (this.#isStopped) {
        break;
      }
      this.#member(field, scopes, counts, members);
    }
    return `{${members.join(',')}}`;
  }

  #member(field: Field, scopes: readonly Counts[], counts: Counts, members: string[]): void {
    if (field.kind === 'pad') {
      if (this.#has(field.size, 'padding')) {
        this.#at += field.size;
      }
      return;
    }
    if (field.kind === 'loose') {
      const { type, parts } = field.item;
      if (this.#has(type.bytes, parts[0]?.name ?? 'bits')) {
        members.push(...this.#parts(Number(this.#int(field.item)), parts, counts));
      }
      return;
    }
    const { name, item, count } = field;
    const start = this.#at;
    const value =
      count === undefined ? this.#item(name, item, scopes) : this.#list(name, item, count, scopes);
    if (value === undefined) {
      return;
    }
    if (item.kind === 'number' && item.type.kind === 'int' && count === undefined) {
      counts.set(name, Number(readInt(this.#bytes, start, item.type)));
    }
    this.#room -= name.length + 4;
    members.push(`"${name}":${value}`);
  }

  #list(name: string, item: ItemType, count: Extent, scopes: readonly Counts[]): string {
    const wanted = count.kind === 'rest' ? Number.POSITIVE_INFINITY : sizeOf(count, scopes);
    const items: string[] = [];
    while (items.length < wanted && !this.#isStopped) {
      if (count.kind === 'rest' && this.#at >= this.#bytes.length) {
        break;
      }
      const start = this.#at;
      const value = this.#item(name, item, scopes);
      if (value !== undefined) {
        items.push(value);
      }
      if (count.kind === 'rest' && this.#at === start) {
        break;
      }
    }
    return `[${items.join(',')}]`;
  }

  /** One value as JSON; `undefined` where nothing of it is there. */
  #item(name: string, item: ItemType, scopes: readonly Counts[]): string | undefined {
    if (!this.#spend(8)) {
      return undefined;
    }
    switch (item.kind) {
      case 'number': {
        if (!this.#has(item.type.bytes, name)) {
          return undefined;
        }
        const text = numberText(this.#bytes, this.#at, item.type);
        this.#at += item.type.bytes;
        return text;
      }
      case 'bool':
        return this.#has(1, name) ? this.#bool() : undefined;
      case 'bits':
        return this.#has(item.type.bytes, name)
          ? `{${this.#parts(Number(this.#int(item)), item.parts, undefined).join(',')}}`
          : undefined;
      case 'group':
        return this.#object(item.fields, scopes);
      case 'bytes':
      case 'text': {
        const { extent } = item;
        const size = extent.kind === 'rest' ? this.#bytes.length - this.#at : sizeOf(extent, scopes);
        const bytes = this.#take(size, name, item.kind === 'bytes' ? 2 : 6);
        return bytes && (item.kind === 'bytes' ? hexText(bytes) : this.#text(name, bytes, extent));
      }
      case 'prefixed': {
        const { prefix } = item;
        if (!this.#has(prefix.bytes, name)) {
          return undefined;
        }
        const start = this.#at;
        this.#at += prefix.bytes;
        const bytes = this.#take(Number(readInt(this.#bytes, start, prefix)), name);
        return bytes && this.#text(name, bytes, undefined);
      }
      case 'terminated': {
        const end = this.#bytes.indexOf(0, this.#at);
        if (end < 0) {
          this.#stop(`“${name}” at byte ${formatCount(this.#at)} lacks its end, a byte 0.`);
          return undefined;
        }
        const bytes = this.#take(end - this.#at, name);
        this.#at += bytes === undefined ? 0 : 1;
        return bytes && this.#text(name, bytes, undefined);
      }
    }
  }

  #int({ type }: Extract<ItemType, { readonly kind: 'bits' }>): number | bigint {
    const value = readInt(this.#bytes, this.#at, type);
    this.#at += type.bytes;
    return value;
  }

  #bool(): string {
    const byte = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    // Any other byte than 0 and 1 stays visible, and comes back as it was.
    return byte === 0 ? 'false' : byte === 1 ? 'true' : String(byte);
  }

  #parts(value: number, parts: readonly BitPart[], counts: Counts | undefined): string[] {
    let left = parts.reduce((sum, { width }) => sum + width, 0);
    return parts.flatMap(({ name, width }) => {
      left -= width;
      const part = Math.floor(value / 2 ** left) % 2 ** width;
      counts?.set(name, part);
      this.#room -= name.length + 14;
      return name === '_' ? [] : [`"${name}":${part}`];
    });
  }

  #text(name: string, bytes: Uint8Array, extent: Extent | undefined): string {
    let end = bytes.length;
    // A field of fixed size is filled up with zeros.
    while (extent?.kind === 'fixed' && end > 0 && bytes[end - 1] === 0) {
      end -= 1;
    }
    const shown = bytes.subarray(0, end);
    const strict = decodeStrictUtf8(shown);
    if (strict === undefined && this.#isUtf8) {
      this.#isUtf8 = false;
      this.#notes.push(`“${name}” holds bytes that are not UTF-8: shown as �.`);
    }
    return JSON.stringify(strict ?? decodeUtf8(shown));
  }

  #take(size: number, name: string, units = 6): Uint8Array | undefined {
    if (!this.#has(size, name)) {
      return undefined;
    }
    // In JSON a byte is two digits of hex, a character at most `\\u0000`.
    if (size * units > this.#room) {
      this.#stop(`“${name}” has ${formatQuantity(size, 'byte')}, too many to show. Choose Hex to see them.`);
      return undefined;
    }
    this.#room -= size * units;
    const bytes = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += size;
    return bytes;
  }

  #has(size: number, name: string): boolean {
    const left = this.#bytes.length - this.#at;
    if (size >= 0 && size <= left) {
      return true;
    }
    this.#stop(
      size < 0
        ? `“${name}” at byte ${formatCount(this.#at)} would have ${formatCount(size)} bytes.`
        : `The payload ends within “${name}”: it begins at byte ${formatCount(this.#at)} and needs ${formatQuantity(size, 'byte')}, ${left === 1 ? '1 is' : `${formatCount(left)} are`} left.`,
    );
    return false;
  }

  #spend(room: number): boolean {
    this.#values += 1;
    this.#room -= room;
    if (this.#values > this.#limits.maxValues) {
      this.#stop(`Only the first ${formatCount(this.#limits.maxValues)} values are shown.`);
    } else if (this.#room < 0) {
      this.#stop('What follows is too long to show.');
    } else if ((this.#values & 1023) === 0 && this.#limits.isOver()) {
      this.#stop('Reading it took too long: the rest is not shown.');
    }
    return !this.#isStopped;
  }

  #stop(note: string): void {
    if (!this.#isStopped) {
      this.#isStopped = true;
      this.#notes.push(note);
    }
  }
}

function sizeOf(extent: Exclude<Extent, { readonly kind: 'rest' }>, scopes: readonly Counts[]): number {
  if (extent.kind === 'fixed') {
    return extent.size;
  }
  return scopes.findLast((counts) => counts.has(extent.name))?.get(extent.name) ?? 0;
}

function hexText(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    text += hexDigits[byte] ?? '';
  }
  return `${text}"`;
}
