/** Lines counted from 1; the first stays visible. */
export interface FoldRange {
  readonly start: number;
  readonly end: number;
}

/** Finds what can be folded in an indented text: a line and the deeper ones that follow it. */
export class FoldFinder {
  readonly #open: { readonly line: number; readonly indent: number }[] = [];
  readonly #ranges: FoldRange[] = [];
  /** The last line that was not blank. */
  #lastLine = 0;

  /** Takes the next line; `indent` in columns, or -1 for a blank one, which belongs to what is around it. */
  add(line: number, indent: number): void {
    if (indent < 0) {
      return;
    }
    this.#close(indent);
    this.#open.push({ line, indent });
    this.#lastLine = line;
  }

  /** All ranges in the order of their first lines. */
  finish(): readonly FoldRange[] {
    this.#close(-1);
    return this.#ranges.sort((a, b) => a.start - b.start);
  }

  #close(indent: number): void {
    for (let top = this.#open.at(-1); top !== undefined && top.indent >= indent; top = this.#open.at(-1)) {
      this.#open.pop();
      if (this.#lastLine > top.line) {
        this.#ranges.push({ start: top.line, end: this.#lastLine });
      }
    }
  }
}
