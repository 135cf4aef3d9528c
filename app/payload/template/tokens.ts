import { PayloadError } from '../payload-error.ts';

export interface Token {
  /** `;` stands for line ends too. */
  readonly kind: 'word' | 'number' | ';' | ':' | '{' | '}' | '[' | ']' | '*' | 'end';
  readonly text: string;
  /** UTF-16 units from the beginning. */
  readonly offset: number;
}

const token =
  /([ \t]+|#[^\r\n]*)|([A-Za-z_][A-Za-z0-9_]{0,63})(?![A-Za-z0-9_])|(\d{1,9})(?![A-Za-z0-9_])|(\r\n|[\r\n;])|([:{}[\]*])/y;

/** Reads the words and signs of a template; throws a `PayloadError` at what is neither. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    token.lastIndex = offset;
    const match = token.exec(text);
    if (match === null) {
      const sign = String.fromCodePoint(text.codePointAt(offset) ?? 0);
      throw new PayloadError(
        'template.syntax',
        /[A-Za-z0-9_]/.test(sign) ? 'This is neither a name nor a number' : `“${sign}” has no meaning here`,
        'Names have letters, digits and “_”, 64 at most; a remark begins with #.',
        text,
        offset,
        sign.length,
      );
    }
    const [whole, , word, number, separator, sign] = match;
    if (word !== undefined) {
      tokens.push({ kind: 'word', text: word, offset });
    } else if (number !== undefined) {
      tokens.push({ kind: 'number', text: number, offset });
    } else if (separator !== undefined) {
      tokens.push({ kind: ';', text: separator, offset });
    } else if (sign !== undefined) {
      tokens.push({ kind: sign as Token['kind'], text: sign, offset });
    }
    offset += whole.length;
  }
  return tokens;
}
