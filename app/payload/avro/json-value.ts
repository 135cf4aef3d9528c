import { fail } from '../../contract/failure.ts';
import type { JsonKind } from './union.ts';

/** A number with all its digits as they are written. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string } | undefined) => unknown,
) => unknown;

/** JSON as a value in which numbers are {@link NumberText}: a decimal may have more digits than a double keeps. */
export function parseWrittenNumbers(text: string): unknown {
  try {
    return (JSON.parse as ParseWithSource)(text, (_key, value, context) =>
      typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
    );
  } catch (error) {
    if (error instanceof RangeError) {
      throw fail(
        'payload.json',
        'The JSON is nested too deeply.',
        'Send it as Text, which is not looked into.',
      );
    }
    throw error;
  }
}

/** What a value of {@link parseWrittenNumbers} is. */
export function kindOf(value: unknown): JsonKind {
  if (value instanceof NumberText) {
    return 'number';
  }
  return value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as JsonKind);
}
