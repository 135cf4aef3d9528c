import { fail } from '../../contract/failure.ts';
import { type Declarations, type DeclaredField, isScalar, type Scalar } from './declarations.ts';
import { typeMissing } from './read-proto.ts';

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  /** Of several names of one number the first. */
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

export interface MessageType {
  readonly kind: 'message';
  /** Full name. */
  readonly name: string;
  /** In the order of the schema, extensions last. */
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  /** By the names of the schema and by those in JSON. */
  readonly byName: ReadonlyMap<string, Field>;
}

export interface Field extends Omit<DeclaredField, 'type'> {
  readonly type: Scalar | EnumType | MessageType;
  /** Of a map: the fields of its entries. */
  readonly map?: { readonly key: Field; readonly value: Field };
}

/** The messages of a schema by their full names, in the order of the schema. */
export type LinkedTypes = ReadonlyMap<string, MessageType>;

interface OpenType {
  readonly kind: 'message';
  readonly name: string;
  readonly fields: Field[];
  readonly byNumber: Map<number, Field>;
  readonly byName: Map<string, Field>;
}

/** Puts types in the place of their names. Throws `schema.type` and `schema.import`. */
export function link(declared: Declarations): LinkedTypes {
  const enums = new Map(declared.enums.map((one) => [one.name, enumType(one)]));
  const open = new Map<string, OpenType>();
  const entries = new Set<string>();
  for (const { name, isMapEntry } of declared.messages) {
    if (!open.has(name)) {
      open.set(name, { kind: 'message', name, fields: [], byNumber: new Map(), byName: new Map() });
    }
    if (isMapEntry) {
      entries.add(name);
    }
  }
  const add = (to: OpenType, field: DeclaredField) => {
    if (to.byNumber.has(field.number)) {
      return;
    }
    const type = isScalar(field.type) ? field.type : (enums.get(field.type) ?? open.get(field.type));
    if (type === undefined) {
      throw typeMissing(field.type, to.name, declared.missing);
    }
    const linked: Field = { ...field, type, isPacked: field.isPacked && canBePacked(type) };
    to.fields.push(linked);
    to.byNumber.set(field.number, linked);
    for (const name of [field.name, field.jsonName]) {
      if (!to.byName.has(name)) {
        to.byName.set(name, linked);
      }
    }
  };
  // Entries first: the fields that hold them need their parts.
  const ordered = [...declared.messages].sort((a, b) => Number(b.isMapEntry) - Number(a.isMapEntry));
  for (const { name, fields } of ordered) {
    const to = open.get(name);
    for (const field of to === undefined ? [] : fields) {
      add(to as OpenType, field);
    }
  }
  for (const { of, field } of declared.extensions) {
    const to = open.get(of);
    if (to !== undefined) {
      add(to, field);
    }
  }
  for (const type of open.values()) {
    for (const [index, field] of type.fields.entries()) {
      const entry = typeof field.type === 'object' && entries.has(field.type.name) ? field.type : undefined;
      if (entry?.kind === 'message') {
        setMap(type, index, { ...field, map: mapOf(entry) });
      }
    }
  }
  const types = new Map<string, MessageType>();
  for (const { name } of declared.messages) {
    const type = open.get(name);
    if (type !== undefined && !entries.has(name)) {
      types.set(name, type);
    }
  }
  return types;
}

/** Numbers, that is: all that is not written with its length. */
function canBePacked(type: Field['type']): boolean {
  return typeof type === 'object' ? type.kind === 'enum' : type !== 'string' && type !== 'bytes';
}

function setMap(type: OpenType, index: number, field: Field): void {
  type.fields[index] = field;
  type.byNumber.set(field.number, field);
  type.byName.set(field.name, field).set(field.jsonName, field);
}

function mapOf(entry: MessageType): { readonly key: Field; readonly value: Field } {
  const [key, value] = [entry.byNumber.get(1), entry.byNumber.get(2)];
  if (key === undefined || value === undefined) {
    throw fail('schema.syntax', `The map ${entry.name} has no key or no value.`, 'Compile the schema anew.');
  }
  return { key, value };
}

function enumType({ name, values }: Declarations['enums'][number]): EnumType {
  const names = new Map<number, string>();
  for (const value of values) {
    if (!names.has(value.number)) {
      names.set(value.number, value.name);
    }
  }
  return { kind: 'enum', name, names, numbers: new Map(values.map((value) => [value.name, value.number])) };
}
