import { formatCount } from '../base/format.ts';
import type { Codec } from './codec.ts';
import { PayloadError } from './payload-error.ts';
import { cutLine, EMPTY_PREVIEW } from './preview.ts';
import { cutNote } from './text.ts';

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PAD = 0x3d;
const decoder = new TextDecoder();
/** Value of each character of both alphabets of RFC 4648 (sections 4 and 5); 255: none. */
const values = new Uint8Array(128).fill(255);
for (const [value, code] of alphabet.entries()) {
  values[code] = value;
}
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** 57 bytes make a line of 76 characters, as in MIME (RFC 2045, section 6.8). */
const LINE_BYTES = 57;

/** The bytes as Base64 text, for copying into places that take only text. */
export const base64Codec: Codec = {
  id: 'base64',
  label: 'Base64',
  detect: () => 0.01,
  preview(bytes, maxLength) {
    if (bytes.length === 0) {
      return cutLine(EMPTY_PREVIEW, maxLength);
    }
    const shown = bytes.subarray(0, Math.ceil(maxLength / 4) * 3 + 3);
    return cutLine(base64Lines(shown, shown.length), maxLength, shown.length < bytes.length);
  },
  decode(bytes, limits) {
    // 77 characters with the line end for 57 bytes.
    const whole = Math.max(LINE_BYTES, Math.floor(limits.maxTextLength / 77) * LINE_BYTES);
    const shown = bytes.length > whole ? bytes.subarray(0, whole) : bytes;
    return {
      shape: 'text',
      text: base64Lines(shown, LINE_BYTES),
      language: 'plaintext',
      markers: [],
      notes: shown.length < bytes.length ? [cutNote(shown.length, bytes.length)] : [],
    };
  },
  encode: encodeBase64,
};

/** Bytes as Base64 in one line (RFC 4648, section 4). */
export function base64Text(bytes: Uint8Array): string {
  return base64Lines(bytes, bytes.length);
}

/** Bytes as Base64 with a line feed after each `lineBytes` bytes, which must be a multiple of 3 (or all of them). */
function base64Lines(bytes: Uint8Array, lineBytes: number): string {
  const lines = Math.ceil(bytes.length / Math.max(1, lineBytes));
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4 + Math.max(0, lines - 1));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    if (i > 0 && i % lineBytes === 0) {
      out[at++] = 0x0a;
    }
    const left = bytes.length - i;
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    out[at++] = alphabet[a >> 2] ?? 0;
    out[at++] = alphabet[((a & 3) << 4) | (b >> 4)] ?? 0;
    out[at++] = left > 1 ? (alphabet[((b & 15) << 2) | (c >> 6)] ?? 0) : PAD;
    out[at++] = left > 2 ? (alphabet[c & 63] ?? 0) : PAD;
  }
  return decoder.decode(out);
}

/**
 * Typed Base64 as bytes: both alphabets, white space anywhere, padding optional.
 * A failure names the place of the first character that does not belong.
 */
export function encodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let digits = 0;
  let bits = 0;
  let padding = 0;
  let last = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      continue;
    }
    last = at;
    if (code === PAD) {
      padding += 1;
      if (padding > 2 || digits % 4 < 2 || (digits % 4) + padding > 4) {
        throw badBase64(text, at, '“=” may only fill up the last group of four');
      }
      continue;
    }
    const value = code < 128 ? (values[code] ?? 255) : 255;
    if (value === 255) {
      throw badBase64(
        text,
        at,
        `“${String.fromCodePoint(text.codePointAt(at) ?? 0xfffd)}” is not a Base64 character`,
      );
    }
    if (padding > 0) {
      throw badBase64(text, at, `Nothing may follow the “=” at the end`);
    }
    bits = ((bits << 6) | value) & 0xffffff;
    digits += 1;
    switch (digits % 4) {
      case 0:
        bytes[length++] = bits & 255;
        break;
      case 2:
        bytes[length++] = (bits >> 4) & 255;
        break;
      case 3:
        bytes[length++] = (bits >> 2) & 255;
        break;
      default:
        break;
    }
  }
  if (digits % 4 === 1) {
    throw badBase64(text, last, `One character is left over after ${formatCount(digits - 1)}`);
  }
  if (padding > 0 && (digits + padding) % 4 !== 0) {
    throw badBase64(text, last, 'The “=” do not fill up the last group of four');
  }
  return bytes.slice(0, length);
}

function badBase64(text: string, at: number, what: string): PayloadError {
  const hint = 'Base64 holds A-Z, a-z, 0-9, + and / (or - and _), in groups of four.';
  return new PayloadError('payload.base64', what, hint, text, at);
}
