/**
 * Everything that a screen would not show as itself, or that would change the look of what stands around it:
 * controls, lone surrogates, default-ignorable characters (zero-width, bidi, fillers, tags), line separators.
 * Variation selectors stay: they only choose the shape of the character before them.
 */
const hidden = /[[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\ufe00-\ufe0f]]/v;
const hiddenAll = new RegExp(hidden.source, 'gv');
/** A zero-width joiner between two pictographs builds one emoji and is seen as such. */
const pictographBefore = /\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?$/u;
const pictographAfter = /^\p{Extended_Pictographic}/u;

/**
 * Makes characters visible that could hide or disguise something: `␀`-style pictures for C0 controls and DEL,
 * `⟨U+202E⟩` for C1 controls, bidi and zero-width characters and lone surrogates. All else is untouched.
 */
export function visibleText(text: string): string {
  return hidden.test(text) ? text.replace(hiddenAll, replacement) : text;
}

function replacement(character: string, offset: number, whole: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) {
    return String.fromCharCode(0x2400 + code);
  }
  if (code === 0x7f) {
    return '␡';
  }
  if (
    code === 0x200d &&
    pictographAfter.test(whole.slice(offset + 1, offset + 3)) &&
    pictographBefore.test(whole.slice(Math.max(0, offset - 4), offset))
  ) {
    return character;
  }
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
