import { SaxesParser } from 'saxes';
import type { DecodeLimits } from './codec.ts';
import { type FieldAt, MAX_PATH_LENGTH } from './field-changes.ts';
import { decodeUtf8 } from './utf8.ts';

/** Fields of one document at most. */
const MAX_FIELDS = 5000;
const CHUNK = 32 * 1024;
/** A number as JSON writes it: what is written otherwise (`007`, `+1`) is a text. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

interface OpenElement {
  readonly path: string;
  /** How many children of each name it has had. */
  readonly children: Map<string, number>;
  text: string;
}

/**
 * The texts and attributes of an XML document by their XPath: `/plant/line[2]/temp`, `/plant/@id`; the first of several
 * elements of a name has no number. A text that is written as a number is one. Entities of a DTD are not expanded.
 * Throws where it is not well-formed.
 */
export function xmlFields(bytes: Uint8Array, limits: DecodeLimits): FieldAt[] {
  const fields: FieldAt[] = [];
  const open: OpenElement[] = [{ path: '', children: new Map(), text: '' }];
  const add = (path: string, text: string) => {
    if (fields.length < MAX_FIELDS && path.length <= MAX_PATH_LENGTH) {
      fields.push({ path, value: numberOrText(text) });
    }
  };
  // Deeper elements than the limit belong to the last one that is followed, without their texts.
  let tooDeep = 0;
  const parser = new SaxesParser({ xmlns: false });
  // The parser's own table has Object's prototype, where `&constructor;` would be found.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const parent = open.at(-1);
    if (parent === undefined || tooDeep > 0) {
      tooDeep += 1;
      return;
    }
    const count = (parent.children.get(name) ?? 0) + 1;
    parent.children.set(name, count);
    const path = `${parent.path}/${name}${count === 1 ? '' : `[${count}]`}`;
    if (open.length > limits.maxDepth || path.length > MAX_PATH_LENGTH) {
      tooDeep += 1;
      return;
    }
    for (const [key, value] of Object.entries(attributes)) {
      add(`${path}/@${key}`, value);
    }
    open.push({ path, children: new Map(), text: '' });
  });
  const onText = (text: string) => {
    const element = open.at(-1);
    if (element !== undefined && tooDeep === 0) {
      element.text += text;
    }
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    if (tooDeep > 0) {
      tooDeep -= 1;
      return;
    }
    const element = open.pop();
    const text = element?.text.trim() ?? '';
    if (element !== undefined && (text !== '' || element.children.size === 0)) {
      add(element.path, text);
    }
  });
  const text = decodeUtf8(bytes);
  for (let at = 0; at < text.length && !limits.isOver(); at += CHUNK) {
    parser.write(text.slice(at, at + CHUNK));
  }
  if (!limits.isOver()) {
    parser.close();
  }
  return fields;
}

function numberOrText(text: string): string | number {
  const number = PLAIN_NUMBER.test(text) ? Number(text) : Number.NaN;
  // What a double would alter stays as it is written.
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
    ? number
    : text;
}
