import { type Node, parseTree } from 'jsonc-parser';
import { formatCount } from '../../base/format.ts';
import { type FailureError, fail } from '../../contract/failure.ts';
import { findJsonProblem } from '../json-check.ts';

/** Nesting of a file: types are resolved by recursion. */
const MAX_DEPTH = 100;
const HINT = 'Correct the file and add it again in the tab “Rules”.';

/** A schema file as JSON whose parts know their places. */
export class SchemaText {
  readonly path: string;
  readonly root: Node;
  readonly #text: string;

  /** Throws `schema.syntax` where it is no JSON. */
  constructor(path: string, text: string) {
    this.path = path;
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
    if (/^\s*(?:\/\*|\/\/|@|namespace\b|protocol\b|schema\b|import\b)/.test(this.#text)) {
      throw fail(
        'schema.syntax',
        `${path} is written in Avro IDL, which can’t be read.`,
        'Add the schemas in JSON that “avro-tools idl2schemata” makes of it.',
      );
    }
    if (isDeep(this.#text)) {
      throw this.#problem(0, `The file is nested deeper than ${MAX_DEPTH}`);
    }
    const problem = findJsonProblem(this.#text);
    if (problem !== undefined) {
      throw this.#problem(problem.offset, problem.message);
    }
    const root = parseTree(this.#text);
    if (root === undefined) {
      throw this.#problem(0, 'There is no JSON value');
    }
    this.root = root;
  }

  /** What an object has under a name; of several the last. */
  member(node: Node, name: string): Node | undefined {
    return node.type === 'object'
      ? node.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1]
      : undefined;
  }

  /** The same, as a text; throws where it is something else. */
  textMember(node: Node, name: string): string | undefined {
    const found = this.member(node, name);
    if (found !== undefined && found.type !== 'string') {
      throw this.wrong(found, `“${name}” must be a text`);
    }
    return found?.value as string | undefined;
  }

  /** The items of a member that must be a list. */
  listMember(node: Node, name: string, of: string): readonly Node[] {
    const found = this.member(node, name);
    if (found?.type !== 'array') {
      throw this.wrong(found ?? node, `${of} needs a list of “${name}”`);
    }
    return found.children ?? [];
  }

  /** The JSON text of a part. */
  sourceOf({ offset, length }: Node): string {
    return this.#text.slice(offset, offset + length);
  }

  /** What is wrong with a part, with its place. */
  wrong({ offset }: Node, what: string): FailureError {
    return this.#problem(offset, what);
  }

  #problem(offset: number, what: string): FailureError {
    const before = this.#text.slice(0, offset).split(/\r\n|\r|\n/);
    const column = (before.at(-1) ?? '').length + 1;
    return fail(
      'schema.syntax',
      `${this.path}, line ${formatCount(before.length)}, column ${formatCount(column)}: ${what}.`,
      HINT,
    );
  }
}

/** Looked at before the text is parsed: the parser goes down by recursion. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        for (at += 1; at < text.length && text[at] !== '"'; at++) {
          at += text[at] === '\\' ? 1 : 0;
        }
        break;
      case '{':
      case '[':
        depth += 1;
        if (depth > MAX_DEPTH) {
          return true;
        }
        break;
      case '}':
      case ']':
        depth -= 1;
        break;
    }
  }
  return false;
}
