/** A binary template, compiled. docs/formats/binary-template.md describes the language. */

/** A whole number of 1 to 8 bytes. */
export interface IntType {
  readonly kind: 'int';
  readonly bytes: number;
  readonly isSigned: boolean;
  readonly isLittle: boolean;
}

interface FloatType {
  readonly kind: 'float';
  readonly bytes: 4 | 8;
  readonly isLittle: boolean;
}

export type NumberType = IntType | FloatType;

/** How many: a number, as many as there are to the end, or as many as an earlier field says. */
export type Extent =
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'rest' }
  | { readonly kind: 'field'; readonly name: string };

export interface BitPart {
  /** `_`: not shown. */
  readonly name: string;
  readonly width: number;
}

/** What a field is made of, without its name. */
export type ItemType =
  | { readonly kind: 'number'; readonly type: NumberType }
  | { readonly kind: 'bool' }
  /** Bytes, or text of so many bytes. */
  | { readonly kind: 'bytes' | 'text'; readonly extent: Extent }
  /** Text with its length in bytes before it. */
  | { readonly kind: 'prefixed'; readonly prefix: IntType }
  /** Text that ends with a byte 0. */
  | { readonly kind: 'terminated' }
  | { readonly kind: 'bits'; readonly type: IntType; readonly parts: readonly BitPart[] }
  | { readonly kind: 'group'; readonly fields: readonly Field[] };

export type Field =
  | { readonly kind: 'pad'; readonly size: number }
  /** Bits without a name of their own: their parts are members of what they stand in. */
  | { readonly kind: 'loose'; readonly item: Extract<ItemType, { readonly kind: 'bits' }> }
  | { readonly kind: 'named'; readonly name: string; readonly item: ItemType; readonly count?: Extent };

export interface Template {
  readonly fields: readonly Field[];
}
