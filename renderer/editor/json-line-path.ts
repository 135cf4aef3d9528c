import { keyPath } from '#app/payload/json-fields.ts';

/** Columns of one level, as JSON is laid out for reading. */
const INDENT = 2;
/** Lines that are gone through for one path at most. */
const MAX_LINES = 50_000;
const KEY = /^"((?:[^"\\]|\\.)*)": /;
const NUMBER_LINE = /^\s*(?:"(?:[^"\\]|\\.)*": )?-?\d[\d.eE+-]*,?$/;

/** The line holds a number and nothing else but its key. */
export function isNumberLine(line: string): boolean {
  return line.length < 1000 && NUMBER_LINE.test(line);
}

/**
 * The path of the value that stands in a line (from 1) of JSON that is laid out for reading, as fields are named; found by
 * going up. `undefined` where it is too far from the beginning.
 */
export function jsonLinePath(lineAt: (line: number) => string, line: number): string | undefined {
  if (line > MAX_LINES) {
    return undefined;
  }
  /** Keys and places from the inside out. */
  const steps: (string | number)[] = [];
  let level = levelOf(lineAt(line));
  let at = line;
  while (level > 0) {
    const key = KEY.exec(lineAt(at).trimStart())?.[1];
    let place = 0;
    let above = at - 1;
    for (; above >= 1 && levelOf(lineAt(above)) >= level; above--) {
      place += levelOf(lineAt(above)) === level && !isCloser(lineAt(above)) ? 1 : 0;
    }
    if (above < 1) {
      return undefined;
    }
    steps.push(key === undefined ? place : decoded(key));
    at = above;
    level = levelOf(lineAt(above));
  }
  const path = steps.reduceRight<string>(
    (outer, step) => (typeof step === 'number' ? `${outer}[${step}]` : keyPath(outer, step)),
    '',
  );
  return path === '' ? '$' : path;
}

function levelOf(line: string): number {
  return Math.floor((line.length - line.trimStart().length) / INDENT);
}

function isCloser(line: string): boolean {
  const first = line.trimStart()[0];
  return first === '}' || first === ']';
}

function decoded(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}
