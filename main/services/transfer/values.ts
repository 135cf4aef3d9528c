/**
 * Careful looks into JSON of unknown shape. Only own members are seen, so that a key such as `__proto__` or
 * `constructor` is never more than a name.
 */
export type Json = unknown;

export function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member; `undefined` where there is none, or the value is no object. */
export function member(value: Json, key: string): Json {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The first own member of these names that is neither missing nor null. */
export function anyMember(value: Json, ...keys: readonly string[]): Json {
  for (const key of keys) {
    const found = member(value, key);
    if (found !== undefined && found !== null) {
      return found;
    }
  }
  return undefined;
}

export function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A text or a number as text; `undefined` for all else. */
export function text(value: Json): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) {
    return String(value);
  }
  return typeof value === 'string' ? value : undefined;
}

/** A number, also one that is written as text; `undefined` for all else. */
export function number(value: Json): number | undefined {
  const found = typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** A truth value, also as `"true"`, `1` or `"1"`; `undefined` for all else. */
export function flag(value: Json): boolean | undefined {
  if (typeof value === 'boolean') {
    return value;
  }
  const word = text(value)?.trim().toLowerCase();
  if (word === 'true' || word === '1') {
    return true;
  }
  return word === 'false' || word === '0' ? false : undefined;
}
