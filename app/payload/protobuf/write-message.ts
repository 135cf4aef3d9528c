import type { Field, LinkedTypes, MessageType } from './link.ts';
import { wireOf } from './message-value.ts';
import { durationOf, timestampOf, wrapperField } from './well-known.ts';
import { Wire } from './wire.ts';
import { WireWriter } from './wire-writer.ts';
import { writeScalar, wrong } from './write-scalar.ts';

const MAX_DEPTH = 100;
const encoder = new TextEncoder();

type JsonObject = Readonly<Record<string, unknown>>;

/** Writes a JSON value (integers may be bigints) as a message. Throws `payload.protobuf`, with the path of what is wrong. */
export function writeMessage(
  types: LinkedTypes,
  type: MessageType,
  value: unknown,
  path = '',
  depth = 0,
): Uint8Array<ArrayBuffer> {
  if (depth > MAX_DEPTH) {
    throw wrong(path, `is nested deeper than ${MAX_DEPTH} messages`);
  }
  const writer = new WireWriter();
  const known = wellKnown(types, type, value, path, depth);
  if (known !== undefined) {
    return known;
  }
  if (!isObject(value)) {
    throw wrong(path, `has to be an object: it is a message of type ${type.name}`);
  }
  const given = new Map<Field, unknown>();
  const oneofs = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    const field = type.byName.get(name);
    if (field === undefined) {
      throw wrong(join(path, name), `is no field of ${type.name}`);
    }
    if (given.has(field)) {
      throw wrong(join(path, name), 'is there twice, under two names');
    }
    if (isAbsent(member, field)) {
      continue;
    }
    given.set(field, member);
    const other = field.oneof === undefined ? undefined : oneofs.get(field.oneof);
    if (other !== undefined) {
      throw wrong(join(path, name), `can’t be there beside ${other}: of “${field.oneof}” there is one`);
    }
    if (field.oneof !== undefined) {
      oneofs.set(field.oneof, name);
    }
  }
  for (const field of type.fields) {
    if (given.has(field)) {
      writeField(types, writer, field, given.get(field), join(path, field.name), depth);
    } else if (field.isRequired) {
      throw wrong(join(path, field.name), 'is required');
    }
  }
  return writer.finish();
}

/** `null` is what JSON says for a field that is not there; of a `Value` it is one. */
function isAbsent(value: unknown, { type, isRepeated }: Field): boolean {
  const isValue = typeof type === 'object' && type.name === 'google.protobuf.Value' && !isRepeated;
  return value === null && !isValue;
}

function writeField(
  types: LinkedTypes,
  writer: WireWriter,
  field: Field,
  value: unknown,
  path: string,
  depth: number,
): void {
  const { map } = field;
  if (map !== undefined) {
    if (!isObject(value)) {
      throw wrong(path, 'has to be an object: it is a map');
    }
    for (const [key, member] of Object.entries(value)) {
      const entry = new WireWriter();
      writeOne(types, entry, map.key, keyOf(key, map.key), `key of ${path}`, depth);
      writeOne(types, entry, map.value, member, join(path, key), depth);
      writer.tag(field.number, Wire.bytes);
      writer.bytes(entry.finish());
    }
    return;
  }
  if (!field.isRepeated) {
    const one = new WireWriter();
    const isZero = writeOne(types, one, field, value, path, depth);
    if (field.hasPresence || !isZero) {
      writer.raw(one.finish());
    }
    return;
  }
  if (!Array.isArray(value)) {
    throw wrong(path, 'has to be a list');
  }
  if (field.isPacked) {
    if (value.length > 0) {
      const packed = new WireWriter();
      value.forEach((item, index) => {
        writeScalar(packed, field, item, `${path}[${index}]`);
      });
      writer.tag(field.number, Wire.bytes);
      writer.bytes(packed.finish());
    }
    return;
  }
  value.forEach((item, index) => {
    writeOne(types, writer, field, item, `${path}[${index}]`, depth);
  });
}

/** Writes a value with its tag; says whether it is zero. */
function writeOne(
  types: LinkedTypes,
  writer: WireWriter,
  field: Field,
  value: unknown,
  path: string,
  depth: number,
): boolean {
  const { type, number } = field;
  const wire = wireOf(field);
  writer.tag(number, wire);
  if (typeof type !== 'object' || type.kind === 'enum') {
    return writeScalar(writer, field, value, path);
  }
  const bytes = writeMessage(types, type, value, path, depth + 1);
  if (wire === Wire.group) {
    writer.raw(bytes);
    writer.tag(number, Wire.endGroup);
  } else {
    writer.bytes(bytes);
  }
  return false;
}

/** The key of a map, which JSON has as text. */
function keyOf(key: string, { type }: Field): unknown {
  return type === 'bool' && (key === 'true' || key === 'false') ? key === 'true' : key;
}

/** Messages that JSON has a form of its own for; `undefined`: as any other. */
function wellKnown(
  types: LinkedTypes,
  type: MessageType,
  value: unknown,
  path: string,
  depth: number,
): Uint8Array<ArrayBuffer> | undefined {
  const { name } = type;
  const write = (plain: JsonObject) => writeMessage(types, { ...type, name: '' }, plain, path, depth);
  if (!name.startsWith('google.protobuf.')) {
    return undefined;
  }
  if ((name.endsWith('.Timestamp') || name.endsWith('.Duration')) && typeof value === 'string') {
    const isTime = name.endsWith('.Timestamp');
    const parts = isTime ? timestampOf(value) : durationOf(value);
    if (parts === undefined) {
      throw wrong(
        path,
        isTime ? 'has to be a time like 2026-11-23T15:00:00Z' : 'has to be a duration like 1.5s',
      );
    }
    return write({ seconds: parts[0], nanos: parts[1] });
  }
  switch (name) {
    case 'google.protobuf.Struct':
      return write({ fields: value });
    case 'google.protobuf.ListValue':
      return write({ values: value });
    case 'google.protobuf.Value':
      return write({ [valueMember(value)]: value === null ? 0 : value });
    case 'google.protobuf.Any': {
      const { '@type': url, ...rest } = isObject(value) ? value : {};
      const inner = typeof url === 'string' ? types.get(url.slice(url.lastIndexOf('/') + 1)) : undefined;
      if (inner === undefined) {
        return undefined;
      }
      const bytes = writeMessage(types, inner, rest, path, depth + 1);
      const writer = new WireWriter();
      writer.tag(1, Wire.bytes);
      writer.bytes(encoder.encode(String(url)));
      if (bytes.length > 0) {
        writer.tag(2, Wire.bytes);
        writer.bytes(bytes);
      }
      return writer.finish();
    }
    default: {
      const field = wrapperField(type);
      return field === undefined || isObject(value) ? undefined : write({ [field.name]: value });
    }
  }
}

/** The field of `google.protobuf.Value` for a JSON value; names in JSON are the same in all sources. */
function valueMember(value: unknown): string {
  if (value === null) {
    return 'nullValue';
  }
  if (Array.isArray(value)) {
    return 'listValue';
  }
  switch (typeof value) {
    case 'string':
      return 'stringValue';
    case 'boolean':
      return 'boolValue';
    case 'object':
      return 'structValue';
    default:
      return 'numberValue';
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
