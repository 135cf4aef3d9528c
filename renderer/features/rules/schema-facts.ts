import { formatBytes, formatCount, formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { schemaFormat } from '#app/payload/schema/schema-formats.ts';
import type { Rule } from '#app/profile/rules.ts';
import { type PayloadSchema, schemaBytes } from '#app/profile/schemas.ts';

/** What a schema describes, or why it can't be used. */
export type SchemaTypes =
  | { readonly types: readonly string[]; readonly failure?: undefined }
  | { readonly types?: undefined; readonly failure: Failure };

/** Schemas are never changed in place. */
const known = new WeakMap<PayloadSchema, SchemaTypes>();

/** The message types of a schema. */
export function typesOf(schema: PayloadSchema): SchemaTypes {
  let found = known.get(schema);
  if (found === undefined) {
    try {
      found = { types: schemaFormat(schema.kind)?.types(schema) ?? [] };
    } catch (error) {
      found = { failure: toFailure(error) };
    }
    known.set(schema, found);
  }
  return found;
}

/** The schemas with those that are still the same taken from before: they have been read already. */
export function keptSchemas(
  before: readonly PayloadSchema[],
  now: readonly PayloadSchema[],
): readonly PayloadSchema[] {
  const kept = now.map((schema) => before.find((other) => isSame(other, schema)) ?? schema);
  return kept.length === before.length && kept.every((schema, index) => schema === before[index])
    ? before
    : kept;
}

function isSame(a: PayloadSchema, b: PayloadSchema): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.files.length === b.files.length &&
    a.files.every((file, index) => {
      const other = b.files[index];
      return (
        other?.path === file.path &&
        ('text' in file
          ? 'text' in other && other.text === file.text
          : 'base64' in other && other.base64 === file.base64)
      );
    })
  );
}

/** `Protobuf, 3 files, 12 KB`. */
export function schemaWords(schema: PayloadSchema): string {
  const label = schemaFormat(schema.kind)?.label ?? schema.kind;
  return [label, formatQuantity(schema.files.length, 'file'), formatBytes(schemaBytes(schema))].join(', ');
}

/** `4 types`, and by how many rules it is used. */
export function describedWords(types: readonly string[], uses: number): string {
  const described = formatQuantity(types.length, 'message type');
  return uses === 0 ? described : `${described}, used by ${formatQuantity(uses, 'rule')}`;
}

/** How many rules read by a schema. */
export function usesOf(schema: PayloadSchema, rules: readonly Rule[]): number {
  return rules.filter(({ codec }) => codec.schema === schema.id && codec.id === schema.kind).length;
}

/** `Reading, plant.Alarm and 12 more`, for where there is room for a line. */
export function typeNames(types: readonly string[]): string {
  const shown = types.slice(0, 5).join(', ');
  return types.length > 5 ? `${shown} and ${formatCount(types.length - 5)} more` : shown;
}
