/** A type of Avro 1.12 with its names resolved; a record may hold itself. */
export type AvroType =
  | { readonly kind: 'null' | 'boolean' | 'float' | 'double' | 'string' }
  | { readonly kind: 'int' | 'long'; readonly time?: TimeForm }
  | { readonly kind: 'bytes'; readonly decimal?: Decimal }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | UnionType
  | FixedType
  | EnumType
  | RecordType;

/** What types with a name have in common. */
interface Named {
  /** With its namespace: `plant.Reading`. */
  readonly name: string;
  /** Earlier names, with their namespaces. */
  readonly aliases: readonly string[];
}

export interface RecordType extends Named {
  readonly kind: 'record';
  /** Filled in after the record is made: a field may be of its type. */
  readonly fields: AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** JSON text of the value of a field that a writer leaves out. */
  readonly defaultText?: string;
}

export interface EnumType extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
}

export interface FixedType extends Named {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
  readonly logical?: FixedForm;
}

export interface UnionType {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
  /** What names each branch where its value alone does not tell: `int`, `Reading`. */
  readonly labels: readonly string[];
}

/** How a fixed type is shown that says what it means. */
export type FixedForm =
  | { readonly kind: 'decimal'; readonly decimal: Decimal }
  | { readonly kind: 'uuid' | 'duration' };

/** Digits behind the point, and in all. */
export interface Decimal {
  readonly scale: number;
  readonly precision: number;
}

/** Logical types of `int` and `long` that are shown as a text. */
export type TimeForm =
  | 'date'
  | `time-${'millis' | 'micros'}`
  | `${'' | 'local-'}timestamp-${'millis' | 'micros' | 'nanos'}`;

/** The name without its namespace. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
