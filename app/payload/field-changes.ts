/** What a field may hold; containers are known by what is in them. */
export type FieldValue = string | number | bigint | boolean | null;

/** One value of a payload by its path. */
export interface FieldAt {
  readonly path: string;
  readonly value: FieldValue;
}

/** What happened to one field between two payloads. */
export type FieldChange =
  | {
      readonly kind: 'changed';
      readonly path: string;
      readonly before: FieldValue;
      readonly after: FieldValue;
    }
  | { readonly kind: 'appeared'; readonly path: string; readonly after: FieldValue }
  | { readonly kind: 'gone'; readonly path: string; readonly before: FieldValue };

/**
 * What makes the later of two payloads out of the earlier: what changed or appeared in the order of the later, then
 * what is gone. Of fields with the same path the last counts, as parsers have it.
 */
export function fieldChanges(before: readonly FieldAt[], after: readonly FieldAt[]): FieldChange[] {
  const old = valuesByPath(before);
  const changes: FieldChange[] = [];
  for (const [path, value] of valuesByPath(after)) {
    if (!old.has(path)) {
      changes.push({ kind: 'appeared', path, after: value });
      continue;
    }
    const earlier = old.get(path) ?? null;
    old.delete(path);
    if (!Object.is(earlier, value)) {
      changes.push({ kind: 'changed', path, before: earlier, after: value });
    }
  }
  for (const [path, value] of old) {
    changes.push({ kind: 'gone', path, before: value });
  }
  return changes;
}

function valuesByPath(fields: readonly FieldAt[]): Map<string, FieldValue> {
  return new Map(fields.map(({ path, value }) => [path, value]));
}
