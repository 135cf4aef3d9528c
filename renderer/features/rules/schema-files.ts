import { formatBytes } from '#app/base/format.ts';
import { type FailureError, fail } from '#app/contract/failure.ts';
import { base64Text } from '#app/payload/base64.ts';
import { decodeStrictUtf8 } from '#app/payload/utf8.ts';
import {
  MAX_SCHEMA_BYTES,
  MAX_SCHEMA_FILES,
  type PayloadSchema,
  type SchemaFile,
} from '#app/profile/schemas.ts';
import { typesOf } from './schema-facts.ts';

/** A file as the page gets it from a drop or the file picker. */
export type PickedFile = Pick<File, 'name' | 'size' | 'arrayBuffer' | 'webkitRelativePath'>;

/** What the file picker offers. */
export const SCHEMA_FILES = '.proto,.desc,.pb,.binpb,.protoset,.fds,.avsc';

const PROTO = /\.proto$/i;
const DESCRIPTORS = /\.(?:desc|pb|binpb|protoset|fds)$/i;
const AVRO = /\.avsc$/i;
const ENDING = /\.[^./]*$/;

/**
 * The schemas that files make: all `.proto` files one, since they may import each other; also those of Avro that can't be
 * read each by itself; each other file one of its own.
 * Throws `schemas.file` and `schemas.size`.
 */
export async function schemasOfFiles(files: readonly PickedFile[]): Promise<readonly PayloadSchema[]> {
  if (files.length > MAX_SCHEMA_FILES) {
    throw tooMuch(`These are ${files.length} files; a schema may have ${MAX_SCHEMA_FILES}.`);
  }
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const largest = files.find((file) => file.size > MAX_SCHEMA_BYTES);
  if (largest !== undefined || size > 4 * MAX_SCHEMA_BYTES) {
    throw tooMuch(
      `A schema may take ${formatBytes(MAX_SCHEMA_BYTES)}; ${largest === undefined ? 'these files take' : `“${largest.name}” takes`} ${formatBytes(largest?.size ?? size)}.`,
    );
  }
  const protos: SchemaFile[] = [];
  const avros: SchemaFile[] = [];
  const schemas: PayloadSchema[] = [];
  for (const file of files) {
    const path = (file.webkitRelativePath || file.name).slice(-500);
    if (PROTO.test(path)) {
      protos.push({ path, text: await textOf(file) });
    } else if (AVRO.test(path)) {
      avros.push({ path, text: await textOf(file) });
    } else if (DESCRIPTORS.test(path)) {
      const base64 = base64Text(await bytesOf(file));
      schemas.push(newSchema('protobuf', path, [{ path, base64 }]));
    } else {
      throw fail(
        'schemas.file',
        `“${file.name}” is no schema.`,
        'Add .proto files, a compiled set of descriptors (.desc, .pb, .binpb, .protoset) or an Avro schema (.avsc).',
      );
    }
  }
  const [first] = protos;
  return [
    ...(first === undefined ? [] : [newSchema('protobuf', first.path, protos)]),
    ...schemas,
    ...avroSchemas(avros),
  ];
}

/** Files that name each other's types belong together. */
function avroSchemas(files: SchemaFile[]): readonly PayloadSchema[] {
  const single = files.map((file) => newSchema('avro', file.path, [file]));
  const [first] = files;
  return first === undefined || single.every((schema) => typesOf(schema).types !== undefined)
    ? single
    : [newSchema('avro', first.path, files)];
}

function newSchema(kind: PayloadSchema['kind'], path: string, files: SchemaFile[]): PayloadSchema {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(ENDING, '');
  return { id: crypto.randomUUID(), name: name.slice(0, 200) || 'Schema', kind, files };
}

function tooMuch(message: string): FailureError {
  return fail('schemas.size', message, 'Add only the files that describe your messages.');
}

async function bytesOf(file: PickedFile): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw fail(
      'schemas.file',
      `“${file.name}” could not be read.`,
      'See whether the file is still there and may be read, and add it again. A folder can’t be added.',
      String(error),
    );
  }
}

async function textOf(file: PickedFile): Promise<string> {
  const text = decodeStrictUtf8(await bytesOf(file));
  if (text === undefined) {
    throw fail('schemas.file', `“${file.name}” is not UTF-8 text.`, 'Save it as UTF-8 and add it again.');
  }
  // A byte order mark means nothing to a parser.
  return text.replace(/^\ufeff/, '');
}
