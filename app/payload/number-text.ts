import type { FieldValue } from './field-changes.ts';

/** Characters of a text that may be a number with its unit. */
const MAX_LENGTH = 64;
const NUMBER_WITH_UNIT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\s?[°%]?[\p{L}°%/²³·]{0,8})?$/iu;
const switches: Readonly<Record<string, number>> = { true: 1, on: 1, false: 0, off: 0 };

/** The number that a text is: `21.4`, `21.4 °C`, `-3e5`, `on` as 1; `undefined` where it is none. */
export function numberOfText(text: string): number | undefined {
  if (text.length > MAX_LENGTH) {
    return undefined;
  }
  const trimmed = text.trim();
  const match = NUMBER_WITH_UNIT.exec(trimmed);
  if (match !== null) {
    const number = Number(match[1]);
    return Number.isFinite(number) ? number : undefined;
  }
  const word = trimmed.toLowerCase();
  return Object.hasOwn(switches, word) ? switches[word] : undefined;
}

/** The number that a field holds: itself, true as 1, a text that reads as one; `undefined` where it is none. */
export function numberOfField(value: FieldValue): number | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return numberOfText(value);
    default:
      return undefined;
  }
}
