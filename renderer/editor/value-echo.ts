/** Values on their way back, at most; older ones are answered by newer ones. */
const MAX_PENDING = 50;

/**
 * Tells a value that was typed and comes back through the owner's state, maybe late, from one that the owner set.
 * Without it, fast typing would be undone by its own echo.
 */
export class ValueEcho {
  #last: string;
  #pending: string[] = [];

  constructor(value: string) {
    this.#last = value;
  }

  /** The text was changed in the editor and told to the owner. */
  sent(value: string): void {
    this.#last = value;
    this.#pending.push(value);
    if (this.#pending.length > MAX_PENDING) {
      this.#pending.shift();
    }
  }

  /** Whether the owner's value is one that it got from here. A value from outside is the last one from now on. */
  isEcho(value: string): boolean {
    const at = this.#pending.indexOf(value);
    if (at >= 0) {
      this.#pending.splice(0, at + 1);
      return true;
    }
    if (value === this.#last) {
      return true;
    }
    this.#pending = [];
    this.#last = value;
    return false;
  }
}
