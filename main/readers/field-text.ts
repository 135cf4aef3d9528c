import type { FieldText } from '#app/contract/feeds/readers.ts';
import type { FieldValue } from '#app/payload/field-changes.ts';
import { cutLine } from '#app/payload/preview.ts';
import { fieldType } from '#app/payload/topic-shape.ts';
import { visibleText } from '#app/payload/visible-text.ts';

/** Characters of a value that cross to the screen, and of a path. */
const MAX_VALUE = 200;
const MAX_PATH = 300;

/** A value as a line of the screen, a number as it is written; text in quotes where `quoted`. */
export function fieldText({ value, written }: FieldSource, quoted = true): FieldText {
  const type = fieldType(value);
  const text = safe(written ?? String(value));
  return { type, text: type === 'text' && quoted ? `"${text}"` : text };
}

interface FieldSource {
  readonly value: FieldValue;
  readonly written?: string | undefined;
}

/** A path as a line of the screen. */
export function pathText(path: string): string {
  return safe(path, MAX_PATH);
}

function safe(text: string, length = MAX_VALUE): string {
  return cutLine(visibleText(text.slice(0, length + 1)), length);
}
