import { Readable, type Transform } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { Row } from '#app/automation/row.ts';

interface SkippedRow {
  readonly line: number;
  readonly problem: string;
}

/** A row, or why a line is none. */
export type ReadRow = Row | SkippedRow;

/** Bytes of one row: more than a message that fits into a library of test data. */
const MAX_ROW = 4_000_000;
/** Bytes that are read before something else has its turn. */
const SLICE = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads the rows of a file as they are asked for, so that a large one does not take its room twice. */
export function readRows(bytes: Uint8Array, format: 'csv' | 'jsonl'): AsyncGenerator<ReadRow, undefined> {
  return format === 'csv' ? readCsv(bytes) : readJsonLines(bytes);
}

/** CSV (RFC 4180) with the names of the columns in its first line; `,`, `;` or tab between them, whichever that has. */
async function* readCsv(bytes: Uint8Array): AsyncGenerator<ReadRow, undefined> {
  const parser: Transform = parse({
    bom: true,
    columns: true,
    delimiter: delimiterOf(bytes),
    info: true,
    max_record_size: MAX_ROW,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      // Among the records, in its place: a file of nothing but such lines is passed on bit by bit too.
      parser.push({ line: Number(error?.lines ?? 0), problem: csvProblem(error) });
      return undefined;
    },
  });
  const source = Readable.from(slicesOf(bytes));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const read of parser as AsyncIterable<CsvRecord | SkippedRow>) {
      yield 'problem' in read
        ? read
        : { line: read.info.lines, values: new Map(Object.entries(read.record)) };
    }
  } catch (error) {
    // Nothing after it can be told apart any more.
    const { lines } = error as Partial<CsvError>;
    yield { line: Number(lines ?? 0), problem: csvProblem(error) };
  } finally {
    source.destroy();
    parser.destroy();
  }
  return undefined;
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += SLICE) {
    yield bytes.subarray(offset, offset + SLICE);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What separates the columns of the first line most often. */
function delimiterOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(NEWLINE);
  const head = new TextDecoder().decode(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 64 * 1024)));
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: head.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function csvProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'It has not as many columns as the first line.';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'A quotation mark is not closed before the end of the file.';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'A quotation mark stands where none may: write "" for one inside of quotes.';
    case 'CSV_MAX_RECORD_SIZE':
      return `It is longer than ${MAX_ROW} bytes.`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** JSON lines: an object in each line. Numbers are kept as they are written, whatever their size. */
async function* readJsonLines(bytes: Uint8Array): AsyncGenerator<ReadRow, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, offset);
    const end = newline < 0 ? bytes.length : newline;
    line += 1;
    const read = readJsonLine(bytes.subarray(offset, end), line, decoder);
    offset = end + 1;
    if (read !== undefined) {
      yield read;
    }
  }
  return undefined;
}

function readJsonLine(
  bytes: Uint8Array,
  line: number,
  decoder: InstanceType<typeof TextDecoder>,
): ReadRow | undefined {
  if (bytes.length > MAX_ROW) {
    return { line, problem: `It is longer than ${MAX_ROW} bytes.` };
  }
  let text: string;
  try {
    text = decoder.decode(bytes).trim();
  } catch {
    return { line, problem: 'It is not UTF-8 text.' };
  }
  if (text === '') {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text, keepNumber);
  } catch (error) {
    return { line, problem: `It is not JSON. ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, problem: 'It is no JSON object: write {"topic": …, "payload": …}.' };
  }
  return { line, values: new Map(Object.entries(value).map(([name, part]) => [name, textOf(part)])) };
}

interface RawJson {
  rawJSON(text: string): unknown;
}

/** A number as its text: one of 64 bits would be another one afterwards. */
function keepNumber(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  return typeof value === 'number' && context?.source !== undefined
    ? (JSON as unknown as RawJson).rawJSON(context.source)
    : value;
}

/** A text as it is; nothing as nothing; all else as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
