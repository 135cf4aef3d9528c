/** What schemas of Protobuf say, whether they come as text or as compiled descriptors. Names are full, without a dot in front. */

const scalars = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;

/** Types of the language that have no fields. */
export type Scalar = (typeof scalars)[number];

export function isScalar(type: string): type is Scalar {
  return (scalars as readonly string[]).includes(type);
}

export interface DeclaredField {
  /** As in the schema; of an extension `[plant.extra]`. */
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  /** A scalar, or the full name of a message or an enum. */
  readonly type: string;
  readonly isRepeated: boolean;
  readonly isRequired: boolean;
  /** Repeated numbers are written as one field. Readers take both. */
  readonly isPacked: boolean;
  /** A message that is written between two tags instead of with its length. */
  readonly isGroup: boolean;
  /** Whether a value that was not set is told from one that is zero. Messages always have it. */
  readonly hasPresence: boolean;
  readonly oneof?: string;
}

export interface DeclaredMessage {
  readonly name: string;
  readonly fields: readonly DeclaredField[];
  /** Made up for a map: the key is field 1, the value field 2. */
  readonly isMapEntry: boolean;
}

export interface DeclaredEnum {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly number: number }[];
}

/** A field that is declared apart from its message. */
export interface DeclaredExtension {
  /** Full name of the message. */
  readonly of: string;
  readonly field: DeclaredField;
}

export interface Declarations {
  readonly messages: readonly DeclaredMessage[];
  readonly enums: readonly DeclaredEnum[];
  readonly extensions: readonly DeclaredExtension[];
  /** What was imported and is not among the files; it matters only where a type of it is used. */
  readonly missing: readonly { readonly by: string; readonly path: string }[];
}

/** The name in JSON by the rule of the language: `oven_temp` is `ovenTemp`. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}
