import type { Node } from 'jsonc-parser';
import { FailureError } from '../../contract/failure.ts';
import { encodeBase64 } from '../base64.ts';
import { type DataTypeName, dataTypeNames } from './data-types.ts';
import type { JsonSource } from './json-source.ts';
import type { RawValue } from './message-types.ts';
import { arrayBytes } from './write-array.ts';

const ranges: Partial<Readonly<Record<DataTypeName, readonly [bigint, bigint]>>> = {
  Int8: [-(1n << 7n), (1n << 7n) - 1n],
  Int16: [-(1n << 15n), (1n << 15n) - 1n],
  Int32: [-(1n << 31n), (1n << 31n) - 1n],
  Int64: [-(1n << 63n), (1n << 63n) - 1n],
  UInt8: [0n, (1n << 8n) - 1n],
  UInt16: [0n, (1n << 16n) - 1n],
  UInt32: [0n, (1n << 32n) - 1n],
  UInt64: [0n, (1n << 64n) - 1n],
};
/** Whole numbers that travel as a uint32; the others as a uint64, also UInt32, as all implementations have it. */
const narrow: ReadonlySet<DataTypeName> = new Set(['Int8', 'Int16', 'Int32', 'UInt8', 'UInt16']);
const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_FLOAT = 3.4028234663852886e38;
const ISO = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/;

/** The types of single values. */
export function isScalarType(type: DataTypeName): boolean {
  const number = dataTypeNames.indexOf(type);
  return number >= 1 && number <= 15;
}

/** A single value by its data type. `what` names it: `Metric “a”: the value`. Throws `payload.sparkplug`. */
export function scalarValue(source: JsonSource, node: Node, type: DataTypeName, what: string): RawValue {
  switch (type) {
    case 'Float':
    case 'Double':
      return {
        kind: type === 'Float' ? 'float' : 'double',
        value: realNumber(source, node, type, what),
      };
    case 'Boolean':
      return { kind: 'boolean', value: truthValue(source, node, what) };
    case 'String':
    case 'Text':
    case 'UUID':
      return { kind: 'string', value: textValue(source, node, what) };
    case 'DateTime':
      return { kind: 'long', value: timeValue(source, node, what) };
    default: {
      const value = rangedNumber(source, node, type, what);
      return narrow.has(type)
        ? { kind: 'int', value: BigInt.asUintN(32, value) }
        : { kind: 'long', value: BigInt.asUintN(64, value) };
    }
  }
}

/** A single value whose type nothing says: as its JSON says it. */
export function untypedValue(source: JsonSource, node: Node, what: string): RawValue {
  switch (node.type) {
    case 'boolean':
      return { kind: 'boolean', value: truthValue(source, node, what) };
    case 'string':
      return { kind: 'string', value: textValue(source, node, what) };
    case 'number': {
      const value = wholeOf(source, node);
      if (value === undefined) {
        return { kind: 'double', value: realNumber(source, node, 'Double', what) };
      }
      if (value < 0n || value > MAX_UINT64) {
        throw source.wrong(node, `${what} needs a “type”, such as "Int32", to be below 0 or that large`);
      }
      return { kind: 'long', value };
    }
    default:
      throw source.wrong(node, `${what} needs a “type”`);
  }
}

/** The items of one of the array types, as bytes. */
export function arrayValue(source: JsonSource, node: Node, type: DataTypeName, what: string): RawValue {
  if (node.type !== 'array') {
    throw source.wrong(node, `${what} has to be a list (${type})`);
  }
  const of = dataTypeNames.find((name) => `${name}Array` === type) ?? 'Unknown';
  const items = (node.children ?? []).map((item, index) => {
    const place = `${what}, item ${index + 1},`;
    switch (of) {
      case 'Float':
      case 'Double':
        return realNumber(source, item, of, place);
      case 'Boolean':
        return truthValue(source, item, place);
      case 'DateTime':
        return timeValue(source, item, place);
      case 'String': {
        const text = textValue(source, item, place);
        if (text.includes('\0')) {
          throw source.wrong(item, `${place} can’t hold a zero: that ends a text in a StringArray`);
        }
        return text;
      }
      default:
        return rangedNumber(source, item, of, place);
    }
  });
  return { kind: 'bytes', value: arrayBytes(of, items) };
}

/** Bytes of Base64. */
export function bytesValue(source: JsonSource, node: Node, what: string): Uint8Array {
  const text = textValue(source, node, what);
  try {
    return encodeBase64(text);
  } catch (error) {
    throw error instanceof FailureError ? source.wrong(node, `${what} has to be bytes in Base64`) : error;
  }
}

/** A text that UTF-8 can express. */
export function textValue(source: JsonSource, node: Node, what: string): string {
  if (node.type !== 'string') {
    throw source.wrong(node, `${what} has to be a text in quotes`);
  }
  const text: string = node.value;
  if (!text.isWellFormed()) {
    throw source.wrong(node, `${what} holds half of a surrogate pair, which UTF-8 can’t express`);
  }
  return text;
}

/** `true` or `false`. */
export function truthValue(source: JsonSource, node: Node, what: string): boolean {
  if (node.type !== 'boolean') {
    throw source.wrong(node, `${what} has to be true or false`);
  }
  return node.value === true;
}

/** A whole number from 0 up to what 64 bits hold. */
export function unsigned(source: JsonSource, node: Node, what: string): bigint {
  return rangedNumber(source, node, 'UInt64', what);
}

/** Milliseconds since the epoch, of a time in ISO 8601 or a number. */
export function timeValue(source: JsonSource, node: Node, what: string): bigint {
  const time = node.type === 'string' && isDay(node.value) ? Date.parse(node.value) : Number.NaN;
  if (time >= 0) {
    return BigInt(time);
  }
  const value = wholeOf(source, node);
  if (value === undefined || value < 0n || value > MAX_UINT64) {
    throw source.wrong(
      node,
      `${what} has to be a time since 1970, such as "2026-01-02T03:04:05.678Z", or milliseconds`,
    );
  }
  return value;
}

/** Whether a time is written in ISO 8601, of a day that there is: February 30 would be taken for March 2. */
function isDay(text: string): boolean {
  const [, year, month, day] = ISO.exec(text) ?? [];
  return day !== undefined && Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

function rangedNumber(source: JsonSource, node: Node, type: DataTypeName, what: string): bigint {
  const value = wholeOf(source, node);
  const [least, most] = ranges[type] ?? [0n, MAX_UINT64];
  if (value === undefined || value < least || value > most) {
    throw source.wrong(node, `${what} has to be a whole number from ${least} to ${most} (${type})`);
  }
  return value;
}

/** Also of a text, as many write numbers of 64 bits. */
function wholeOf(source: JsonSource, node: Node): bigint | undefined {
  const written = node.type === 'number' ? source.written(node) : node.type === 'string' ? node.value : '';
  if (/^-?\d{1,20}$/.test(written)) {
    return BigInt(written);
  }
  return node.type === 'number' && Number.isSafeInteger(node.value) ? BigInt(node.value) : undefined;
}

function realNumber(source: JsonSource, node: Node, type: 'Float' | 'Double', what: string): number {
  const isWord = node.type === 'string' && /^(?:NaN|-?Infinity)$/.test(node.value);
  const value = node.type === 'number' || isWord ? Number(node.value) : undefined;
  if (value === undefined) {
    throw source.wrong(node, `${what} has to be a number, or "NaN", "Infinity" or "-Infinity" (${type})`);
  }
  if (!isWord && Math.abs(value) > (type === 'Float' ? MAX_FLOAT : Number.MAX_VALUE)) {
    throw source.wrong(node, `${what} is too large (${type})`);
  }
  return value;
}
