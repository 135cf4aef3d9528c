import type { Field, MessageType } from './link.ts';

/** Seconds since the epoch of the years 1 and 10000, the bounds of a Timestamp. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
/** Seconds of a Duration at most, either way: ten thousand years. */
const MAX_DURATION = 315_576_000_000n;
const MAX_NANOS = 999_999_999n;

const wrappers: ReadonlySet<string> = new Set(
  ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (name) => `google.protobuf.${name}Value`,
  ),
);

/** The one field of a message that is nothing but a value that may be absent. */
export function wrapperField(type: MessageType): Field | undefined {
  return wrappers.has(type.name) ? type.byNumber.get(1) : undefined;
}

/** `2026-11-23T15:00:00.5Z`; `undefined` where it is no moment that can be written so. */
export function timestampText(seconds: bigint, nanos: bigint): string | undefined {
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0n || nanos > MAX_NANOS) {
    return undefined;
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction(nanos)}Z`;
}

/** `-1.5s`; `undefined` where it is no time that can be written so. */
export function durationText(seconds: bigint, nanos: bigint): string | undefined {
  const isMixed = (seconds > 0n && nanos < 0n) || (seconds < 0n && nanos > 0n);
  if (isMixed || abs(seconds) > MAX_DURATION || abs(nanos) > MAX_NANOS) {
    return undefined;
  }
  return `${seconds < 0n || nanos < 0n ? '-' : ''}${abs(seconds)}${fraction(abs(nanos))}s`;
}

/** The seconds and nanoseconds of an RFC 3339 text; `undefined` where it is none. */
export function timestampOf(text: string): readonly [seconds: bigint, nanos: bigint] | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, whole = '', part = '', zone = ''] = match;
  const at = Date.parse(`${whole}${zone}`);
  const seconds = Number.isNaN(at) ? undefined : BigInt(at) / 1000n;
  return seconds === undefined || seconds < FIRST_SECOND || seconds > LAST_SECOND
    ? undefined
    : [seconds, BigInt(part.padEnd(9, '0'))];
}

/** The seconds and nanoseconds of a text like `-1.5s`; `undefined` where it is none. */
export function durationOf(text: string): readonly [seconds: bigint, nanos: bigint] | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign = '', whole = '', part = ''] = match;
  const [seconds, nanos] = [BigInt(whole), BigInt(part.padEnd(9, '0'))];
  return seconds > MAX_DURATION ? undefined : sign === '' ? [seconds, nanos] : [-seconds, -nanos];
}

/** Nothing, or three, six or nine digits behind a point. */
function fraction(nanos: bigint): string {
  if (nanos === 0n) {
    return '';
  }
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
