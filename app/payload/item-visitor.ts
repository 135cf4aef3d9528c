import type { FieldValue } from './field-changes.ts';
import type { ItemCursor } from './item-cursor.ts';

/** How a container is written, in CBOR diagnostic notation (RFC 8949, section 8). */
export type ContainerKind = 'array' | 'map' | 'tag';

/** Told the items of a payload in their order. Keys and values of a map come in turn. */
export interface ItemVisitor {
  /** An item that holds no other and is neither text nor bytes. */
  value(notation: string, field: FieldValue, isJson: boolean): void;
  /** A number; `isFloat` writes it with a point. */
  number(value: number | bigint, isFloat: boolean): void;
  text(text: string): void;
  /** `label` stands before it where the format names its type: `ext(5, h'01')`. */
  bytes(bytes: Uint8Array, label?: string): void;
  /** A text or byte string that came in pieces. */
  pieces(pieces: readonly Uint8Array[], texts: readonly string[] | undefined): void;
  /** `label` is the number of a tag. */
  open(kind: ContainerKind, isIndefinite: boolean, label?: string): void;
  close(): void;
}

/** A container that is not closed. A map counts keys and values; `Infinity` where only its end says how many. */
export interface OpenItem {
  readonly kind: ContainerKind;
  left: number;
  seen: number;
}

/**
 * Reads what begins at the cursor and tells the visitor, who has heard of an opening when one is returned. Takes the
 * end of a container of unknown length, which it tells apart by `parent`, as `'end'`.
 */
export type ReadOne = (
  cursor: ItemCursor,
  visitor: ItemVisitor,
  parent: OpenItem | undefined,
) => OpenItem | 'value' | 'end';
