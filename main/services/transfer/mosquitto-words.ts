import { findOption, type OptionKey } from './mosquitto-options.ts';
import type { ProfileDraft } from './profile-draft.ts';

/** Options whose words are named in the report, as they have no field of their own. */
const named: ReadonlySet<OptionKey> = new Set([
  'notTaken',
  'output',
  'message',
  'retain',
  'insecure',
  'keyLog',
  'capath',
]);

/** The words behind `mosquitto_sub`, by what they are about. */
export interface MosquittoWords {
  /** Values by option in the order given; an empty text for options without one. */
  readonly values: ReadonlyMap<OptionKey, readonly string[]>;
  readonly properties: readonly (readonly string[])[];
  /** Options that have no place in a profile, as they were written. */
  readonly rest: readonly { readonly name: string; readonly value: string; readonly key: OptionKey }[];
}

/** Sorts the words; what is no option, or lacks its value, is named in the draft's report. */
export function parseOptions(words: readonly string[], draft: ProfileDraft): MosquittoWords {
  const values = new Map<OptionKey, string[]>();
  const properties: string[][] = [];
  const rest: { name: string; value: string; key: OptionKey }[] = [];
  let at = 0;
  while (at < words.length) {
    const name = words[at] ?? '';
    const option = findOption(name);
    at += 1;
    if (option === undefined) {
      draft.skip(name === '' ? 'An empty word' : name, 'It is no option of Mosquitto’s clients.');
    } else if (option.key === 'property') {
      const size = words[at + 1] === 'user-property' ? 4 : 3;
      properties.push(words.slice(at, at + size));
      at += size;
    } else if (option.words > 0 && at + option.words > words.length) {
      draft.skip(name, 'Its value is missing.');
    } else {
      const value = words.slice(at, at + option.words).join(' ');
      at += option.words;
      values.set(option.key, [...(values.get(option.key) ?? []), value]);
      if (named.has(option.key)) {
        rest.push({ name, value, key: option.key });
      }
    }
  }
  return { values, properties, rest };
}
