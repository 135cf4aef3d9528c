import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { fail } from '#app/contract/failure.ts';
import type { ExportFormat } from '#app/contract/operations/export.ts';
import type { SharedRow } from '../../session/log/log-reader.ts';
import { unpackProperties } from '../../session/log/properties.ts';
import { RowKind } from '../../session/log/shared-log.ts';

/** Writes the messages of one export, one after the other. */
export interface ExportWriter {
  message(row: SharedRow, topic: string, payload: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/** A writer for a format (docs/formats/message-export.md). */
export function exportWriter(format: ExportFormat): ExportWriter {
  switch (format) {
    case 'jsonl':
      return { message: (...message) => Buffer.from(jsonLine(...message)), end: () => new Uint8Array() };
    case 'csv':
      return new CsvWriter();
    case 'zip':
      return new ZipWriter();
  }
}

/** One message as one line of JSON: text where the payload is UTF-8, base64 where it is not. Nothing is lost. */
export function jsonLine(row: SharedRow, topic: string, payload: Uint8Array): string {
  const { correlationData, ...properties } = unpackProperties(row.properties);
  const packed = {
    ...properties,
    ...(correlationData === undefined ? {} : { correlationData: base64(correlationData) }),
  };
  const line = {
    sequence: row.sequence,
    time: new Date(row.receivedAt).toISOString(),
    direction: row.kind === RowKind.received ? 'received' : 'published',
    topic,
    qos: row.qos,
    retain: row.retain,
    dup: row.dup,
    ...(isUtf8(payload)
      ? { payload: Buffer.from(payload).toString('utf8') }
      : { payloadBase64: base64(payload) }),
    ...(Object.keys(packed).length === 0 ? {} : { properties: packed }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** RFC 4180. What a spreadsheet would take for a formula is kept from being one by an apostrophe. */
class CsvWriter implements ExportWriter {
  #isBegun = false;

  message(row: SharedRow, topic: string, payload: Uint8Array): Uint8Array {
    const isText = isUtf8(payload);
    const cells = [
      String(row.sequence),
      new Date(row.receivedAt).toISOString(),
      row.kind === RowKind.received ? 'received' : 'published',
      cell(topic),
      String(row.qos),
      String(row.retain),
      String(payload.length),
      isText ? 'text' : 'base64',
      cell(isText ? Buffer.from(payload).toString('utf8') : base64(payload)),
    ];
    return Buffer.from(`${this.#head()}${cells.join(',')}\r\n`);
  }

  end(): Uint8Array {
    return Buffer.from(this.#head());
  }

  #head(): string {
    const head = this.#isBegun ? '' : 'sequence,time,direction,topic,qos,retain,size,encoding,payload\r\n';
    this.#isBegun = true;
    return head;
  }
}

function cell(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Entries and bytes that a ZIP file without its 64-bit extension may have. */
const MAX_ENTRIES = 65_535;
const MAX_ZIP = 0xffff_ffff;
/** UTF-8 names; stored, not compressed. */
const NAME_FLAG = 0x0800;

/** A ZIP file with each payload as it is; `messages.jsonl`-like details are in the other formats. */
class ZipWriter implements ExportWriter {
  #entries: Buffer[] = [];
  #size = 0;

  message(row: SharedRow, topic: string, payload: Uint8Array): Uint8Array {
    const name = Buffer.from(rawFileName(row.sequence, topic));
    const header = Buffer.alloc(30);
    const time = dosTime(new Date(row.receivedAt));
    header.writeUInt32LE(0x04034b50, 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(NAME_FLAG, 2);
    common.writeUInt32LE(time, 6);
    common.writeUInt32LE(crc32(payload), 10);
    common.writeUInt32LE(payload.length, 14);
    common.writeUInt32LE(payload.length, 18);
    common.writeUInt16LE(name.length, 22);
    common.copy(header, 4);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(this.#size, 42);
    this.#entries.push(Buffer.concat([central, name]));
    const bytes = Buffer.concat([header, name, payload]);
    this.#size += bytes.length;
    if (this.#entries.length > MAX_ENTRIES || this.#size > MAX_ZIP) {
      throw fail(
        'export.tooMany',
        'These are more messages than a ZIP file takes: 65,535 files, or 4 GB.',
        'Narrow the search or the filter, or export JSON lines.',
      );
    }
    return bytes;
  }

  end(): Uint8Array {
    const directory = Buffer.concat(this.#entries);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#size, 16);
    return Buffer.concat([directory, end]);
  }
}

/** `000042_plant_line1_temp.bin`: no name that a system refuses or that leads out of its folder. */
export function rawFileName(sequence: number, topic: string): string {
  const safe = topic
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/\.{2,}/g, '_')
    .slice(0, 80);
  return `${String(sequence).padStart(9, '0')}_${safe}.bin`;
}

/** MS-DOS time and date as one number; local time, two seconds exact, from 1980 on. */
function dosTime(date: Date): number {
  const day =
    ((Math.max(1980, date.getFullYear()) - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
