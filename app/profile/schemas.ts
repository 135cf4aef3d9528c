import { z } from 'zod';
import { formatBytes } from '../base/format.ts';

/** Schemas that a profile may have. */
export const MAX_SCHEMAS = 50;
/** Files of one schema. */
export const MAX_SCHEMA_FILES = 200;
/** Bytes of one schema (text in UTF-8), and of all schemas of a profile. */
export const MAX_SCHEMA_BYTES = 1_000_000;
export const MAX_ALL_SCHEMA_BYTES = 4 * MAX_SCHEMA_BYTES;

/** Formats whose messages need a schema to be read; a rule's codec has the same id. */
export const schemaKinds = ['protobuf', 'avro'] as const;
export type SchemaKind = (typeof schemaKinds)[number];

/** As others name it in an `import`: `plant/reading.proto`. */
const path = z.string().min(1).max(500);

/** A file as it was dropped: text, or bytes in Base64 (a compiled set of Protobuf descriptors). */
const schemaFileSchema = z.union([
  z.object({ path, text: z.string().max(MAX_SCHEMA_BYTES) }),
  z.object({ path, base64: z.string().max(Math.ceil(MAX_SCHEMA_BYTES / 3) * 4) }),
]);
export type SchemaFile = z.infer<typeof schemaFileSchema>;

/** A schema that payloads are read by, kept with the profile. Rules refer to it by its id. */
export const payloadSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  kind: z.enum(schemaKinds),
  /** Those of one schema may refer to each other. */
  files: z.array(schemaFileSchema).min(1).max(MAX_SCHEMA_FILES),
});
export type PayloadSchema = z.infer<typeof payloadSchema>;

const encoder = new TextEncoder();
/** Schemas are never changed in place. */
const sizes = new WeakMap<PayloadSchema, number>();

/** Bytes that a schema holds. */
export function schemaBytes(schema: PayloadSchema): number {
  let size = sizes.get(schema);
  if (size === undefined) {
    size = schema.files.reduce(
      (sum, file) =>
        sum + ('text' in file ? encoder.encode(file.text).length : Math.floor((file.base64.length * 3) / 4)),
      0,
    );
    sizes.set(schema, size);
  }
  return size;
}

/** What keeps a profile from having these schemas, as a sentence; `undefined` where nothing does. */
export function schemasProblem(schemas: readonly PayloadSchema[]): string | undefined {
  if (schemas.length > MAX_SCHEMAS) {
    return `A connection may have ${MAX_SCHEMAS} schemas.`;
  }
  for (const schema of schemas) {
    const size = schemaBytes(schema);
    if (size > MAX_SCHEMA_BYTES) {
      return `A schema may take ${formatBytes(MAX_SCHEMA_BYTES)}; “${schema.name}” takes ${formatBytes(size)}.`;
    }
  }
  const all = schemas.reduce((sum, schema) => sum + schemaBytes(schema), 0);
  if (all > MAX_ALL_SCHEMA_BYTES) {
    return `The schemas of a connection may take ${formatBytes(MAX_ALL_SCHEMA_BYTES)} together; these take ${formatBytes(all)}.`;
  }
  return new Set(schemas.map(({ id }) => id)).size < schemas.length
    ? 'Two schemas have the same id.'
    : undefined;
}
