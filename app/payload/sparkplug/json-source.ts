import { type Node, parseTree } from 'jsonc-parser';
import { fail } from '../../contract/failure.ts';
import { jsonCodec } from '../json.ts';
import { PayloadError } from '../payload-error.ts';

/** A member of an object of JSON. */
export interface Member {
  readonly name: string;
  /** Where the name stands. */
  readonly key: Node;
  readonly value: Node;
}

/** A typed payload as JSON whose parts know their places; numbers keep all their digits. */
export class JsonSource {
  readonly text: string;
  readonly root: Node;

  /** Throws `payload.json` where it is no JSON. */
  constructor(text: string) {
    // Says where it is none.
    jsonCodec.encode?.(text);
    this.text = text;
    this.root = treeOf(text);
  }

  /** The members of an object in their order, also several of one name. */
  members(node: Node): readonly Member[] {
    return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [{ name: String(key.value), key, value }],
    );
  }

  /** A number as it is written. */
  written({ offset, length }: Node): string {
    return this.text.slice(offset, offset + length);
  }

  /** What is wrong with a part, with its place. */
  wrong({ offset, length }: Node, what: string): PayloadError {
    return new PayloadError(
      'payload.sparkplug',
      what,
      'Correct it; names, types and values are written as Topicscope shows them.',
      this.text,
      offset,
      Math.max(1, Math.min(length, 200)),
    );
  }
}

function treeOf(text: string): Node {
  let root: Node | undefined;
  try {
    root = parseTree(text);
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  if (root === undefined) {
    throw fail('payload.json', 'The JSON is nested too deeply.', 'Nothing of Sparkplug B is that deep.');
  }
  return root;
}
