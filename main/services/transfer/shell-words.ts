/** One command of a text that was written for a shell. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Things that a shell would have done and nobody does here: `$HOME`, `$(...)`. */
  readonly unresolved: readonly string[];
}

/**
 * Splits a text into commands and words as a POSIX shell does: quotes, backslashes, comments, line continuation (also
 * `^` and a backtick at the end of a line, as on Windows). Pipes, `;`, `&` and line ends part commands, redirections
 * are left out. Nothing is expanded or run. A quote that is not closed reaches to the end.
 */
export function splitCommands(text: string): readonly ShellCommand[] {
  return new Splitter(text).run();
}

class Splitter {
  readonly #text: string;
  #at = 0;
  #commands: ShellCommand[] = [];
  #words: string[] = [];
  #unresolved: string[] = [];
  /** Undefined between words; an empty text is a word that was quoted. */
  #word: string | undefined;
  #skipsNext = false;

  constructor(text: string) {
    this.#text = text.replaceAll('\r\n', '\n').replace(/[\\^`][ \t]*\n[ \t]*/g, ' ');
  }

  run(): readonly ShellCommand[] {
    while (this.#at < this.#text.length) {
      this.#step(this.#text.charAt(this.#at));
    }
    this.#endCommand();
    return this.#commands;
  }

  #step(char: string): void {
    this.#at += 1;
    if (char === "'") {
      this.#append(this.#until("'"));
    } else if (char === '"') {
      this.#doubleQuoted();
    } else if (char === '\\') {
      this.#append(this.#text.charAt(this.#at));
      this.#at += 1;
    } else if (char === ' ' || char === '\t') {
      this.#endWord();
    } else if (char === '\n' || char === ';' || char === '|' || char === '&') {
      this.#endCommand();
    } else if (char === '#' && this.#word === undefined) {
      this.#until('\n', false);
    } else if (char === '>' || char === '<') {
      this.#redirection();
    } else if (char === '$') {
      this.#variable();
    } else {
      this.#append(char);
    }
  }

  #append(piece: string): void {
    this.#word = (this.#word ?? '') + piece;
  }

  #endWord(): void {
    if (this.#word === undefined) {
      return;
    }
    if (this.#skipsNext) {
      this.#skipsNext = false;
    } else {
      this.#words.push(this.#word);
    }
    this.#word = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    this.#skipsNext = false;
    if (this.#words.length > 0) {
      this.#commands.push({ words: this.#words, unresolved: this.#unresolved });
    }
    this.#words = [];
    this.#unresolved = [];
  }

  /** What comes before the next `end`, which is passed over unless told otherwise. */
  #until(end: string, passes = true): string {
    const found = this.#text.indexOf(end, this.#at);
    const stop = found < 0 ? this.#text.length : found;
    const piece = this.#text.slice(this.#at, stop);
    this.#at = found < 0 || !passes ? stop : stop + 1;
    return piece;
  }

  #doubleQuoted(): void {
    this.#append('');
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      this.#at += 1;
      if (char === '"') {
        return;
      }
      if (char === '\\' && '"\\$`'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) {
        this.#append(this.#text.charAt(this.#at));
        this.#at += 1;
      } else if (char === '$') {
        this.#variable();
      } else {
        this.#append(char);
      }
    }
  }

  /** `2>file`, `>> file`, `< file`: the number before and the name after are no words of the command. */
  #redirection(): void {
    if (this.#word !== undefined && /^\d$/.test(this.#word)) {
      this.#word = undefined;
    }
    this.#endWord();
    while ('<>&'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) {
      this.#at += 1;
    }
    this.#skipsNext = true;
  }

  /** A variable stands as it is written, and is named. `$SYS/...` is a topic, not a variable. */
  #variable(): void {
    const rest = this.#text.slice(this.#at, this.#at + 200);
    const found = /^(\{[^}]*\}|\([^)]*\)|[A-Za-z_]\w*)/.exec(rest)?.[0] ?? '';
    this.#append(`$${found}`);
    this.#at += found.length;
    if (found !== '' && found !== 'SYS' && found !== 'share') {
      this.#unresolved.push(`$${found}`);
    }
  }
}
