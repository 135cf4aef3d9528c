import { SaxesParser } from 'saxes';
import type { TextProblem } from './json-check.ts';
import { tokenizeXml, XmlToken } from './xml-tokens.ts';

const CHUNK = 32 * 1024;
/** The time is asked for once in so many tokens. */
const TOKENS_PER_LOOK = 4096;
/** UTF-16 units of a name, and of what the parser says. */
const MAX_NAME = 60;
const MAX_REASON = 200;
const UNCLOSED = 'unclosed tag: ';

export interface XmlJudgement {
  readonly problem?: TextProblem;
  /** False when the time was over before the end. */
  readonly isChecked: boolean;
}

/** Ends the parser at the first error: after it, the specification lets nothing be trusted (XML 1.0, section 1.2). */
class Stop extends Error {}

/**
 * Says where a text stops being well-formed XML. Entities of a DTD are neither read nor expanded: where there is
 * a DTD, a reference to one is taken as fine. Offsets are UTF-16 units of the text.
 */
export function checkXml(text: string, isOver: () => boolean = () => false): XmlJudgement {
  // No file name, no namespaces, no fragments: only whether the document is well-formed.
  const parser = new SaxesParser({ xmlns: false, position: true });
  let written = 0;
  let hasDoctype = false;
  let problem: TextProblem | undefined;
  parser.on('doctype', () => {
    hasDoctype = true;
  });
  // The parser's own table has Object's prototype, where `&constructor;` would be found.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" });
  parser.on('error', (error) => {
    const reason = error.message.replace(/^\d+:\d+: /, '');
    if (hasDoctype && reason.startsWith('undefined entity')) {
      return;
    }
    // The parser stands behind the character that it could not accept.
    const at = Math.max(0, Math.min(text.length, parser.position) - 1);
    problem = locate(text, at, reason, isOver);
    throw new Stop();
  });
  try {
    while (written < text.length) {
      if (isOver()) {
        return { isChecked: false };
      }
      const end = Math.min(text.length, written + CHUNK);
      parser.write(text.slice(written, end));
      written = end;
    }
    parser.close();
  } catch (error) {
    if (!(error instanceof Stop)) {
      throw error;
    }
  }
  return problem === undefined ? { isChecked: true } : { problem, isChecked: true };
}

/**
 * Widens the place of a problem to the tag that holds it, and puts the parser's words into plain ones.
 * When the time is over it is the character where the parser stood, and no element is named.
 */
function locate(text: string, at: number, reason: string, isOver: () => boolean): TextProblem {
  const { kinds, starts, isCut } = tokenizeXml(text.slice(0, at + 1), isOver);
  const last = kinds.length - 1;
  const open = isCut ? undefined : openElements(kinds, starts, isOver);
  if (open === undefined) {
    return { offset: at, length: Math.min(1, text.length - at), message: plainWords(reason, undefined) };
  }
  const start = starts[last] ?? 0;
  const isTag =
    kinds[last] === XmlToken.start || kinds[last] === XmlToken.end || kinds[last] === XmlToken.empty;
  const offset = isTag ? start : Math.min(at, text.length);
  const length = Math.min(text.length, at + 1) - offset;
  return {
    offset,
    length,
    message: plainWords(reason, {
      open: nameOf(text, (open.at(-1) ?? 0) + 1),
      closing: nameOf(text, start + 2),
    }),
  };
}

/** Where the start tags stand that are open at the last token; `undefined` when the time was over. */
function openElements(
  kinds: readonly XmlToken[],
  starts: readonly number[],
  isOver: () => boolean,
): readonly number[] | undefined {
  const open: number[] = [];
  for (let index = 0; index < kinds.length - 1; index++) {
    if (index % TOKENS_PER_LOOK === TOKENS_PER_LOOK - 1 && isOver()) {
      return undefined;
    }
    if (kinds[index] === XmlToken.start) {
      open.push(starts[index] ?? 0);
    } else if (kinds[index] === XmlToken.end) {
      open.pop();
    }
  }
  return open;
}

function nameOf(text: string, from: number): string {
  return /^[^\s/>]{0,60}/.exec(text.slice(from, from + MAX_NAME))?.[0] ?? '';
}

/** The parser's words hold names of the text, as long as they are there. */
function plainWords(
  reason: string,
  names: { readonly open: string; readonly closing: string } | undefined,
): string {
  if (reason.startsWith(UNCLOSED)) {
    return `The text ends here, but <${nameOf(reason, UNCLOSED.length)}> is not closed`;
  }
  const bare = reason.slice(0, MAX_REASON).replace(/\.$/, '');
  switch (bare) {
    case 'unexpected close tag':
      return names === undefined
        ? 'Another element must be closed before this end tag'
        : `</${names.closing}> cannot stand here: <${names.open}> must be closed first`;
    case 'text data outside of root node':
      return 'Text may not stand outside of the root element';
    case 'documents may contain only one root':
      return 'A second root element may not follow the first';
    case 'document must contain a root element':
      return 'There is no root element';
    case 'unexpected end':
      return 'The text ends in the middle of a tag';
    case 'undefined entity':
      return 'This entity is not defined';
    case 'disallowed character':
      return 'XML does not allow this character';
    default:
      return bare.startsWith('unmatched closing tag')
        ? `Nothing is open that ${names === undefined ? 'this end tag' : `</${names.closing}>`} could close`
        : `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`;
  }
}
