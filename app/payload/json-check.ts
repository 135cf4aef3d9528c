import { createScanner } from 'jsonc-parser';
import { JsonGrammar, Token } from './json-grammar.ts';
import { isSpace } from './sample.ts';

/** What is wrong first, in UTF-16 units of the text. */
export interface TextProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** The first place where a text is not JSON as RFC 8259 defines it. */
export function findJsonProblem(text: string): TextProblem | undefined {
  for (const step of grammarSteps(text)) {
    if (step.problem !== undefined) {
      return { offset: step.at, length: step.end - step.at, message: step.problem };
    }
  }
  return undefined;
}

/** Whether the beginning of a text reads as a JSON object or array: `[INFO] started` and `{name}` do not. */
export function startsLikeJson(text: string): boolean {
  let count = 0;
  for (const step of grammarSteps(text)) {
    if (step.token === Token.eof) {
      return true;
    }
    if (step.problem !== undefined) {
      // The last token of a sample may be cut; one late mistake is worth showing as JSON with a marker.
      return step.end >= text.length || count >= 4;
    }
    count += 1;
    if (count >= 16) {
      return true;
    }
  }
  return true;
}

function* grammarSteps(
  text: string,
): Generator<{ token: number; at: number; end: number; problem: string | undefined }> {
  const scanner = createScanner(text);
  const grammar = new JsonGrammar();
  let position = 0;
  for (;;) {
    while (position < text.length && isSpace(text.charCodeAt(position))) {
      position += 1;
    }
    scanner.setPosition(position);
    const token: number = scanner.scan();
    const at = Math.min(scanner.getTokenOffset(), text.length);
    const end = Math.min(scanner.getPosition(), text.length);
    yield { token, at, end, problem: grammar.accept(token, scanner.getTokenError(), text, at, end) };
    if (token === Token.eof) {
      return;
    }
    position = end;
  }
}
