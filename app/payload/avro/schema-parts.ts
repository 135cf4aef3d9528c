import type { Node } from 'jsonc-parser';
import type { AvroType } from './avro-type.ts';
import { decimalForm, type LogicalAttributes, timeForm } from './logical-types.ts';
import type { SchemaText } from './schema-text.ts';

/** A name without its namespace. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Types that need no definition. */
export const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
type Primitive = (typeof primitives)[number];
/** Bytes of a fixed. */
export const MAX_FIXED = 1_000_000;

/** Of a type that is only named. */
export const emptyAttributes: LogicalAttributes = {
  logicalType: undefined,
  precision: undefined,
  scale: undefined,
};

/** The attributes that may say more of a type. */
export function attributesOf(text: SchemaText, node: Node): LogicalAttributes {
  return {
    logicalType: text.member(node, 'logicalType')?.value,
    precision: text.member(node, 'precision')?.value,
    scale: text.member(node, 'scale')?.value,
  };
}

/** A type that needs no definition. */
export function primitiveType(kind: Primitive, of: LogicalAttributes): AvroType {
  switch (kind) {
    case 'int':
    case 'long': {
      const time = timeForm(kind, of);
      return { kind, ...(time && { time }) };
    }
    case 'bytes': {
      const decimal = decimalForm(of);
      return { kind, ...(decimal && { decimal }) };
    }
    default:
      return { kind };
  }
}

/** The fields of a record as they are written. */
export function fieldNodes(text: SchemaText, node: Node): readonly Node[] {
  return text.listMember(node, 'fields', 'The record');
}

/** The symbols of an enum. */
export function symbolsOf(text: SchemaText, node: Node): readonly string[] {
  const symbols = new Set<string>();
  for (const item of text.listMember(node, 'symbols', 'The enum')) {
    const symbol = item.value;
    if (typeof symbol !== 'string' || !NAME.test(symbol)) {
      throw text.wrong(item, nameProblem(typeof symbol === 'string' ? symbol : text.sourceOf(item)));
    }
    if (symbols.has(symbol)) {
      throw text.wrong(item, `There is a symbol “${symbol}” already`);
    }
    symbols.add(symbol);
  }
  return [...symbols];
}

/** A list of texts; anything else in it is passed over, it only gives other names. */
export function texts(text: SchemaText, node: Node, name: string): readonly string[] {
  return (text.member(node, name)?.children ?? []).flatMap(({ value }) =>
    typeof value === 'string' ? [value] : [],
  );
}

/** Whether a fixed may have so many bytes. */
export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_FIXED;
}

/** A name with dots is full already. */
export function fullName(name: string, space: string): string {
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

/** The namespace of a full name. */
export function spaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

/** A full name that is allowed; throws for any other. */
export function checkedName(text: SchemaText, node: Node, name: string): string {
  const wrong = name.split('.').find((part) => !NAME.test(part));
  if (wrong !== undefined) {
    throw text.wrong(node, nameProblem(wrong));
  }
  if (primitives.some((known) => known === name)) {
    throw text.wrong(node, `“${name}” is the name of a type that is always there`);
  }
  return name;
}

/** Why a name is none. */
export function nameProblem(name: string): string {
  return `“${name.slice(0, 80)}” is not a name: it holds letters, digits and “_”, and does not begin with a digit`;
}
