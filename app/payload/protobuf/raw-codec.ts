import { formatBytes, formatCount } from '../../base/format.ts';
import type { Codec, Decoded, DecodeLimits } from '../codec.ts';
import type { FieldAt } from '../field-changes.ts';
import { hexDigits } from '../item-layout.ts';
import { cutLine, EMPTY_PREVIEW } from '../preview.ts';
import { PREVIEW_BYTES } from '../sample.ts';
import { shortest } from '../template/numbers.ts';
import { visibleText } from '../visible-text.ts';
import { type RawField, readRaw } from './raw-message.ts';
import { Wire } from './wire.ts';

const MAX_DEPTH = 32;
const MAX_FIELDS = 200_000;
const PREVIEW_FIELDS = 64;
/** Values of a message at most that charts and change logs look at. */
const MAX_VALUES = 5000;
/** Bytes of a field that are written out. */
const MAX_BYTES = 4096;

const TYPES = /^application\/(?:x-protobuf|protobuf|vnd\.google\.protobuf|x-google-protobuf)\b/i;
const NOTE = 'Without a schema. A rule with a message type shows names instead of numbers.';

/** Protobuf of which no schema is known: what stands on the wire. */
export const protobufCodec: Codec = {
  id: 'protobuf',
  label: 'Protobuf',
  // Half of all bytes could be Protobuf: only who sent them knows.
  detect: (bytes, { contentType = '' }) => (bytes.length > 0 && TYPES.test(contentType) ? 0.92 : 0),
  preview(bytes, maxLength, size = bytes.length) {
    if (bytes.length === 0) {
      return cutLine(EMPTY_PREVIEW, maxLength);
    }
    const limits = { maxDepth: 8, maxFields: PREVIEW_FIELDS, isOver: () => false };
    const { fields, broken, stopped } = readRaw(bytes.subarray(0, PREVIEW_BYTES), limits);
    const isCut = stopped !== undefined || size > PREVIEW_BYTES;
    if (fields.length === 0 || (broken !== undefined && !isCut)) {
      // Nothing to say of it: rows show what the bytes look like then.
      return '';
    }
    const line = lineOf(fields, maxLength);
    return cutLine(visibleText(line.slice(0, maxLength + 1)), maxLength, isCut || line.length > maxLength);
  },
  decode: (bytes, limits) => decodeRaw(bytes, limits),
  fields(bytes, limits) {
    const { fields, broken } = readRaw(bytes, { ...limits, maxDepth: MAX_DEPTH, maxFields: MAX_FIELDS });
    if (broken !== undefined) {
      throw broken;
    }
    const found: FieldAt[] = [];
    collect(fields, '', found);
    return found;
  },
};

function decodeRaw(bytes: Uint8Array, limits: DecodeLimits): Decoded {
  const text = { shape: 'text', language: 'plaintext', markers: [] } as const;
  if (bytes.length === 0) {
    return { ...text, text: '', notes: ['The payload is empty.'] };
  }
  const maxDepth = Math.min(MAX_DEPTH, limits.maxDepth);
  const { fields, broken, stopped } = readRaw(bytes, { ...limits, maxDepth, maxFields: MAX_FIELDS });
  if (broken !== undefined && fields.length === 0) {
    return {
      shape: 'bytes',
      notes: [`This is not Protobuf: ${broken.message} (byte ${formatCount(broken.offset + 1)}).`],
    };
  }
  const lines: string[] = [];
  const room = { left: limits.maxTextLength };
  const isWhole = addLines(fields, '', lines, room);
  const notes = [NOTE];
  if (broken !== undefined) {
    notes.push(
      `From byte ${formatCount(broken.offset + 1)} on this is no Protobuf: ${broken.message}. Shown is what came before.`,
    );
  }
  if (stopped === 'items') {
    notes.push(`More than ${formatCount(MAX_FIELDS)} fields: the rest is left out.`);
  } else if (stopped === 'time') {
    notes.push('Reading it took too long: the rest is left out.');
  }
  if (!isWhole) {
    notes.push('Too long to show whole: the rest is left out.');
  }
  return { ...text, text: lines.join('\n'), notes };
}

/** False where there was no room for all. */
function addLines(
  fields: readonly RawField[],
  indent: string,
  lines: string[],
  room: { left: number },
): boolean {
  const add = (line: string) => {
    room.left -= line.length + 1;
    if (room.left >= 0) {
      lines.push(line);
    }
    return room.left >= 0;
  };
  for (const field of fields) {
    const { number, wire, value } = field;
    if (!isNested(value)) {
      if (!add(`${indent}${number}: ${valueText(value, wire)}${remark(field)}`)) {
        return false;
      }
      continue;
    }
    if (!add(`${indent}${number} {${wire === Wire.group ? '  # group' : ''}`)) {
      return false;
    }
    const isWhole = addLines(value, `${indent}  `, lines, room);
    lines.push(`${indent}}`);
    if (!isWhole) {
      return false;
    }
  }
  return true;
}

function isNested(value: RawField['value']): value is readonly RawField[] {
  return Array.isArray(value);
}

function valueText(value: Exclude<RawField['value'], readonly RawField[]>, wire: number): string {
  if (typeof value === 'bigint') {
    return wire === Wire.varint
      ? String(value)
      : `0x${value.toString(16).padStart(wire === Wire.fixed32 ? 8 : 16, '0')}`;
  }
  if (typeof value === 'string') {
    return JSON.stringify(value);
  }
  return `h'${hexDigits(value.subarray(0, MAX_BYTES))}${value.length > MAX_BYTES ? '…' : ''}'`;
}

/** What else a value may be: other readings of numbers, and how many bytes there are. */
function remark({ wire, value }: RawField): string {
  if (typeof value === 'string' || isNested(value)) {
    return '';
  }
  if (typeof value !== 'bigint') {
    return `  # ${formatBytes(value.length)}`;
  }
  const readings: string[] = [];
  if (wire === Wire.varint) {
    if (value >= 1n << 63n) {
      readings.push(`int64 ${BigInt.asIntN(64, value)}`);
    }
    if (value > 1n) {
      readings.push(`sint ${(value >> 1n) ^ -(value & 1n)}`);
    }
  } else {
    const isShort = wire === Wire.fixed32;
    readings.push(`${isShort ? 'float' : 'double'} ${floatOf(value, isShort)}`, `unsigned ${value}`);
    if (value >= 1n << (isShort ? 31n : 63n)) {
      readings.push(`signed ${BigInt.asIntN(isShort ? 32 : 64, value)}`);
    }
  }
  return readings.length === 0 ? '' : `  # ${readings.join(', ')}`;
}

function floatOf(value: bigint, isShort: boolean): number {
  const view = new DataView(new ArrayBuffer(8));
  if (isShort) {
    view.setUint32(0, Number(value));
    const single = view.getFloat32(0);
    return Number.isFinite(single) ? shortest(single) : single;
  }
  view.setBigUint64(0, value);
  return view.getFloat64(0);
}

function lineOf(fields: readonly RawField[], maxLength: number): string {
  let line = '';
  for (const { number, wire, value } of fields) {
    if (line.length > maxLength) {
      break;
    }
    const text = isNested(value) ? ` {${lineOf(value, maxLength)}}` : `: ${shortText(value, wire)}`;
    line += `${line === '' ? '' : ', '}${number}${text}`;
  }
  return line;
}

function shortText(value: Exclude<RawField['value'], readonly RawField[]>, wire: number): string {
  if (typeof value === 'bigint' && wire !== Wire.varint) {
    return String(floatOf(value, wire === Wire.fixed32));
  }
  return valueText(value, wire);
}

/** By the numbers on the way to them, those that come again counted: `3.1`, `4[1]`. Numbers of fixed length as floats. */
function collect(fields: readonly RawField[], path: string, out: FieldAt[]): void {
  const counts = new Map<number, number>();
  for (const { number } of fields) {
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const seen = new Map<number, number>();
  for (const { number, wire, value } of fields) {
    if (out.length >= MAX_VALUES) {
      return;
    }
    const index = seen.get(number) ?? 0;
    seen.set(number, index + 1);
    const at = `${path}${number}${(counts.get(number) ?? 0) > 1 ? `[${index}]` : ''}`;
    if (isNested(value)) {
      collect(value, `${at}.`, out);
    } else if (typeof value === 'bigint') {
      const small = Number(value);
      const whole = Number.isSafeInteger(small) ? small : value;
      out.push({ path: at, value: wire === Wire.varint ? whole : floatOf(value, wire === Wire.fixed32) });
    } else {
      out.push({ path: at, value: typeof value === 'string' ? value : valueText(value, wire) });
    }
  }
}
