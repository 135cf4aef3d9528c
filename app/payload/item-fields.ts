import { type FieldAt, type FieldValue, MAX_PATH_LENGTH } from './field-changes.ts';
import { hexDigits } from './item-layout.ts';
import type { ContainerKind, ItemVisitor } from './item-visitor.ts';
import { keyPath } from './json-fields.ts';

/** Fields of one payload at most: beyond it, it is a table rather than a record. */
const MAX_FIELDS = 5000;
/** Bytes of a byte string that are part of its value. */
const MAX_BYTES = 256;

interface OpenPath {
  readonly kind: ContainerKind;
  readonly path: string;
  count: number;
  /** Path of the value that follows the key. */
  next: string;
}

/** Collects the values of binary items by their paths, as those of JSON are; bytes as `h'0a1b'`. */
export class ItemFields implements ItemVisitor {
  readonly fields: FieldAt[] = [];
  readonly #open: OpenPath[] = [];
  /** Open containers that are part of a key: what they hold is no field. */
  #keyDepth = 0;

  value(notation: string, field: FieldValue): void {
    this.#add(field, notation);
  }

  number(value: number | bigint): void {
    this.#add(value, String(value));
  }

  text(text: string): void {
    this.#add(text, undefined);
  }

  bytes(bytes: Uint8Array): void {
    const text = `h'${hexDigits(bytes.subarray(0, MAX_BYTES))}${bytes.length > MAX_BYTES ? '…' : ''}'`;
    this.#add(text, text);
  }

  pieces(pieces: readonly Uint8Array[], texts: readonly string[] | undefined): void {
    const text =
      texts?.join('') ??
      `h'${pieces
        .map(hexDigits)
        .join('')
        .slice(0, MAX_BYTES * 2)}'`;
    this.#add(text, texts === undefined ? text : undefined);
  }

  open(kind: ContainerKind): void {
    if (this.#keyDepth > 0) {
      this.#keyDepth += 1;
      return;
    }
    const { path, isKey } = this.#place();
    if (isKey) {
      this.#keyDepth = 1;
      this.#nameNext('[…]');
      return;
    }
    this.#open.push({ kind, path, count: 0, next: '' });
  }

  close(): void {
    if (this.#keyDepth > 0) {
      this.#keyDepth -= 1;
    } else {
      this.#open.pop();
    }
  }

  /** `keyNotation` is how a key that is no text stands in a path. */
  #add(value: FieldValue, keyNotation: string | undefined): void {
    if (this.#keyDepth > 0) {
      return;
    }
    const { path, isKey } = this.#place();
    if (isKey) {
      this.#nameNext(keyNotation === undefined ? undefined : `[${keyNotation}]`, String(value));
    } else if (this.fields.length < MAX_FIELDS && path.length <= MAX_PATH_LENGTH) {
      this.fields.push({ path: path === '' ? '$' : path, value });
    }
  }

  /** Takes the place of the next item. */
  #place(): { readonly path: string; readonly isKey: boolean } {
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      return { path: '', isKey: false };
    }
    const { kind, path, count, next } = parent;
    parent.count += 1;
    if (kind === 'map') {
      return { path: next, isKey: count % 2 === 0 };
    }
    return { path: kind === 'array' ? lengthened(path, `[${count}]`) : path, isKey: false };
  }

  #nameNext(suffix: string | undefined, key = ''): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.next =
        suffix === undefined && key.length <= MAX_PATH_LENGTH
          ? keyPath(parent.path, key)
          : lengthened(parent.path, suffix ?? `["${key.slice(0, MAX_PATH_LENGTH + 1)}"]`);
    }
  }
}

/** A path that is too long already is left out anyhow, and need not grow. */
function lengthened(path: string, suffix: string): string {
  return path.length > MAX_PATH_LENGTH ? path : path + suffix;
}
