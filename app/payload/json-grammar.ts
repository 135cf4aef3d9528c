/** Token kinds of jsonc-parser's scanner (its `SyntaxKind` is a const enum, which isolated modules cannot use). */
export const Token = {
  none: 0,
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  unknown: 16,
  eof: 17,
} as const;

/** Error codes of the scanner (`ScanError`). */
const scanErrors: Readonly<Record<number, string>> = {
  1: 'The comment has no end',
  2: 'The text has no closing quote',
  3: 'The number is not complete',
  4: '\\u needs four hex digits after it',
  5: 'There is no such escape: after \\ may stand " \\ / b f n r t u',
  6: 'A control character must be written as an escape',
};

const Expect = { value: 0, valueOrEnd: 1, key: 2, keyOrEnd: 3, colon: 4, commaOrEnd: 5, end: 6 } as const;
type Expect = (typeof Expect)[keyof typeof Expect];

/**
 * Follows the grammar of RFC 8259 token by token and says in plain words what is wrong.
 * After a problem it goes on with the most likely reading, so that one mistake is one message.
 */
export class JsonGrammar {
  /** Open containers: true for an object. */
  readonly #stack: boolean[] = [];
  #expect: Expect = Expect.value;
  #values = 0;
  #unknown = 0;
  #known = 0;
  #end = 0;

  /** False once what is read is hardly JSON: it begins with a word, or more words than tokens are not of it. */
  get isPlausible(): boolean {
    return this.#known > 0 && this.#unknown <= 8 + this.#known;
  }

  /** Takes the next token; returns what is wrong with it, if something is. */
  accept(token: number, scanError: number, input: string, at: number, end: number): string | undefined {
    const isTouching = at === this.#end && at > 0;
    // Only what could be read as one word with what follows: not punctuation, not comments.
    const isWord = token >= Token.null && token <= Token.number;
    this.#end = isWord || token === Token.unknown ? end : 0;
    if (token === Token.lineComment || token === Token.blockComment) {
      return scanErrors[scanError] ?? 'JSON has no comments';
    }
    if (token === Token.eof) {
      return this.#atEnd();
    }
    if (token === Token.unknown) {
      this.#unknown += 1;
    } else {
      this.#known += 1;
    }
    const problem = this.#step(token, input, at, end, isTouching);
    return problem ?? scanErrors[scanError];
  }

  #step(token: number, input: string, at: number, end: number, isTouching: boolean): string | undefined {
    switch (token) {
      case Token.openBrace:
      case Token.openBracket: {
        const problem = this.#beforeValue(token, isTouching);
        this.#stack.push(token === Token.openBrace);
        this.#expect = token === Token.openBrace ? Expect.keyOrEnd : Expect.valueOrEnd;
        return problem;
      }
      case Token.closeBrace:
      case Token.closeBracket:
        return this.#close(token === Token.closeBrace);
      case Token.comma:
        return this.#comma();
      case Token.colon:
        return this.#colon();
      case Token.string:
        if (this.#expect === Expect.key || this.#expect === Expect.keyOrEnd) {
          this.#expect = Expect.colon;
          return undefined;
        }
        return this.#scalar(token, isTouching);
      case Token.unknown: {
        const problem = this.#scalar(token, isTouching);
        return problem ?? unknownWord(input.slice(at, Math.min(end, at + 40)));
      }
      default:
        return this.#scalar(token, isTouching);
    }
  }

  #scalar(token: number, isTouching: boolean): string | undefined {
    if (this.#expect === Expect.key || this.#expect === Expect.keyOrEnd) {
      // Most likely a name without quotes.
      this.#expect = Expect.colon;
      return 'A name in double quotes is expected here';
    }
    const problem = this.#beforeValue(token, isTouching);
    this.#afterValue();
    return problem;
  }

  #beforeValue(token: number, isTouching: boolean): string | undefined {
    switch (this.#expect) {
      case Expect.value:
      case Expect.valueOrEnd:
        return undefined;
      case Expect.key:
      case Expect.keyOrEnd:
        return 'A name in double quotes is expected here';
      case Expect.colon:
        return 'A “:” is missing before this';
      case Expect.commaOrEnd:
        return isTouching && token >= Token.null
          ? 'This does not belong to the value before it'
          : 'A “,” is missing before this';
      case Expect.end:
        this.#values += 1;
        // Several values in one payload (JSON Lines) are one mistake, not one each.
        return this.#values === 2 ? 'The JSON value ends before this' : undefined;
    }
  }

  #afterValue(): void {
    this.#values = Math.max(this.#values, 1);
    this.#expect = this.#stack.length === 0 ? Expect.end : Expect.commaOrEnd;
  }

  #close(isObject: boolean): string | undefined {
    const opened = this.#stack.pop();
    const expected = this.#expect;
    this.#afterValue();
    const closer = isObject ? '}' : ']';
    if (opened === undefined) {
      return `Nothing is open that this “${closer}” could close`;
    }
    if (opened !== isObject) {
      return `A “${opened ? '}' : ']'}” is expected here: a “${opened ? '{' : '['}” is open`;
    }
    switch (expected) {
      case Expect.value:
        return isObject ? 'A value is missing after the “:”' : 'Nothing follows the last “,”';
      case Expect.key:
        return 'Nothing follows the last “,”';
      case Expect.colon:
        return 'A “:” and a value are missing';
      default:
        return undefined;
    }
  }

  #comma(): string | undefined {
    const expected = this.#expect;
    if (this.#stack.length === 0) {
      return this.#values === 0 ? 'A value is expected here' : 'The JSON value ends before this';
    }
    this.#expect = this.#stack.at(-1) === true ? Expect.key : Expect.value;
    switch (expected) {
      case Expect.commaOrEnd:
        return undefined;
      case Expect.colon:
        return 'A “:” and a value are missing before this';
      default:
        return 'A value is missing before this “,”';
    }
  }

  #colon(): string | undefined {
    const expected = this.#expect;
    if (expected === Expect.colon) {
      this.#expect = Expect.value;
      return undefined;
    }
    return expected === Expect.key || expected === Expect.keyOrEnd
      ? 'A name in double quotes is missing before this “:”'
      : 'A “:” may only stand between a name and its value';
  }

  #atEnd(): string | undefined {
    const opened = this.#stack.at(-1);
    if (opened !== undefined) {
      const depth = this.#stack.length;
      return `The text ends here, but a “${opened ? '}' : ']'}” is missing${depth > 1 ? `, and ${depth - 1} more outside of it` : ''}`;
    }
    return this.#values === 0 ? 'There is no JSON value' : undefined;
  }
}

function unknownWord(word: string): string {
  return /^[-+]?(?:nan|inf)/i.test(word) ? `JSON has no ${word}` : `“${word}” is not JSON`;
}
