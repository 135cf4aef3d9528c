/**
 * What no program holds as itself, in whichever language: controls, lone surrogates, bidirectional controls, zero-width
 * and other characters that are not seen, line separators. Code that looks other than it is (CVE-2021-42574) could be
 * made by whoever publishes a message. Variation selectors are among them.
 */
const hidden = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/v;
const hiddenAll = new RegExp(hidden.source, 'gv');
/** Runs of them; tab and line end are seen well enough where a text may have several lines. */
const hiddenRuns = /([[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\t\n]]+)/v;

/** Whether a text can be written as it is, on one line or several. */
export function isSeen(text: string): boolean {
  return !hiddenRuns.test(text);
}

/** Puts something in the place of each hidden character, tab and line end among them. */
export function replaceHidden(text: string, replacement: (character: string) => string): string {
  return text.replace(hiddenAll, replacement);
}

/** `⟨U+202E⟩` for each hidden character: for a comment, where nothing runs. */
export function nameHidden(text: string): string {
  return replaceHidden(text, nameCharacter);
}

export function nameCharacter(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** A text in parts that are seen and parts that are not, in their order; tab and line end are seen. */
export function seenParts(text: string): readonly { readonly text: string; readonly isHidden: boolean }[] {
  return text
    .split(hiddenRuns)
    .map((part, index) => ({ text: part, isHidden: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}
