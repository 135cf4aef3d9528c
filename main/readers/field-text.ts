import type { FieldText } from '#app/contract/feeds/readers.ts';
import type { FieldValue } from '#app/payload/field-changes.ts';
import { cutLine } from '#app/payload/preview.ts';
import { fieldType } from '#app/payload/topic-shape.ts';
import { visibleText } from '#app/payload/visible-text.ts';

/** Characters of a value that cross to the screen, and of a path. */
const MAX_VALUE = 200;
const MAX_PATH = 300;

/** A value as a line of the screen; text in quotes where `quoted`. */
export function fieldText(value: FieldValue, quoted = true): FieldText {
  const type = fieldType(value);
  return { type, text: type === 'text' && quoted ? `"${safe(String(value))}"` : safe(String(value)) };
}

/** A path as a line of the screen. */
export function pathText(path: string): string {
  return safe(path, MAX_PATH);
}

function safe(text: string, length = MAX_VALUE): string {
  return cutLine(visibleText(text.slice(0, length + 1)), length);
}
