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

/** What a typed word asks for. */
export interface Wanted {
  /** What the name begins with, in lower case. */
  readonly text: string;
  /** Not the row where the cursor is, but one behind it. */
  readonly isNext: boolean;
}

/** One character again and again (`aaa`) goes from match to match; a longer word may stay where it is. */
export function wantedBy(word: string): Wanted {
  const characters = [...word.toLowerCase()];
  const isNext = characters.every((character) => character === characters[0]);
  return { text: isNext ? (characters[0] ?? '') : characters.join(''), isNext };
}

/** The first name from the place `from` on that is wanted; its place in `names`. Does not go round at the end. */
export function findTyped(
  names: readonly string[],
  from: number,
  { text, isNext }: Wanted,
): number | undefined {
  const start = isNext ? from + 1 : from;
  const place = names.findIndex((name, index) => index >= start && name.toLowerCase().startsWith(text));
  return place < 0 ? undefined : place;
}
