import type { DecodeLimits } from './codec.ts';
import { isSpace } from './sample.ts';
import { tokenizeXml, XmlToken, type XmlTokens } from './xml-tokens.ts';

const INDENT = 2;
/** The time is asked for once in so many tokens. */
const TOKENS_PER_LOOK = 4096;

export interface FormattedXml {
  readonly text: string;
  /** Where an offset of the input is in the output. */
  readonly place: (inputOffset: number) => number;
  /** Deepest nesting of elements. */
  readonly depth: number;
  /** `long`: laid out, it would exceed the limit, the text is the input. `timeout`: the rest follows as it came. */
  readonly outcome: 'formatted' | 'long' | 'timeout';
}

/**
 * Lays XML out by its tokens. Only white space between elements is replaced: an element that holds text keeps all
 * that is in it as it came, and so does one with `xml:space="preserve"`. From `until` on, the text follows unchanged.
 */
export function formatXml(input: string, limits: DecodeLimits, until = input.length): FormattedXml {
  const tokens = tokenizeXml(input, limits.isOver);
  const { kinds, starts } = tokens;
  const verbatim = tokens.isCut ? undefined : findVerbatim(input, tokens, limits);
  if (verbatim === undefined) {
    return { text: input, place: (offset) => offset, depth: 0, outcome: 'timeout' };
  }
  // The device's own line ends, so that the text is not a mix of two.
  const newline = input.includes('\r\n') ? '\r\n' : '\n';
  const out: string[] = [];
  /** Offsets in the output of the tokens of the input; where one is left out, of what follows. */
  const placed = new Float64Array(kinds.length + 1);
  const lines: string[] = [];
  let length = 0;
  let depth = 0;
  let deepest = 0;
  let outcome: FormattedXml['outcome'] = 'formatted';
  let index = 0;
  let look = TOKENS_PER_LOOK;

  const add = (text: string): void => {
    out.push(text);
    length += text.length;
  };
  const breakLine = (): void => {
    if (length > 0) {
      const level = Math.min(depth, limits.maxDepth);
      lines[level] ??= newline + ' '.repeat(level * INDENT);
      add(lines[level]);
    }
  };

  while (index < kinds.length) {
    const start = starts[index] ?? 0;
    const kind = kinds[index] ?? XmlToken.text;
    if (index >= look) {
      look = index + TOKENS_PER_LOOK;
      outcome = limits.isOver() ? 'timeout' : outcome;
    }
    if (outcome === 'timeout' || (starts[index + 1] ?? 0) > until) {
      break;
    }
    if (kind === XmlToken.text && isBlank(input, start, starts[index + 1] ?? 0)) {
      placed[index] = length;
      index += 1;
      continue;
    }
    if (kind === XmlToken.end) {
      depth = Math.max(0, depth - 1);
    }
    breakLine();
    // A start tag that opens verbatim content brings everything with it up to its end tag.
    const last = verbatim[index] ?? 0;
    const end = Math.min(Math.max(last, index), kinds.length - 1);
    const base = length - start;
    for (let i = index; i <= end; i++) {
      placed[i] = base + (starts[i] ?? 0);
    }
    add(input.slice(start, starts[end + 1] ?? input.length));
    if (kind === XmlToken.start && end === index) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    }
    index = end + 1;
    if (length > limits.maxTextLength) {
      outcome = 'long';
      break;
    }
  }

  const rest = starts[index] ?? input.length;
  if (rest < input.length && outcome !== 'long') {
    if (!isSpace(input.charCodeAt(rest))) {
      depth = kinds[index] === XmlToken.end ? Math.max(0, depth - 1) : depth;
      breakLine();
    }
    for (let i = index; i < kinds.length; i++) {
      placed[i] = length + (starts[i] ?? 0) - rest;
    }
    add(input.slice(rest));
  }
  placed[kinds.length] = length;
  if (length > limits.maxTextLength || outcome === 'long') {
    return { text: input, place: (offset) => offset, depth: deepest, outcome: 'long' };
  }
  return { text: out.join(''), place: (offset) => placeOf(offset, starts, placed), depth: deepest, outcome };
}

/** What an element holds beside blanks. */
const TEXT = 1;
const CHILD = 2;

/**
 * For each start tag whose content stays as it came, the index of its end tag; otherwise 0. Such are elements with
 * text or CDATA of their own, empty ones, those that ask for it, and those nested deeper than the limit.
 * `undefined`: the time was over.
 */
function findVerbatim(
  input: string,
  { kinds, starts }: XmlTokens,
  { maxDepth, isOver }: DecodeLimits,
): Int32Array | undefined {
  const verbatim = new Int32Array(kinds.length);
  // Of the open elements the indexes and what they hold: columns, as there may be millions of them.
  const open: number[] = [];
  const holds: number[] = [];
  const mark = (what: number) => {
    const top = holds.length - 1;
    if (top >= 0) {
      holds[top] = (holds[top] ?? 0) | what;
    }
  };
  for (let index = 0; index < kinds.length; index++) {
    if (index % TOKENS_PER_LOOK === TOKENS_PER_LOOK - 1 && isOver()) {
      return undefined;
    }
    const start = starts[index] ?? 0;
    const end = starts[index + 1] ?? input.length;
    switch (kinds[index]) {
      case XmlToken.start:
        mark(CHILD);
        open.push(index);
        holds.push(keepsSpace(input.slice(start, end)) ? TEXT : 0);
        break;
      case XmlToken.end: {
        const closed = open.pop();
        // Text of its own, or nothing at all; an element with children only is laid out.
        if (closed !== undefined && (holds.pop() !== CHILD || open.length >= maxDepth)) {
          verbatim[closed] = index;
        }
        break;
      }
      case XmlToken.text:
        if (open.length > 0 && !isBlank(input, start, end)) {
          mark(TEXT);
        }
        break;
      case XmlToken.cdata:
        mark(TEXT);
        break;
      default:
        mark(CHILD);
        break;
    }
  }
  for (let level = 0; level < open.length; level++) {
    if (((holds[level] ?? 0) & TEXT) !== 0) {
      verbatim[open[level] ?? 0] = kinds.length - 1;
    }
  }
  return verbatim;
}

function keepsSpace(tag: string): boolean {
  return tag.includes('xml:space') && /\sxml:space\s*=\s*["']preserve["']/.test(tag);
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (!isSpace(text.charCodeAt(at))) {
      return false;
    }
  }
  return true;
}

function placeOf(offset: number, starts: readonly number[], placed: Float64Array): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const next = placed[low + 1] ?? placed[low] ?? 0;
  return Math.min((placed[low] ?? 0) + offset - (starts[low] ?? 0), next);
}
