/** Milliseconds without a key after which a new word begins. */
const PAUSE = 700;

/** Collects what is typed in a list and finds the next row that begins with it. */
export class TypeAhead {
  #typed = '';
  #lastAt = Number.NEGATIVE_INFINITY;

  /** Adds a character typed at `now` (milliseconds); the word so far. */
  type(character: string, now: number): string {
    this.#typed = now - this.#lastAt > PAUSE ? character : this.#typed + character;
    this.#lastAt = now;
    return this.#typed;
  }

  /** A space belongs to a word that is being typed; otherwise it selects. */
  isTyping(now: number): boolean {
    return this.#typed !== '' && now - this.#lastAt <= PAUSE;
  }
}

/**
 * The next name after `from` that begins with the word, going round at the end; its place in `names`.
 * One character again and again (`aaa`) goes from match to match; a longer word may stay where it is.
 */
export function findTyped(names: readonly string[], from: number, word: string): number | undefined {
  const characters = [...word.toLowerCase()];
  const isRepeated = characters.every((character) => character === characters[0]);
  const wanted = isRepeated ? (characters[0] ?? '') : characters.join('');
  const start = isRepeated ? from + 1 : from;
  for (let step = 0; step < names.length; step += 1) {
    const place = (((start + step) % names.length) + names.length) % names.length;
    if (names[place]?.toLowerCase().startsWith(wanted) === true) {
      return place;
    }
  }
  return undefined;
}
