import { fail } from '../../contract/failure.ts';
import { decodeUtf8 } from '../utf8.ts';
import {
  type Declarations,
  type DeclaredEnum,
  type DeclaredExtension,
  type DeclaredField,
  type DeclaredMessage,
  jsonNameOf,
} from './declarations.ts';
import { extensionName } from './read-proto.ts';
import { Wire, WireError, WireReader } from './wire.ts';

/** Messages within messages that are followed. */
const MAX_DEPTH = 64;

/** Types of fields by their numbers in `google/protobuf/descriptor.proto`; 10, 11 and 14 have a name beside it. */
const typeNames: readonly string[] = [
  '',
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'group',
  'message',
  'bytes',
  'uint32',
  'enum',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];
const GROUP = 10;
const MESSAGE = 11;
const REQUIRED = 2;
const REPEATED = 3;

/** What editions make a choice (FeatureSet), inherited from file to message to field. */
interface Features {
  /** 1 explicit, 2 implicit, 3 legacy required. */
  readonly presence: number;
  /** 1 packed, 2 expanded. */
  readonly repeated: number;
  /** 1 length-prefixed, 2 delimited. */
  readonly messages: number;
}

const featuresOf: Readonly<Record<'proto2' | 'proto3' | 'editions', Features>> = {
  proto2: { presence: 1, repeated: 2, messages: 1 },
  proto3: { presence: 2, repeated: 1, messages: 1 },
  editions: { presence: 1, repeated: 1, messages: 1 },
};

interface Collected {
  readonly messages: DeclaredMessage[];
  readonly enums: DeclaredEnum[];
  readonly extensions: DeclaredExtension[];
  /** Full names of all types of the set. */
  readonly known: Set<string>;
}

/** Reads a compiled schema (`protoc --descriptor_set_out`, a FileDescriptorSet). Throws `schema.syntax`. */
export function readDescriptorSet(path: string, bytes: Uint8Array): Declarations {
  const all: Collected = { messages: [], enums: [], extensions: [], known: new Set() };
  const files: Parts[] = [];
  const imports: { readonly by: string; readonly path: string }[] = [];
  const names = new Set<string>();
  try {
    const set = new WireReader(bytes);
    while (set.next()) {
      if (set.field === 1 && set.wire === Wire.bytes) {
        const file = parts(set.message());
        const name = textOf(file, 1);
        names.add(name);
        imports.push(...allOf(file, 3).map((imported) => ({ by: name, path: decodeUtf8(imported) })));
        files.push(file);
        addNames(file, textOf(file, 2), 4, 5, all.known, 0);
      } else {
        set.skip();
      }
    }
    for (const file of files) {
      readFile(file, all);
    }
  } catch (error) {
    if (!(error instanceof WireError)) {
      throw error;
    }
    throw notASet(path, `${error.message}, byte ${error.offset + 1}`);
  }
  if (names.size === 0 || all.messages.length === 0) {
    throw notASet(path, 'it declares no message');
  }
  const { messages, enums, extensions } = all;
  return { messages, enums, extensions, missing: imports.filter((one) => !names.has(one.path)) };
}

function notASet(path: string, why: string) {
  return fail(
    'schema.syntax',
    `${path} is not a set of Protobuf descriptors: ${why}.`,
    'Make one with protoc --include_imports --descriptor_set_out=FILE, or add the .proto files.',
  );
}

type Parts = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** The fields of a message by their numbers; those of fixed length are none that matter here. */
function parts(reader: WireReader): Parts {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  while (reader.next()) {
    const { field, wire } = reader;
    if (wire === Wire.varint || wire === Wire.bytes) {
      const list = found.get(field) ?? [];
      list.push(wire === Wire.varint ? reader.varint() : reader.slice());
      found.set(field, list);
    } else {
      reader.skip();
    }
  }
  return found;
}

function allOf(of: Parts, number: number): readonly Uint8Array[] {
  return (of.get(number) ?? []).filter((part) => typeof part !== 'bigint');
}

function partsOf(of: Parts, number: number): readonly Parts[] {
  return allOf(of, number).map((bytes) => parts(new WireReader(bytes)));
}

function textOf(of: Parts, number: number): string {
  return decodeUtf8(allOf(of, number).at(-1) ?? new Uint8Array(0));
}

function numberOf(of: Parts, number: number): number | undefined {
  const value = of.get(number)?.at(-1);
  return typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : undefined;
}

/** Features that the options of a declaration change; `number` is their field in these options. */
function withFeatures(before: Features, of: Parts, options: number, number: number): Features {
  const [changed] = partsOf(of, options)
    .flatMap((part) => partsOf(part, number))
    .slice(-1);
  return changed === undefined
    ? before
    : {
        presence: numberOf(changed, 1) ?? before.presence,
        repeated: numberOf(changed, 3) ?? before.repeated,
        messages: numberOf(changed, 5) ?? before.messages,
      };
}

/** Notes the names of the messages and enums (fields of these numbers) of a file or a message, and of what is in them. */
function addNames(
  of: Parts,
  scope: string,
  messages: number,
  enums: number,
  to: Set<string>,
  depth: number,
): void {
  for (const one of partsOf(of, enums)) {
    to.add(within(scope, textOf(one, 1)));
  }
  for (const message of depth > MAX_DEPTH ? [] : partsOf(of, messages)) {
    const name = within(scope, textOf(message, 1));
    to.add(name);
    addNames(message, name, 3, 4, to, depth + 1);
  }
}

/** A type's full name: with a dot in front it is one, else it is looked for from the inside out. */
function fullName(name: string, scope: string, known: ReadonlySet<string>): string {
  if (name.startsWith('.')) {
    return name.slice(1);
  }
  for (let around = scope; around !== ''; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
    if (known.has(`${around}.${name}`)) {
      return `${around}.${name}`;
    }
  }
  return name;
}

function readFile(file: Parts, all: Collected): void {
  const syntax = textOf(file, 12);
  const base = featuresOf[syntax === 'proto3' || syntax === 'editions' ? syntax : 'proto2'];
  const features = withFeatures(base, file, 8, 50);
  const scope = textOf(file, 2);
  readEnums(partsOf(file, 5), scope, all);
  readExtensions(partsOf(file, 7), scope, features, all);
  for (const message of partsOf(file, 4)) {
    readMessage(message, scope, features, all, 0);
  }
}

function readMessage(message: Parts, scope: string, outer: Features, all: Collected, depth: number): void {
  if (depth > MAX_DEPTH) {
    return;
  }
  const features = withFeatures(outer, message, 7, 12);
  const name = within(scope, textOf(message, 1));
  const oneofs = partsOf(message, 8).map((oneof) => textOf(oneof, 1));
  all.messages.push({
    name,
    // Some compilers list extensions among the fields as well, by their full names.
    fields: partsOf(message, 2)
      .filter((field) => !textOf(field, 1).startsWith('.'))
      .map((field) => readField(field, name, features, oneofs, all.known)),
    isMapEntry: partsOf(message, 7).some((options) => numberOf(options, 7) === 1),
  });
  readEnums(partsOf(message, 4), name, all);
  readExtensions(partsOf(message, 6), name, features, all);
  for (const nested of partsOf(message, 3)) {
    readMessage(nested, name, features, all, depth + 1);
  }
}

function readEnums(enums: readonly Parts[], scope: string, all: Collected): void {
  for (const one of enums) {
    all.enums.push({
      name: within(scope, textOf(one, 1)),
      values: partsOf(one, 2).map((value) => ({ name: textOf(value, 1), number: numberOf(value, 2) ?? 0 })),
    });
  }
}

function readExtensions(fields: readonly Parts[], scope: string, features: Features, all: Collected): void {
  for (const one of fields) {
    const field = readField(one, scope, features, [], all.known);
    all.extensions.push({
      of: fullName(textOf(one, 2), scope, all.known),
      field: { ...field, ...extensionName(within(scope, field.name)), hasPresence: !field.isRepeated },
    });
  }
}

function readField(
  field: Parts,
  scope: string,
  outer: Features,
  oneofs: readonly string[],
  known: ReadonlySet<string>,
): DeclaredField {
  const features = withFeatures(outer, field, 8, 21);
  const name = textOf(field, 1);
  const label = numberOf(field, 4);
  const type = numberOf(field, 5) ?? 0;
  const typeName = fullName(textOf(field, 6), scope, known);
  const isOptional = numberOf(field, 17) === 1;
  const index = numberOf(field, 9);
  const oneof = index === undefined || isOptional ? undefined : oneofs[index];
  const packed = partsOf(field, 8)
    .map((options) => numberOf(options, 2))
    .at(-1);
  const isRepeated = label === REPEATED;
  const isMessage = type === MESSAGE || type === GROUP;
  return {
    name,
    jsonName: textOf(field, 10) || jsonNameOf(name),
    number: numberOf(field, 3) ?? 0,
    type: typeName === '' ? (typeNames[type] ?? '') : typeName,
    isRepeated,
    isRequired: label === REQUIRED || features.presence === 3,
    isPacked: isRepeated && !isMessage && (packed === undefined ? features.repeated === 1 : packed === 1),
    isGroup: type === GROUP || (type === MESSAGE && features.messages === 2),
    hasPresence: !isRepeated && (isMessage || isOptional || oneof !== undefined || features.presence !== 2),
    ...(oneof === undefined ? {} : { oneof }),
  };
}

function within(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
