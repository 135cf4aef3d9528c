import { createContext, Script } from 'node:vm';
import { type FailureError, fail } from '#app/contract/failure.ts';
import type { Mark, SearchQuery } from '#app/contract/feeds/search.ts';

/** Milliseconds that a regular expression may take for one batch of texts. */
const PATIENCE = 300;
/** Marks in one shown text. */
const MAX_MARKS = 20;

/** Finds places of a query's text in decoded text. */
export class TextMatcher {
  readonly #expression: RegExp;
  readonly #isTrusted: boolean;

  /** Throws `search.pattern` where the regular expression is none. */
  constructor({ text, isRegex, matchCase, wholeWord }: SearchQuery) {
    const source = isRegex ? text : text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    const word = '[\\p{L}\\p{M}\\p{N}_]';
    const whole = isRegex
      ? `(?<!${word})(?:${source})(?!${word})`
      : `(?<!${word}(?=${word}))${source}(?!(?<=${word})${word})`;
    const flags = `g${matchCase ? '' : 'i'}`;
    this.#isTrusted = !isRegex;
    this.#expression = compile(wholeWord ? whole : source, flags);
  }

  /**
   * Which of these texts match, by their indexes. A regular expression that runs away is stopped in the middle of it and
   * fails with `search.runaway`.
   */
  test(texts: readonly string[]): Uint8Array {
    const result = new Uint8Array(texts.length);
    this.#guarded(() => {
      for (let index = 0; index < texts.length; index++) {
        this.#expression.lastIndex = 0;
        result[index] = this.#expression.test(texts[index] ?? '') ? 1 : 0;
      }
    });
    return result;
  }

  /** The first places in a text. */
  marks(text: string): Mark[] {
    const marks: Mark[] = [];
    this.#guarded(() => {
      this.#expression.lastIndex = 0;
      for (const match of text.matchAll(this.#expression)) {
        if (match[0] !== '') {
          marks.push([match.index, match.index + match[0].length]);
        }
        if (marks.length === MAX_MARKS) {
          break;
        }
      }
    });
    return marks;
  }

  #guarded(run: () => void): void {
    if (this.#isTrusted) {
      run();
    } else {
      runWithin(PATIENCE, run);
    }
  }
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // What is an error in Unicode mode (`\-`, `{`) people write all the same.
  }
  try {
    return new RegExp(source.replaceAll('[\\p{L}\\p{M}\\p{N}_]', '\\w'), flags);
  } catch (error) {
    throw fail(
      'search.pattern',
      'This is not a regular expression.',
      'Correct it, or search for it as plain text.',
      error instanceof Error ? error.message : String(error),
    );
  }
}

const TIMED_OUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
const task: { run: () => void } = { run: () => {} };
const context = createContext(task);
const script = new Script('run()');

/** Runs something that may never end. V8 interrupts it, a regular expression in the middle of backtracking too. */
function runWithin(milliseconds: number, run: () => void): void {
  task.run = run;
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    // Made in another context, it is no Error of this one.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === TIMED_OUT) {
      throw runaway();
    }
    throw error;
  } finally {
    task.run = () => {};
  }
}

function runaway(): FailureError {
  return fail(
    'search.runaway',
    'This regular expression takes too long, and was stopped.',
    'Repetitions in repetitions, such as (a+)+, try every way to divide a text. Write it with less freedom, or narrow the search by topic or size.',
  );
}
