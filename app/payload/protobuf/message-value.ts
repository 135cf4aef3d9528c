import type { Scalar } from './declarations.ts';
import type { Field, MessageType } from './link.ts';
import { Wire } from './wire.ts';

/** A value of a message; enums are their numbers, whole numbers always bigints. */
export type Value = bigint | number | boolean | string | Uint8Array | MessageValue;

/** What was read of a message: singular fields have one value, repeated ones each of theirs. */
export interface MessageValue {
  readonly type: MessageType;
  readonly values: Map<Field, Value[]>;
  /** Of maps, by their keys as JSON has them. */
  readonly maps: Map<Field, Map<string, Value>>;
}

const varintScalars: ReadonlySet<Scalar> = new Set([
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'bool',
]);
const fixed64Scalars: ReadonlySet<Scalar> = new Set(['double', 'fixed64', 'sfixed64']);
const lengthScalars: ReadonlySet<Scalar> = new Set(['string', 'bytes']);

/** How values of a field are written one by one (wire type). */
export function wireOf({ type, isGroup }: Pick<Field, 'type' | 'isGroup'>): number {
  if (typeof type === 'object') {
    return type.kind === 'enum' ? Wire.varint : isGroup ? Wire.group : Wire.bytes;
  }
  if (varintScalars.has(type)) {
    return Wire.varint;
  }
  return fixed64Scalars.has(type) ? Wire.fixed64 : lengthScalars.has(type) ? Wire.bytes : Wire.fixed32;
}

/** A message of which nothing is set. */
export function emptyMessage(type: MessageType): MessageValue {
  return { type, values: new Map(), maps: new Map() };
}

/** Whether a value is a message. */
export function isMessage(value: Value | undefined): value is MessageValue {
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

/** What a field has that was not set. */
export function zeroOf({ type }: Pick<Field, 'type'>): Value {
  if (typeof type === 'object') {
    if (type.kind === 'message') {
      return emptyMessage(type);
    }
    return BigInt(type.names.keys().next().value ?? 0);
  }
  switch (type) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array(0);
    case 'double':
    case 'float':
      return 0;
    default:
      return 0n;
  }
}
