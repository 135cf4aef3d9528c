import type { Codec } from './codec.ts';
import { PayloadError } from './payload-error.ts';
import { cutLine, EMPTY_PREVIEW, hexLine } from './preview.ts';
import { looksBinary } from './sample.ts';

/** The bytes themselves, in the hex grid. */
export const hexCodec: Codec = {
  id: 'hex',
  label: 'Hex',
  detect(bytes) {
    return looksBinary(bytes) ? 0.5 : 0.1;
  },
  preview(bytes, maxLength) {
    return cutLine(bytes.length === 0 ? EMPTY_PREVIEW : hexLine(bytes, maxLength), maxLength);
  },
  decode() {
    return { shape: 'bytes', notes: [] };
  },
  encode: encodeHex,
};

/**
 * Typed hex as bytes. Between bytes there may be white space, commas, colons, semicolons, hyphens, and `0x` before them:
 * `0a1b`, `0A 1B`, `0a:1b`, `0x0a, 0x1b`. Each byte has two digits; a failure names the place of the first that has not.
 */
export function encodeHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length >> 1);
  let length = 0;
  /** The first digit of a byte that has only one yet. */
  let high = -1;
  let highAt = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = hexDigit(code);
    if (digit >= 0) {
      if (high < 0) {
        high = digit;
        highAt = at;
      } else {
        bytes[length] = high * 16 + digit;
        length += 1;
        high = -1;
      }
    } else if (
      (code === 0x78 || code === 0x58) &&
      high === 0 &&
      highAt === at - 1 &&
      startsGroup(text, highAt)
    ) {
      if (hexDigit(text.charCodeAt(at + 1)) < 0) {
        throw badHex(text, at, '“0x” has no digits after it');
      }
      high = -1; // the `0x` before a byte
    } else if (!isSeparator(code)) {
      throw badHex(text, at, `“${String.fromCodePoint(text.codePointAt(at) ?? 0xfffd)}” is not a hex digit`);
    } else if (high >= 0) {
      break;
    }
  }
  if (high >= 0) {
    throw badHex(
      text,
      highAt,
      `“${text[highAt]}” stands alone: a byte has two digits`,
      `Write 0${text[highAt]}.`,
    );
  }
  return bytes.slice(0, length);
}

function badHex(text: string, at: number, what: string, hint?: string): PayloadError {
  return new PayloadError(
    'payload.hex',
    what,
    hint ?? 'Hex holds 0-9 and a-f, two digits for each byte.',
    text,
    at,
  );
}

function startsGroup(text: string, at: number): boolean {
  return at === 0 || isSeparator(text.charCodeAt(at - 1));
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) {
    return code - 0x30;
  }
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 && code < 0x80 ? lower - 0x57 : -1;
}

function isSeparator(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0x2c || // ,
    code === 0x3a || // :
    code === 0x3b || // ;
    code === 0x2d || // -
    code === 0xa0
  );
}
