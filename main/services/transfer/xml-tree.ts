import { SaxesParser } from 'saxes';

/** An element with its attributes, by local names. Text of all its own pieces, trimmed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Why a text is not read as XML. */
export class XmlProblem extends Error {}

const MAX_DEPTH = 60;
const MAX_ELEMENTS = 200_000;

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
  readonly children: XmlElement[];
}

/**
 * Reads a small XML document whole. A document type declaration is refused before anything of it counts, so that no
 * entity is ever defined or expanded. Throws {@link XmlProblem}.
 */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  // The parser's own table has Object's prototype, where `&constructor;` would be found.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  parser.on('doctype', () => {
    throw new XmlProblem('It has a document type declaration, which is never read.');
  });
  parser.on('error', (error) => {
    throw new XmlProblem(`It is not well-formed XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    count += 1;
    if (open.length >= MAX_DEPTH || count > MAX_ELEMENTS) {
      throw new XmlProblem('It is nested deeper or has more elements than any file of connections.');
    }
    open.push({
      name: localName(name),
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [localName(key), String(value)])),
      text: '',
      children: [],
    });
  });
  const onText = (piece: string) => {
    const current = open.at(-1);
    if (current !== undefined) {
      current.text += piece;
    }
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined) {
      const element = { ...closed, text: closed.text.trim() };
      const parent = open.at(-1);
      if (parent === undefined) {
        root = element;
      } else {
        parent.children.push(element);
      }
    }
  });
  parser.write(text);
  parser.close();
  if (root === undefined) {
    throw new XmlProblem('It holds no element.');
  }
  return root;
}

/** Without the prefix of a namespace. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** All children of a name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child of a name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Text of the first child of a name; `undefined` where it is missing or empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const found = childOf(element, name)?.text;
  return found === '' ? undefined : found;
}
