/** Counted from 1, as editors do; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds line and column of offsets in a text that passes by in slices. Line ends are LF, CR and CR LF, as in the editor.
 * Offsets must be asked for in ascending order.
 */
export class LinePlaces {
  readonly #offsets: readonly number[];
  readonly #places: Place[] = [];
  #line = 1;
  #lineStart = 0;
  #passed = 0;
  /** A CR at the end of a slice: only the next one tells whether it is half of a CR LF. */
  #held = '';

  constructor(offsets: readonly number[]) {
    this.#offsets = offsets;
  }

  add(slice: string): void {
    const text = this.#held + slice;
    this.#held = text.endsWith('\r') ? '\r' : '';
    this.#pass(text.slice(0, text.length - this.#held.length));
  }

  /** Places for all offsets; what lies beyond the text is put at its end. */
  finish(): readonly Place[] {
    this.#pass(this.#held);
    this.#held = '';
    while (this.#places.length < this.#offsets.length) {
      this.#places.push({ line: this.#line, column: this.#passed - this.#lineStart + 1 });
    }
    return this.#places;
  }

  #pass(text: string): void {
    const breaks = /\r\n|\r|\n/g;
    while (this.#places.length < this.#offsets.length) {
      const found = breaks.exec(text);
      if (found === null) {
        this.#takeUntil(this.#passed + text.length);
        break;
      }
      const next = this.#passed + found.index + found[0].length;
      this.#takeUntil(next);
      this.#line += 1;
      this.#lineStart = next;
    }
    this.#passed += text.length;
  }

  #takeUntil(end: number): void {
    for (;;) {
      const offset = this.#offsets[this.#places.length];
      if (offset === undefined || offset >= end) {
        return;
      }
      this.#places.push({ line: this.#line, column: offset - this.#lineStart + 1 });
    }
  }
}
