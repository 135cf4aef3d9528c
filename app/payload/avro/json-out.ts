import { ItemStop } from '../item-cursor.ts';

/** Writes compact JSON up to a length; what is open when it stops can be closed. */
export class JsonOut {
  readonly #parts: string[] = [];
  /** What closes the containers that are open. */
  readonly #open: string[] = [];
  /** Written with the value that follows it. */
  #key: string | undefined;
  #isFirst = true;
  #room: number;

  /** `maxLength` in UTF-16 units. */
  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  /** UTF-16 units that can still be written. */
  get room(): number {
    return this.#room;
  }

  get depth(): number {
    return this.#open.length;
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  key(name: string): void {
    this.#key = name;
  }

  /** Begins an object or a list. */
  open(kind: '{' | '['): void {
    this.value(kind);
    this.#open.push(kind === '{' ? '}' : ']');
    this.#isFirst = true;
  }

  close(): void {
    this.#parts.push(this.#open.pop() ?? '');
    this.#isFirst = false;
  }

  /** A value as JSON. Throws an {@link ItemStop} where it has no room. */
  value(json: string): void {
    const key = this.#key === undefined ? '' : `${JSON.stringify(this.#key)}:`;
    this.#room -= key.length + json.length + 2;
    if (this.#room < 0) {
      throw new ItemStop('long', 0, 'Longer than can be shown');
    }
    this.#parts.push(`${this.#isFirst ? '' : ','}${key}${json}`);
    this.#key = undefined;
    this.#isFirst = false;
  }

  /** What is written, with all that is open closed. */
  toString(): string {
    return this.#parts.join('') + this.#open.toReversed().join('');
  }
}
