import protobuf from 'protobufjs';
import { fail } from '../../contract/failure.ts';
import { type Declarations, type DeclaredExtension, type DeclaredField, isScalar } from './declarations.ts';

/** A `.proto` file. */
export interface ProtoFile {
  readonly path: string;
  readonly text: string;
}

const BUILT_IN = /(?:^|\/)(google\/protobuf\/[a-z_]+\.proto)$/;

/**
 * Reads `.proto` files that may import each other. The library only parses: its encoders and decoders are generated
 * code, which the page's policy forbids. Throws `schema.syntax` and `schema.type`.
 */
export function readProtoFiles(files: readonly ProtoFile[]): Declarations {
  const root = new protobuf.Root();
  const missing: { by: string; path: string }[] = [];
  const builtIn = new Set<string>();
  for (const { path, text } of files) {
    for (const imported of parseFile(root, path, text)) {
      const known = BUILT_IN.exec(imported)?.[1];
      if (findImported(files, imported) !== undefined) {
        continue;
      }
      if (known !== undefined && protobuf.common.get(known) !== null) {
        builtIn.add(known);
      } else {
        missing.push({ by: path, path: imported });
      }
    }
  }
  addBuiltIn(root, builtIn);
  resolve(root, missing);
  return { ...collect(root), missing };
}

/** A file by the path that an import names; dropped files may lack the folders before their names, or have more of them. */
function findImported(files: readonly ProtoFile[], imported: string): ProtoFile | undefined {
  return (
    files.find(({ path }) => path === imported) ??
    files.find(({ path }) => path.endsWith(`/${imported}`) || imported.endsWith(`/${path}`))
  );
}

/** Adds what a file declares; answers with what it imports. */
function parseFile(root: protobuf.Root, path: string, text: string): readonly string[] {
  try {
    const { imports = [], weakImports = [] } = protobuf.parse(text, root, { keepCase: true });
    return [...imports, ...weakImports];
  } catch (error) {
    throw fail(
      'schema.syntax',
      `${path} can’t be read: ${parserWords(error)}.`,
      'Correct the file and add it again.',
    );
  }
}

/** Declares types of Google's that come with the language, as far as no file does. */
function addBuiltIn(root: protobuf.Root, names: ReadonlySet<string>): void {
  for (const name of names) {
    const space = root.define('google.protobuf');
    for (const [type, declared] of Object.entries(builtInTypes(name))) {
      if (space.get(type) === null) {
        space.addJSON({ [type]: declared });
      }
    }
  }
}

function builtInTypes(name: string): Readonly<Record<string, protobuf.AnyNestedObject>> {
  let space: unknown = protobuf.common.get(name);
  for (const part of ['google', 'protobuf']) {
    space = (space as protobuf.INamespace | null)?.nested?.[part];
  }
  return (space as protobuf.INamespace | undefined)?.nested ?? {};
}

/** What the language brings along, for compiled schemas that use it without bringing it. */
export function readBuiltIn(): Declarations {
  const root = new protobuf.Root();
  const all = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'];
  addBuiltIn(root, new Set(all.map((name) => `google/protobuf/${name}.proto`)));
  root.resolveAll();
  return { ...collect(root), missing: [] };
}

function resolve(root: protobuf.Root, missing: Declarations['missing']): void {
  // Extensions of what is not there: options of the compiler, mostly. No payload can have them.
  (root as unknown as { deferred: unknown[] }).deferred.length = 0;
  try {
    root.resolveAll();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const named = /no such (?:Type or Enum|type|Type) '?([^']+?)'?(?: in \w+ \.?(\S+))?$/.exec(text);
    throw typeMissing(named?.[1] ?? text, named?.[2], missing);
  }
}

/** The failure of a schema that uses a type of which nothing is known. */
export function typeMissing(type: string, inside: string | undefined, missing: Declarations['missing']) {
  const [first] = missing;
  const place = inside === undefined ? '' : ` that ${inside} uses`;
  return first === undefined
    ? fail('schema.type', `The type “${type}”${place} is not declared.`, 'Add the file that declares it.')
    : fail(
        'schema.import',
        `The type “${type}”${place} is not declared: ${first.by} imports “${first.path}”, which is not among the files.`,
        `Add ${
          missing.length === 1
            ? 'it'
            : missing
                .map(({ path }) => path)
                .slice(0, 10)
                .join(', ')
        }.`,
      );
}

/** What the parser says, in words: `unexpected “}” (line 3)`. */
function parserWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const illegal = /^illegal (\w[\w ]*) '([\s\S]*?)'(?:, '(.*)' expected)? \(.*?line (\d+)\)$/.exec(text);
  if (illegal === null) {
    return text.slice(0, 300);
  }
  const [, what = '', token = '', expected, line = ''] = illegal;
  const said = token === 'null' ? 'the file ends too early' : `unexpected ${what} “${token.slice(0, 80)}”`;
  return `${said}${expected === undefined ? '' : ` instead of “${expected}”`} (line ${line})`;
}

function collect(root: protobuf.Root): Pick<Declarations, 'messages' | 'enums' | 'extensions'> {
  const messages: Declarations['messages'][number][] = [];
  const enums: Declarations['enums'][number][] = [];
  const extensions: DeclaredExtension[] = [];
  const visit = (object: protobuf.ReflectionObject): void => {
    if (object instanceof protobuf.Enum) {
      const values = Object.entries(object.values).map(([name, number]) => ({ name, number }));
      enums.push({ name: plain(object.fullName), values });
      return;
    }
    if (object instanceof protobuf.Type) {
      messages.push({
        name: plain(object.fullName),
        isMapEntry: false,
        fields: object.fieldsArray
          .filter(({ declaringField }) => declaringField === null)
          .map((field) => {
            if (field instanceof protobuf.MapField) {
              const entry = `${plain(object.fullName)}.${field.name}#entry`;
              messages.push(mapEntry(entry, field));
              return { ...declared(field), type: entry, isRepeated: true, isPacked: false };
            }
            return declared(field);
          }),
      });
      for (const field of object.fieldsArray) {
        if (field.declaringField !== null) {
          extensions.push({
            of: plain(object.fullName),
            field: { ...declared(field), ...extensionName(plain(field.declaringField.fullName)) },
          });
        }
      }
    }
    if (object instanceof protobuf.Namespace) {
      object.nestedArray.forEach(visit);
    }
  };
  visit(root);
  return { messages, enums, extensions };
}

/** How an extension is named in JSON. */
export function extensionName(name: string): { readonly name: string; readonly jsonName: string } {
  return { name: `[${name}]`, jsonName: `[${name}]` };
}

function mapEntry(name: string, field: protobuf.MapField): Declarations['messages'][number] {
  const part = (partName: string, number: number, type: string): DeclaredField => ({
    name: partName,
    jsonName: partName,
    number,
    type,
    isRepeated: false,
    isRequired: false,
    isPacked: false,
    isGroup: false,
    hasPresence: true,
  });
  const value = field.resolvedType === null ? field.type : plain(field.resolvedType.fullName);
  return { name, isMapEntry: true, fields: [part('key', 1, field.keyType), part('value', 2, value)] };
}

function declared(field: protobuf.Field): DeclaredField {
  const { name, id, type, resolvedType, repeated, required, packed, hasPresence, delimited, partOf } = field;
  // An optional field of proto3 stands in a group of alternatives of its own.
  const oneof = field.options?.proto3_optional === true ? undefined : partOf?.name;
  return {
    name,
    jsonName: field.jsonName ?? name,
    number: id,
    type: resolvedType === null && isScalar(type) ? type : plain(resolvedType?.fullName ?? type),
    isRepeated: repeated,
    isRequired: required,
    isPacked: repeated && packed,
    isGroup: delimited,
    hasPresence: Boolean(hasPresence) || resolvedType instanceof protobuf.Type,
    ...(oneof === undefined ? {} : { oneof }),
  };
}

/** Without the dot that stands for the root. */
function plain(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}
