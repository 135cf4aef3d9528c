import { NameTable } from './name-table.ts';

/**
 * The distinct segments of all topics, each kept once under a number from 1 on.
 * A plant with a million topics has few of them, so what is worked out per segment is worked out rarely.
 */
export class SegmentTable {
  /** By number; 0 is none. */
  readonly #texts: (string | undefined)[] = [undefined];
  readonly #ids = new NameTable(this.#texts);
  readonly #folded: (string | undefined)[] = [undefined];

  /** The number of a segment, which is remembered if it is new. Segments that differ in case only differ. */
  intern(text: string): number {
    return this.internIn(text, 0, text.length);
  }

  /** The number of the segment that is the part of a topic from `start` to `end`; a known one costs no string. */
  internIn(topic: string, start: number, end: number): number {
    const known = this.#ids.findIn(topic, start, end);
    if (known !== 0) {
      return known;
    }
    const text = topic.slice(start, end);
    const id = this.#texts.push(text) - 1;
    this.#ids.add(text, id);
    return id;
  }

  /** The number of a segment, or 0 if no topic has it. */
  find(text: string): number {
    return this.#ids.find(text);
  }

  /** How many there are; their numbers are 1 to this. */
  get count(): number {
    return this.#texts.length - 1;
  }

  text(id: number): string {
    return this.#texts[id] as string;
  }

  /** The segment as `foldCase` makes it; worked out once. */
  folded(id: number): string {
    const known = this.#folded[id];
    if (known !== undefined) {
      return known;
    }
    const text = this.text(id);
    const folded = foldCase(text);
    // One string for both where nothing changed, which is the rule.
    const kept = folded === text ? text : folded;
    while (this.#folded.length <= id) {
      this.#folded.push(undefined);
    }
    this.#folded[id] = kept;
    return kept;
  }
}

/** Lower case for comparing: a final sigma counts as any other, so that typing more letters never loses a match. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
