import type { FieldValue } from './field-changes.ts';
import { ItemStop } from './item-cursor.ts';
import type { ContainerKind, ItemVisitor } from './item-visitor.ts';
import { TextSink } from './text-sink.ts';

const SPACE = 0x20;
const INDENT = 2;

interface OpenLayout {
  readonly kind: ContainerKind;
  readonly isIndefinite: boolean;
  count: number;
}

/** Lays items out like JSON, and in CBOR diagnostic notation what JSON has no form for. */
export class ItemLayout implements ItemVisitor {
  readonly #sink: TextSink;
  readonly #open: OpenLayout[] = [];
  readonly #maxLength: number;
  #depth = 0;
  #items = 0;
  /** Something is written that is not JSON. */
  usesNotation = false;

  constructor(maxLength: number, expected: number) {
    this.#maxLength = maxLength;
    this.#sink = new TextSink(Math.min(expected, maxLength));
  }

  /** Items that stand beside each other at the top. */
  get items(): number {
    return this.#items;
  }

  toString(): string {
    return this.#sink.toString();
  }

  value(notation: string, _field: FieldValue, isJson: boolean): void {
    this.#begin(!isJson);
    this.#add(notation);
    this.usesNotation ||= !isJson;
  }

  number(value: number | bigint, isFloat: boolean): void {
    this.#begin(true);
    this.#add(numberNotation(value, isFloat));
    this.usesNotation ||= typeof value === 'number' && !Number.isFinite(value);
  }

  text(text: string): void {
    this.#begin(false);
    this.#addText(text);
  }

  bytes(bytes: Uint8Array, label?: string): void {
    this.#begin(true);
    this.usesNotation = true;
    if (label !== undefined) {
      this.#add(`ext(${label}, `);
    }
    this.#addBytes(bytes);
    if (label !== undefined) {
      this.#add(')');
    }
  }

  pieces(pieces: readonly Uint8Array[], texts: readonly string[] | undefined): void {
    this.#begin(true);
    this.usesNotation = true;
    this.#add(pieces.length === 0 ? (texts === undefined ? "''_" : '""_') : '(_ ');
    pieces.forEach((piece, index) => {
      this.#add(index === 0 ? '' : ', ');
      const text = texts?.[index];
      if (text === undefined) {
        this.#addBytes(piece);
      } else {
        this.#addText(text);
      }
    });
    this.#add(pieces.length === 0 ? '' : ')');
  }

  open(kind: ContainerKind, isIndefinite: boolean, label = ''): void {
    this.#begin(true);
    this.usesNotation ||= isIndefinite || kind === 'tag';
    this.#add(kind === 'tag' ? `${label}(` : `${kind === 'map' ? '{' : '['}${isIndefinite ? '_' : ''}`);
    this.#open.push({ kind, isIndefinite, count: 0 });
    this.#depth += kind === 'tag' ? 0 : 1;
  }

  close(): void {
    const closed = this.#open.pop();
    if (closed === undefined || closed.kind === 'tag') {
      this.#add(')');
      return;
    }
    this.#depth -= 1;
    if (closed.count > 0) {
      this.#line();
    } else if (closed.isIndefinite) {
      this.#add(' ');
    }
    this.#add(closed.kind === 'map' ? '}' : ']');
  }

  /** What stands between this item and the one before. */
  #begin(isNotationAsKey: boolean): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#add(this.#items === 0 ? '' : '\n');
      this.#items += 1;
      return;
    }
    const isValue = parent.kind === 'map' && parent.count % 2 === 1;
    this.usesNotation ||= parent.kind === 'map' && !isValue && isNotationAsKey;
    if (isValue) {
      this.#add(': ');
    } else if (parent.kind !== 'tag') {
      this.#add(parent.count > 0 ? ',' : '');
      this.#line();
    }
    parent.count += 1;
  }

  #line(): void {
    this.#add('\n');
    this.#check();
    this.#sink.fill(SPACE, Math.min(this.#depth * INDENT, this.#maxLength - this.#sink.length));
  }

  #addBytes(bytes: Uint8Array): void {
    this.#add("h'");
    const room = Math.ceil(Math.max(0, this.#maxLength - this.#sink.length) / 2) + 1;
    this.#add(hexDigits(bytes.subarray(0, room)));
    this.#add("'");
  }

  #addText(text: string): void {
    this.#add(JSON.stringify(text.slice(0, Math.max(0, this.#maxLength - this.#sink.length) + 1)));
  }

  #add(text: string): void {
    const room = this.#maxLength - this.#sink.length;
    if (text.length <= room) {
      this.#sink.add(text);
      return;
    }
    this.#sink.add(text.slice(0, room).toWellFormed());
    throw new ItemStop('long', 0, 'Longer than can be shown');
  }

  #check(): void {
    if (this.#sink.length >= this.#maxLength) {
      throw new ItemStop('long', 0, 'Longer than can be shown');
    }
  }
}

/** A number as it is told from one of another kind: `1` is an integer, `1.0` a float. */
function numberNotation(value: number | bigint, isFloat: boolean): string {
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  const text = String(value);
  return isFloat && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Bytes as lower-case digits without spaces. */
export function hexDigits(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += pairs[byte] ?? '';
  }
  return text;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
