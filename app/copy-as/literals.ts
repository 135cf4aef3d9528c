import { decodeUtf8 } from './utf8-text.ts';

/** A text as a string literal of JavaScript: JSON, with the line separators that old engines end a line at escaped. */
export function jsString(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Bytes as an expression of JavaScript: text where they are text. */
export function jsBytes(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  return text === undefined ? `Buffer.from('${base64(bytes)}', 'base64')` : jsString(text);
}

/** A text as a string literal of Python 3. */
export function pyString(text: string): string {
  let literal = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') {
      literal += `\\${character}`;
    } else if (code >= 0x20 && code < 0x7f) {
      literal += character;
    } else if (code > 0xffff) {
      literal += `\\U${code.toString(16).padStart(8, '0')}`;
    } else if (code > 0xff) {
      literal += `\\u${code.toString(16).padStart(4, '0')}`;
    } else {
      literal += `\\x${code.toString(16).padStart(2, '0')}`;
    }
  }
  return `${literal}"`;
}

/** Bytes as a bytes literal of Python 3. */
export function pyBytes(bytes: Uint8Array): string {
  let literal = 'b"';
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    literal += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${literal}"`;
}

/**
 * Bytes as a string literal of C++. Octal escapes have three digits, so that no digit after them joins in; `?` is escaped
 * for the sake of trigraphs.
 */
export function cString(bytes: Uint8Array): string {
  let literal = '"';
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
    literal += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `${literal}"`;
}

/** A text as a string literal of C++, in UTF-8. */
export function cText(text: string): string {
  return cString(new TextEncoder().encode(text));
}

/** A word that a POSIX shell takes as it is. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Three octal digits are what every `printf` knows; printable characters stay, but a `-` at the front would be an option. */
export function printfFormat(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isOption = text === '' && byte === 0x2d;
    const isPlain =
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x25 && !isOption;
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
