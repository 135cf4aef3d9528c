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
  /** The time was over before the end: what follows the last whole token is one more, of text. */
  readonly isCut: boolean;
}

/** The time is asked for once in so many tokens, or characters of one token. */
const TOKENS_PER_LOOK = 4096;
const CHARACTERS_PER_LOOK = 65536;
/** Instead of an offset: the end of a token is missing, or was not reached in time. */
const MISSING = -1;
const TOO_LATE = -2;

/**
 * Cuts XML into tokens without changing or judging it: no entity is expanded, a DTD is one inert token.
 * Whether it is well-formed is for a parser to say. Reads each character once.
 */
export function tokenizeXml(text: string, isOver: () => boolean = () => false): XmlTokens {
  const kinds: XmlToken[] = [];
  const starts: number[] = [];
  let isComplete = true;
  let isCut = false;
  let at = 0;
  while (at < text.length) {
    if (kinds.length % TOKENS_PER_LOOK === TOKENS_PER_LOOK - 1 && isOver()) {
      isCut = true;
      break;
    }
    const open = text.indexOf('<', at);
    if (open !== at) {
      kinds.push(XmlToken.text);
      starts.push(at);
      at = open < 0 ? text.length : open;
      continue;
    }
    const kind = kindAt(text, at);
    const end = endOf(text, at, kind, isOver);
    if (end === TOO_LATE) {
      isCut = true;
      break;
    }
    kinds.push(kind);
    starts.push(at);
    if (end === MISSING) {
      isComplete = false;
      break;
    }
    if (kind === XmlToken.start && text.charCodeAt(end - 2) === 0x2f) {
      kinds[kinds.length - 1] = XmlToken.empty;
    }
    at = end;
  }
  if (isCut) {
    kinds.push(XmlToken.text);
    starts.push(at);
  }
  starts.push(text.length);
  return { kinds, starts, isComplete: isComplete && !isCut, isCut };
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

/** The offset after the token, {@link MISSING} or {@link TOO_LATE}. */
function endOf(text: string, at: number, kind: XmlToken, isOver: () => boolean): number {
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
      return endOfDoctype(text, at + 2, isOver);
    default:
      return endOfTag(text, at + 1, isOver);
  }
}

function after(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found < 0 ? MISSING : found + closing.length;
}

/** A `>` inside a quoted attribute value does not end the tag. */
function endOfTag(text: string, from: number, isOver: () => boolean): number {
  let look = from + CHARACTERS_PER_LOOK;
  for (let at = from; at < text.length; at++) {
    if (at >= look) {
      look = at + CHARACTERS_PER_LOOK;
      if (isOver()) {
        return TOO_LATE;
      }
    }
    switch (text.charCodeAt(at)) {
      case 0x3e: // >
        return at + 1;
      case 0x22: // "
      case 0x27: {
        // '
        const closing = text.indexOf(text.charAt(at), at + 1);
        if (closing < 0) {
          return MISSING;
        }
        at = closing;
        break;
      }
      default:
        break;
    }
  }
  return MISSING;
}

/** The internal subset in brackets holds declarations, comments and instructions with `>` of their own. */
function endOfDoctype(text: string, from: number, isOver: () => boolean): number {
  let brackets = 0;
  let at = from;
  let look = from + CHARACTERS_PER_LOOK;
  while (at >= 0 && at < text.length) {
    if (at >= look) {
      look = at + CHARACTERS_PER_LOOK;
      if (isOver()) {
        return TOO_LATE;
      }
    }
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
  return MISSING;
}
