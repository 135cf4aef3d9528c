import { PayloadError } from './payload-error.ts';

/** One item of CBOR or MessagePack as it is written in notation. */
export type Item =
  | { readonly kind: 'integer'; readonly value: bigint; readonly at: number }
  | { readonly kind: 'float'; readonly value: number; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array; readonly at: number }
  /** A string in pieces, of a length that is not said before. */
  | {
      readonly kind: 'pieces';
      readonly pieces: readonly Item[];
      readonly isText: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'array';
      readonly items: readonly Item[];
      readonly isIndefinite: boolean;
      readonly at: number;
    }
  /** Keys and values in turn. */
  | {
      readonly kind: 'map';
      readonly items: readonly Item[];
      readonly isIndefinite: boolean;
      readonly at: number;
    }
  | { readonly kind: 'tag'; readonly tag: bigint; readonly item: Item; readonly at: number }
  | { readonly kind: 'constant'; readonly value: false | true | null | undefined; readonly at: number }
  | { readonly kind: 'simple'; readonly code: number; readonly at: number }
  /** Of MessagePack. */
  | { readonly kind: 'extension'; readonly type: number; readonly bytes: Uint8Array; readonly at: number }
  | { readonly kind: 'timestamp'; readonly text: string; readonly at: number };

/** Items inside each other: more than anybody writes, and few enough for the stack. */
const MAX_DEPTH = 200;

const spaces = /(?:[ \t\r\n]+|\/[^/]*\/|#[^\n]*)*/y;
const numbers = /[-+]?(?:Infinity|NaN|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/y;
const strings = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const byteStrings = /h'([0-9A-Fa-f \t\r\n]*)'|b64'([A-Za-z0-9+/_=\s-]*)'/y;
const words = /[A-Za-z][A-Za-z0-9]*/y;

/**
 * Reads JSON, and what of CBOR diagnostic notation (RFC 8949, section 8) the views of CBOR and MessagePack show:
 * `h'0a'`, `1(…)`, `1.0`, `undefined`, `simple(5)`, `[_ …]`, `(_ …)`, keys of any kind, and for MessagePack `ext(5, h'')`
 * and `timestamp("…")`. Several items may follow each other. Throws a `PayloadError` with the place.
 */
export function readNotation(text: string, what: string): readonly Item[] {
  const reader = new NotationReader(text, what);
  const items: Item[] = [];
  do {
    items.push(reader.item(0));
    reader.skipSpace();
  } while (!reader.isAtEnd);
  return items;
}

class NotationReader {
  readonly #text: string;
  readonly #what: string;
  #at = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skipSpace(): void {
    this.#take(spaces);
  }

  item(depth: number): Item {
    this.skipSpace();
    const at = this.#at;
    if (depth > MAX_DEPTH) {
      throw this.#wrong(`nested deeper than ${MAX_DEPTH} levels`, at);
    }
    switch (this.#text[at]) {
      case undefined:
        throw this.#wrong('a value is missing at the end', Math.max(0, at - 1));
      case '{':
        return this.#container('map', depth);
      case '[':
        return this.#container('array', depth);
      case '(':
        return this.#pieces(depth);
      case '"':
        return this.#string();
      default:
        return this.#bytes() ?? this.#number(depth) ?? this.#word(depth);
    }
  }

  #container(kind: 'map' | 'array', depth: number): Item {
    const at = this.#at;
    const close = kind === 'map' ? '}' : ']';
    this.#at += 1;
    const isIndefinite = this.#eat('_');
    const items: Item[] = [];
    for (this.skipSpace(); !this.#eat(close); this.skipSpace()) {
      if (items.length > 0) {
        this.#expect(',', `or ${close}`);
        this.skipSpace();
      }
      items.push(this.item(depth + 1));
      if (kind === 'map') {
        this.skipSpace();
        this.#expect(':', 'and a value after the key');
        items.push(this.item(depth + 1));
      }
    }
    return { kind, items, isIndefinite, at };
  }

  #pieces(depth: number): Item {
    const at = this.#at;
    this.#at += 1;
    this.#expect('_', 'for a string in pieces');
    const pieces: Item[] = [];
    for (this.skipSpace(); !this.#eat(')'); this.skipSpace()) {
      if (pieces.length > 0) {
        this.#expect(',', 'or )');
      }
      const piece = this.item(depth + 1);
      if ((piece.kind !== 'text' && piece.kind !== 'bytes') || piece.kind !== (pieces[0] ?? piece).kind) {
        throw this.#wrong('the pieces of a string must be strings of one kind', piece.at);
      }
      pieces.push(piece);
    }
    return { kind: 'pieces', pieces, isText: pieces[0]?.kind === 'text', at };
  }

  #string(): Item {
    const at = this.#at;
    const raw = this.#take(strings);
    if (raw === undefined) {
      throw this.#wrong('a text that does not end, or holds what must be escaped', at);
    }
    if (raw === '""' && this.#eat('_')) {
      return { kind: 'pieces', pieces: [], isText: true, at };
    }
    const value = JSON.parse(raw) as string;
    if (!value.isWellFormed()) {
      throw this.#wrong('half of a surrogate pair, which UTF-8 cannot express', at);
    }
    return { kind: 'text', value, at };
  }

  #bytes(): Item | undefined {
    const at = this.#at;
    if (this.#text.startsWith("''_", at)) {
      this.#at += 3;
      return { kind: 'pieces', pieces: [], isText: false, at };
    }
    byteStrings.lastIndex = at;
    const found = byteStrings.exec(this.#text);
    if (found === null) {
      return undefined;
    }
    this.#at = byteStrings.lastIndex;
    const digits = found[1]?.replaceAll(/\s/g, '');
    if (digits === undefined) {
      const text = (found[2] ?? '').replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/');
      try {
        return { kind: 'bytes', value: Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), at };
      } catch {
        throw this.#wrong('this is not Base64', at);
      }
    }
    if (digits.length % 2 !== 0) {
      throw this.#wrong('a byte has two hexadecimal digits', at);
    }
    const value = Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
      Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
    );
    return { kind: 'bytes', value, at };
  }

  #number(depth: number): Item | undefined {
    const at = this.#at;
    const raw = this.#take(numbers);
    if (raw === undefined) {
      return undefined;
    }
    if (!/^[-+]?\d+$/.test(raw)) {
      return { kind: 'float', value: Number(raw), at };
    }
    if (/^\d/.test(raw) && this.#eat('(')) {
      const item = this.item(depth + 1);
      this.skipSpace();
      this.#expect(')', 'after the item of a tag');
      return { kind: 'tag', tag: BigInt(raw), item, at };
    }
    return { kind: 'integer', value: BigInt(raw.replace('+', '')), at };
  }

  #word(depth: number): Item {
    const at = this.#at;
    const word = this.#take(words);
    switch (word) {
      case 'true':
      case 'false':
        return { kind: 'constant', value: word === 'true', at };
      case 'null':
        return { kind: 'constant', value: null, at };
      case 'undefined':
        return { kind: 'constant', value: undefined, at };
      case 'simple':
      case 'ext':
      case 'timestamp':
        return this.#call(word, at, depth);
      default:
        throw this.#wrong(
          word === undefined
            ? `“${String.fromCodePoint(this.#text.codePointAt(at) ?? 0)}” begins no value`
            : `“${word}” is no value`,
          at,
        );
    }
  }

  #call(word: 'simple' | 'ext' | 'timestamp', at: number, depth: number): Item {
    this.#expect('(', `after ${word}`);
    const first = this.item(depth + 1);
    this.skipSpace();
    let second: Item | undefined;
    if (word === 'ext') {
      this.#expect(',', 'and the bytes of the extension');
      second = this.item(depth + 1);
      this.skipSpace();
    }
    this.#expect(')', `after what stands in ${word}`);
    if (word === 'timestamp' && first.kind === 'text') {
      return { kind: 'timestamp', text: first.value, at };
    }
    if (word === 'simple' && first.kind === 'integer') {
      return { kind: 'simple', code: Number(first.value), at };
    }
    if (word === 'ext' && first.kind === 'integer' && second?.kind === 'bytes') {
      return { kind: 'extension', type: Number(first.value), bytes: second.value, at };
    }
    throw this.#wrong(`write simple(5), ext(5, h'0a') or timestamp("2026-01-02T03:04:05Z")`, at);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) {
      this.#at += found.length;
    }
    return found;
  }

  #eat(character: string): boolean {
    const isThere = this.#text[this.#at] === character;
    this.#at += isThere ? 1 : 0;
    return isThere;
  }

  #expect(character: string, why: string): void {
    if (!this.#eat(character)) {
      throw this.#wrong(`${character} expected here, ${why}`, this.#at);
    }
  }

  #wrong(what: string, at: number): PayloadError {
    return new PayloadError(
      'payload.notation',
      `Not a value for ${this.#what}: ${what}`,
      "Write JSON; bytes as h'0a1b', floats as 1.0, tags as 1(…).",
      this.#text,
      Math.min(at, Math.max(0, this.#text.length - 1)),
    );
  }
}
