import { ItemCursor, ItemStop } from './item-cursor.ts';
import type { ContainerKind, ItemVisitor, ReadOne } from './item-visitor.ts';
import { walkItem } from './item-walk.ts';
import { looksBinary, sampleOf } from './sample.ts';
import { findInvalidUtf8 } from './utf8.ts';

const MAX_DEPTH = 100;
/** Bytes from which a row of plain numbers is unlikely to be one by chance. */
const MIN_ROW_BYTES = 8;

/** Counts what tells a record from bytes that can be read as one by chance. */
class Shape implements ItemVisitor {
  textKeys = 0;
  otherKeys = 0;
  items = 0;
  first: ContainerKind | undefined;
  firstTag = '';
  readonly #open: { readonly kind: ContainerKind; count: number }[] = [];

  value(): void {
    this.#count(false);
  }

  number(): void {
    this.#count(false);
  }

  text(): void {
    this.#count(true);
  }

  bytes(): void {
    this.#count(false);
  }

  pieces(): void {
    this.#count(false);
  }

  open(kind: ContainerKind, _isIndefinite: boolean, label = ''): void {
    if (this.items === 0) {
      this.first = kind;
      this.firstTag = label;
    }
    this.#count(false);
    this.#open.push({ kind, count: 0 });
  }

  close(): void {
    this.#open.pop();
  }

  #count(isText: boolean): void {
    this.items += 1;
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      return;
    }
    if (parent.kind === 'map' && parent.count % 2 === 0) {
      this.textKeys += isText ? 1 : 0;
      this.otherKeys += isText ? 0 : 1;
    }
    parent.count += 1;
  }
}

/**
 * How sure it is that bytes are of a binary format: they must be no text, and one item of it from end to end (or, for
 * more than the sample, up to its end). Maps with names as keys are surest.
 */
export function probeItems(bytes: Uint8Array, readOne: ReadOne): number {
  const sample = sampleOf(bytes);
  if (sample.length < 2 || isPlainText(bytes, sample)) {
    return 0;
  }
  const cursor = new ItemCursor(sample, bytes.length);
  const shape = new Shape();
  try {
    walkItem(cursor, shape, readOne, { maxDepth: MAX_DEPTH, isOver: () => false });
    if (cursor.left > 0) {
      return 0;
    }
  } catch (error) {
    // Whole so far: the sample ends before the payload does.
    if (!(error instanceof ItemStop) || error.reason !== 'end') {
      return 0;
    }
  }
  if (cursor.invalidTexts > 0) {
    return 0;
  }
  return sureness(shape, sample.length);
}

function sureness({ first, firstTag, textKeys, otherKeys }: Shape, length: number): number {
  // Self-described CBOR (RFC 8949, section 3.4.6).
  if (first === 'tag' && firstTag === '55799') {
    return 0.95;
  }
  if (textKeys > 0 && textKeys >= otherKeys) {
    return 0.85;
  }
  return first !== undefined && length >= MIN_ROW_BYTES ? 0.55 : 0;
}

function isPlainText(bytes: Uint8Array, sample: Uint8Array): boolean {
  return (
    !looksBinary(bytes) && findInvalidUtf8(sample, { mayBeCut: sample.length < bytes.length }) === undefined
  );
}
