import { formatQuantity } from '../base/format.ts';
import type { Codec, DecodeLimits, FieldOptions, Marker } from './codec.ts';
import type { FieldAt } from './field-changes.ts';
import { findJsonProblem } from './json-check.ts';
import { jsonFieldsAt } from './json-fields.ts';
import { collapsedPreview, cutLine, EMPTY_PREVIEW } from './preview.ts';
import { looksBinary, sampleOf } from './sample.ts';
import { readText } from './text.ts';
import { decodeUtf8 } from './utf8.ts';

/** Lines that are marked as wrong at most. */
const MAX_MARKERS = 100;
/** Fields of all records of a payload at most. */
const MAX_FIELDS = 5000;
const LINE_FEED = 0x0a;

/** JSON lines (NDJSON): a JSON text in each line. Shown line by line as it came, with what is wrong marked. */
export const jsonLinesCodec: Codec = {
  id: 'jsonl',
  label: 'JSON lines',
  detect(bytes, { contentType = '' }) {
    if (bytes.length === 0 || looksBinary(bytes)) {
      return 0;
    }
    if (/^application\/(?:x-ndjson|jsonl|json-lines|x-jsonlines)\b/i.test(contentType)) {
      return 0.97;
    }
    return startsAsRecords(sampleOf(bytes), bytes.length) ? 0.95 : 0;
  },
  preview(bytes, maxLength) {
    return bytes.length === 0 ? cutLine(EMPTY_PREVIEW, maxLength) : collapsedPreview(bytes, maxLength);
  },
  decode(bytes, limits) {
    const { text, notes, isWhole } = readText(bytes, limits);
    const { records, wrong, markers, isOver } = checkLines(text, isWhole, limits);
    return {
      shape: 'text',
      text,
      language: 'json',
      markers,
      notes: [
        ...notes,
        `${formatQuantity(records, 'record')}, one a line.`,
        ...(wrong === 0 ? [] : [`${formatQuantity(wrong, 'line')} of them not JSON.`]),
        ...(isOver ? ['Checking the lines took too long: the rest is not checked.'] : []),
      ],
    };
  },
  fields(bytes: Uint8Array, limits: DecodeLimits, options?: FieldOptions): readonly FieldAt[] {
    const fields: FieldAt[] = [];
    let record = 0;
    for (let start = 0; start < bytes.length && fields.length < MAX_FIELDS && !limits.isOver(); ) {
      const found = bytes.indexOf(LINE_FEED, start);
      const end = found < 0 ? bytes.length : found;
      const line = bytes.subarray(start, end);
      start = end + 1;
      if (line.some((byte) => byte > 0x20)) {
        fields.push(...fieldsOfLine(`[${record}]`, line, limits, options));
        record += 1;
      }
    }
    return fields.slice(0, MAX_FIELDS);
  },
};

/** The first line is an object or array by itself, and another of the first few is: a broken line is worth showing. */
function startsAsRecords(sample: Uint8Array, size: number): boolean {
  const lines = decodeUtf8(sample).split('\n');
  const whole = (sample.length < size ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== '');
  const [first = '', ...others] = whole.slice(0, 4);
  return isRecord(first) && others.some(isRecord);
}

function isRecord(line: string): boolean {
  return /^\s*[{[]/.test(line) && findJsonProblem(line) === undefined;
}

function checkLines(text: string, isWhole: boolean, limits: DecodeLimits) {
  const markers: Marker[] = [];
  let records = 0;
  let wrong = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== '') {
      records += 1;
      // The last line of a text that was cut is none of the sender's.
      const problem = found < 0 && !isWhole ? undefined : findJsonProblem(line);
      if (problem !== undefined) {
        wrong += 1;
        if (markers.length < MAX_MARKERS) {
          markers.push({ ...problem, offset: start + problem.offset });
        }
      }
    }
    start = end + 1;
    if (limits.isOver()) {
      return { records, wrong, markers, isOver: true };
    }
  }
  return { records, wrong, markers, isOver: false };
}

/** A line that is not JSON has no fields; the others keep theirs. */
function fieldsOfLine(
  path: string,
  line: Uint8Array,
  limits: DecodeLimits,
  options?: FieldOptions,
): readonly FieldAt[] {
  try {
    return jsonFieldsAt(path, line, limits, options);
  } catch {
    return [];
  }
}
