import { createScanner } from 'jsonc-parser';
import type { DecodeLimits, Marker } from './codec.ts';
import { JsonGrammar, Token } from './json-grammar.ts';
import { isSpace } from './sample.ts';
import { TextSink } from './text-sink.ts';

/** Problems are named up to this many; text with more of them is no JSON, and is shown as it came. */
const MAX_MARKERS = 100;
const INDENT = 2;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** The scanner's error code of a string that ends with its line. */
const UNTERMINATED = 2;

export interface FormattedJson {
  readonly text: string;
  readonly markers: readonly Marker[];
  /** Deepest nesting found. */
  readonly depth: number;
  /**
   * `raw`: too little of it is JSON; `long`: laid out, it would exceed the limit; both times the text is the input.
   * `timeout`: what was not reached in time follows as it came.
   */
  readonly outcome: 'formatted' | 'raw' | 'long' | 'timeout';
}

/**
 * Lays JSON out by its tokens in one pass over the scanner. A token is never parsed and printed again: what the
 * device sent (127.0, 12345678901234567890, order and duplicates of keys, escapes) is what is shown.
 * Where the text is not JSON, its tokens are laid out all the same, and markers say what is wrong where.
 */
export function formatJson(input: string, limits: DecodeLimits): FormattedJson {
  const scanner = createScanner(input);
  const grammar = new JsonGrammar();
  const out = new TextSink(Math.min(limits.maxTextLength, input.length * 2));
  const problems: Problem[] = [];
  let outcome: FormattedJson['outcome'] = 'formatted';
  let depth = 0;
  let deepest = 0;
  let position = 0;
  let previous: number = Token.none;
  let previousEnd = 0;
  /** The line must end here, or what follows would become part of the token. */
  let endsLine = false;

  for (let count = 1; ; count++) {
    while (position < input.length && isSpace(input.charCodeAt(position))) {
      position += 1;
    }
    scanner.setPosition(position);
    const token: number = scanner.scan();
    const at = Math.min(scanner.getTokenOffset(), input.length);
    const end = Math.min(scanner.getPosition(), input.length);
    const scanError: number = scanner.getTokenError();
    const message = grammar.accept(token, scanError, input, at, end);

    if (token === Token.eof) {
      if (message !== undefined) {
        const last = Math.max(0, out.length - 1);
        problems.push({ at: Math.max(0, previousEnd - 1), offset: last, length: out.length - last, message });
      }
      break;
    }
    if (count % 4096 === 0 && limits.isOver()) {
      outcome = out.length + 1 + input.length - at > limits.maxTextLength ? 'long' : 'timeout';
      break;
    }

    const isOpener = token === Token.openBrace || token === Token.openBracket;
    const isCloser = token === Token.closeBrace || token === Token.closeBracket;
    if (isCloser && depth > 0) {
      depth -= 1;
    }
    const isFlat = depth > limits.maxDepth || (isCloser && depth >= limits.maxDepth);
    const gap = endsLine ? Gap.line : gapBefore(previous, token, previousEnd === at, isFlat);
    const indent = gap === Gap.line ? Math.min(depth, limits.maxDepth) * INDENT : 0;
    if (out.length + 1 + indent + end - at > limits.maxTextLength) {
      outcome = 'long';
      break;
    }
    if (gap === Gap.line) {
      out.fill(LINE_FEED, 1);
      out.fill(SPACE, indent);
    } else if (gap === Gap.space) {
      out.fill(SPACE, 1);
    }
    if (message !== undefined) {
      problems.push({ at, offset: out.length, length: end - at, message });
      if (problems.length > MAX_MARKERS || !grammar.isPlausible) {
        outcome = 'raw';
        break;
      }
    }
    out.add(input, at, end);
    if (isOpener) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    }
    endsLine = token === Token.lineComment || (token === Token.string && scanError === UNTERMINATED);
    previous = token;
    previousEnd = end;
    position = end;
  }

  if (outcome === 'timeout') {
    out.fill(LINE_FEED, 1);
    out.add(input, position);
  }
  const isInput = outcome === 'raw' || outcome === 'long';
  return {
    text: isInput ? input : out.toString(),
    markers: problems
      .slice(0, MAX_MARKERS)
      .map(({ at, offset, length, message }) => ({ offset: isInput ? at : offset, length, message })),
    depth: deepest,
    outcome,
  };
}

/** A marker with its place in the input as well. */
interface Problem extends Marker {
  readonly at: number;
}

const Gap = { none: 0, space: 1, line: 2 } as const;

/**
 * What stands between two tokens. It depends on the tokens only, so that formatting twice changes nothing.
 * Tokens that touched although neither is punctuation (`01`, `12abc`) stay together: a space would hide what is wrong.
 */
function gapBefore(previous: number, token: number, isTouching: boolean, isFlat: boolean): number {
  if (previous === Token.none) {
    return Gap.none;
  }
  const opens = previous === Token.openBrace || previous === Token.openBracket;
  const closes = token === Token.closeBrace || token === Token.closeBracket;
  if (opens && closes) {
    return Gap.none;
  }
  if (isComment(token) || isComment(previous)) {
    return opens || closes || previous === Token.comma ? lineOr(Gap.space, isFlat) : Gap.space;
  }
  if (opens || closes) {
    return lineOr(Gap.none, isFlat);
  }
  if (token === Token.comma || token === Token.colon) {
    return Gap.none;
  }
  if (previous === Token.comma) {
    return lineOr(Gap.space, isFlat);
  }
  if (previous === Token.colon) {
    return Gap.space;
  }
  if (
    token === Token.openBrace ||
    token === Token.openBracket ||
    previous === Token.closeBrace ||
    previous === Token.closeBracket
  ) {
    return lineOr(Gap.space, isFlat);
  }
  return isTouching ? Gap.none : Gap.space;
}

function lineOr(gap: number, isFlat: boolean): number {
  return isFlat ? gap : Gap.line;
}

function isComment(token: number): boolean {
  return token === Token.lineComment || token === Token.blockComment;
}
