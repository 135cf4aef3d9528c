import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import { formatBytes, formatQuantity } from '../base/format.ts';
import type { Codec, DecodeLimits, FieldOptions, Marker } from './codec.ts';
import { type FieldAt, type FieldValue, MAX_PATH_LENGTH } from './field-changes.ts';
import { keyPath } from './json-fields.ts';
import { PayloadError } from './payload-error.ts';
import { cutLine, EMPTY_PREVIEW, textPreview } from './preview.ts';
import { looksBinary } from './sample.ts';
import { encodeText, hiddenNotes, readText } from './text.ts';
import { decodeUtf8 } from './utf8.ts';

/** UTF-16 units that are parsed: the parser cannot be stopped on its way. */
const MAX_PARSED = 512 * 1024;
/** Places that are marked as wrong at most. */
const MAX_MARKERS = 100;
const MAX_FIELDS = 5000;
/** Nodes that are walked for them: aliases may name the same ones again and again. */
const MAX_STEPS = 50_000;

const options = { prettyErrors: false, intAsBigInt: true, logLevel: 'silent' } as const;

/**
 * YAML 1.2, shown as it came, with what is wrong marked. Nearly any text is YAML, so that it is taken as such only where
 * the message says so (RFC 9512) or somebody chose it.
 */
export const yamlCodec: Codec = {
  id: 'yaml',
  label: 'YAML',
  detect: (bytes, { contentType = '' }) =>
    /^(?:application|text)\/(?:[\w.-]+\+|x-)?yaml\b/i.test(contentType) &&
    bytes.length > 0 &&
    !looksBinary(bytes)
      ? 0.97
      : 0,
  preview: (bytes, maxLength, size = bytes.length) =>
    size === 0 ? cutLine(EMPTY_PREVIEW, maxLength) : textPreview(bytes, maxLength, size),
  decode(bytes, limits) {
    const { text, notes, isWhole } = readText(bytes, limits);
    const found = text.length > MAX_PARSED ? undefined : parse(text);
    const documents = found?.documents ?? [];
    return {
      shape: 'text',
      text,
      language: 'yaml',
      markers: isWhole ? markersOf(documents, text.length) : [],
      notes: [
        ...notes,
        ...(documents.length > 1 ? [`${formatQuantity(documents.length, 'document')}.`] : []),
        ...(found === undefined ? [`Longer than ${formatBytes(MAX_PARSED)}: not checked for errors.`] : []),
        ...(found?.problem === undefined ? [] : [found.problem]),
        ...hiddenNotes(text),
      ],
    };
  },
  fields(bytes: Uint8Array, limits: DecodeLimits, fieldOptions?: FieldOptions): readonly FieldAt[] {
    const text = decodeUtf8(bytes);
    const { documents, problem } =
      text.length > MAX_PARSED ? { documents: [], problem: 'long' } : parse(text);
    if (problem !== undefined || documents.some(({ errors }) => errors.length > 0)) {
      throw new Error('This is not YAML.');
    }
    const walk = new Walk(limits, fieldOptions?.keepsWriting === true);
    for (const [index, document] of documents.entries()) {
      walk.visit(document, document.contents, documents.length > 1 ? `[${index}]` : '', 0);
    }
    return walk.fields;
  },
  encode(text) {
    const { documents, problem } = parse(text);
    const [error] = documents.flatMap(({ errors }) => errors);
    if (problem !== undefined || error !== undefined) {
      const [start, end] = error?.pos ?? [0, 1];
      throw new PayloadError(
        'payload.yaml',
        `Not valid YAML: ${error === undefined ? problem : firstLine(error.message)}`,
        'Correct it, or choose Text as the format to send it as it is.',
        text,
        Math.min(start, Math.max(0, text.length - 1)),
        Math.max(1, end - start),
      );
    }
    return encodeText(text);
  },
};

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  /** Why there are none. */
  readonly problem?: string;
}

function parse(text: string): Parsed {
  try {
    // A byte order mark that was not at the beginning of the payload is content; the parser says so.
    const documents = parseAllDocuments(text, options);
    return { documents: Array.isArray(documents) ? documents : [] };
  } catch (error) {
    // What is nested so deep that the parser's own calls do not fit the stack.
    return {
      documents: [],
      problem: error instanceof RangeError ? 'Nested too deep to be checked.' : firstLine(String(error)),
    };
  }
}

function markersOf(documents: readonly Document.Parsed[], length: number): Marker[] {
  return documents
    .flatMap(({ errors }) => errors)
    .slice(0, MAX_MARKERS)
    .map(({ pos: [start, end], message }) => {
      const offset = Math.max(0, Math.min(start, length - 1));
      return { offset, length: Math.max(1, Math.min(end, length) - offset), message: firstLine(message) };
    });
}

function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** Collects the values of documents by their paths, as those of JSON are. */
class Walk {
  readonly fields: FieldAt[] = [];
  readonly #limits: DecodeLimits;
  readonly #keepsWriting: boolean;
  #steps = 0;

  constructor(limits: DecodeLimits, keepsWriting: boolean) {
    this.#limits = limits;
    this.#keepsWriting = keepsWriting;
  }

  visit(document: Document.Parsed, node: unknown, path: string, depth: number): void {
    this.#steps += 1;
    if (
      this.fields.length >= MAX_FIELDS ||
      this.#steps > MAX_STEPS ||
      depth > this.#limits.maxDepth ||
      path.length > MAX_PATH_LENGTH ||
      this.#limits.isOver()
    ) {
      return;
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.visit(document, value, keyPath(path, keyText(key)), depth + 1);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        this.visit(document, item, `${path}[${index}]`, depth + 1);
      }
    } else if (isAlias(node)) {
      this.visit(document, node.resolve(document), path, depth + 1);
    } else {
      this.#add(node, path === '' ? '$' : path);
    }
  }

  #add(node: unknown, path: string): void {
    const value = fieldValue(isScalar(node) ? node.value : null);
    const written = isScalar(node) ? node.source : undefined;
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    this.fields.push({
      path,
      value,
      ...(this.#keepsWriting && isNumber && written !== undefined && written !== String(value)
        ? { written }
        : {}),
    });
  }
}

function keyText(key: unknown): string {
  const value = isScalar(key) ? (key.source ?? key.value) : key;
  return String(value);
}

function fieldValue(value: unknown): FieldValue {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === null || value === undefined ? null : String(value);
  }
}
