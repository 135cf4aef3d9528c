/** What a field may hold; containers are known by what is in them. */
export type FieldValue = string | number | bigint | boolean | null;

/**
 * Longer paths are left out, in UTF-16 units: one long name above many values would otherwise be copied for each of them.
 */
export const MAX_PATH_LENGTH = 1000;

/** One value of a payload by its path. */
export interface FieldAt {
  readonly path: string;
  readonly value: FieldValue;
  /** How a number is written, where that differs from how it would be printed: `127.0`. */
  readonly written?: string;
}

/** What happened to one field between two payloads. */
export type FieldChange =
  | {
      readonly kind: 'changed';
      readonly path: string;
      readonly before: FieldAt;
      readonly after: FieldAt;
    }
  | { readonly kind: 'appeared'; readonly path: string; readonly after: FieldAt }
  | { readonly kind: 'gone'; readonly path: string; readonly before: FieldAt };

/**
 * What makes the later of two payloads out of the earlier: what changed or appeared in the order of the later, then
 * what is gone. Of fields with the same path the last counts, as parsers have it.
 */
export function fieldChanges(before: readonly FieldAt[], after: readonly FieldAt[]): FieldChange[] {
  const old = byPath(before);
  const changes: FieldChange[] = [];
  for (const [path, field] of byPath(after)) {
    const earlier = old.get(path);
    old.delete(path);
    if (earlier === undefined) {
      changes.push({ kind: 'appeared', path, after: field });
    } else if (!Object.is(earlier.value, field.value)) {
      changes.push({ kind: 'changed', path, before: earlier, after: field });
    }
  }
  for (const [path, field] of old) {
    changes.push({ kind: 'gone', path, before: field });
  }
  return changes;
}

function byPath(fields: readonly FieldAt[]): Map<string, FieldAt> {
  return new Map(fields.map((field) => [field.path, field]));
}
