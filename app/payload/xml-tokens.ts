/** What a stretch of XML is; every character of the input belongs to exactly one token. */
export const XmlToken = {
  text: 0,
  start: 1,
  end: 2,
  /** `<a/>` */
  empty: 3,
  comment: 4,
  cdata: 5,
  /** Processing instruction or XML declaration. */
  instruction: 6,
  doctype: 7,
} as const;
export type XmlToken = (typeof XmlToken)[keyof typeof XmlToken];

/** Tokens in columns: token `i` reaches from `starts[i]` to the start of the next, in UTF-16 units. */
export interface XmlTokens {
  readonly kinds: readonly XmlToken[];
  /** One more than `kinds`: the last entry is the length of the text. */
  readonly starts: readonly number[];
  /** False when a token was not closed; it then reaches to the end of the text. */
  readonly isComplete: boolean;
}

/**
 * Cuts XML into tokens without changing or judging it: no entity is expanded, a DTD is one inert token.
 * Whether it is well-formed is for a parser to say.
 */
export function tokenizeXml(text: string): XmlTokens {
  const kinds: XmlToken[] = [];
  const starts: number[] = [];
  let isComplete = true;
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    if (open !== at) {
      kinds.push(XmlToken.text);
      starts.push(at);
      at = open < 0 ? text.length : open;
      continue;
    }
    const kind = kindAt(text, at);
    const end = endOf(text, at, kind);
    kinds.push(kind);
    starts.push(at);
    if (end < 0) {
      isComplete = false;
      break;
    }
    if (kind === XmlToken.start && text.charCodeAt(end - 2) === 0x2f) {
      kinds[kinds.length - 1] = XmlToken.empty;
    }
    at = end;
  }
  starts.push(text.length);
  return { kinds, starts, isComplete };
}

function kindAt(text: string, at: number): XmlToken {
  switch (text.charCodeAt(at + 1)) {
    case 0x2f: // </
      return XmlToken.end;
    case 0x3f: // <?
      return XmlToken.instruction;
    case 0x21: // <!
      if (text.startsWith('<!--', at)) {
        return XmlToken.comment;
      }
      return text.startsWith('<![CDATA[', at) ? XmlToken.cdata : XmlToken.doctype;
    default:
      return XmlToken.start;
  }
}

/** The offset after the token, or -1 where its end is missing. */
function endOf(text: string, at: number, kind: XmlToken): number {
  switch (kind) {
    case XmlToken.comment:
      return after(text, '-->', at + 4);
    case XmlToken.cdata:
      return after(text, ']]>', at + 9);
    case XmlToken.instruction:
      return after(text, '?>', at + 2);
    case XmlToken.end:
      return after(text, '>', at + 2);
    case XmlToken.doctype:
      return endOfDoctype(text, at + 2);
    default:
      return endOfTag(text, at + 1);
  }
}

function after(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found < 0 ? -1 : found + closing.length;
}

/** A `>` inside a quoted attribute value does not end the tag. */
function endOfTag(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x3e: // >
        return at + 1;
      case 0x22: // "
      case 0x27: {
        // '
        const closing = text.indexOf(text.charAt(at), at + 1);
        if (closing < 0) {
          return -1;
        }
        at = closing;
        break;
      }
      default:
        break;
    }
  }
  return -1;
}

/** The internal subset in brackets holds declarations, comments and instructions with `>` of their own. */
function endOfDoctype(text: string, from: number): number {
  let brackets = 0;
  let at = from;
  while (at >= 0 && at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x27) {
      at = after(text, text.charAt(at), at + 1);
    } else if (text.startsWith('<!--', at)) {
      at = after(text, '-->', at + 4);
    } else if (text.startsWith('<?', at)) {
      at = after(text, '?>', at + 2);
    } else {
      if (code === 0x5b) {
        brackets += 1;
      } else if (code === 0x5d) {
        brackets -= 1;
      } else if (code === 0x3e && brackets <= 0) {
        return at + 1;
      }
      at += 1;
    }
  }
  return -1;
}
