import { decodeStrictUtf8 } from '../payload/utf8.ts';
import { replaceHidden } from './hidden-text.ts';

/** A text as a string literal of JavaScript: JSON, with all that is not seen escaped. */
export function jsString(text: string): string {
  return replaceHidden(JSON.stringify(text), (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** Bytes as an expression of JavaScript: text where they are text. */
export function jsBytes(bytes: Uint8Array): string {
  const text = decodeStrictUtf8(bytes);
  return text === undefined || /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)
    ? `Buffer.from('${base64(bytes)}', 'base64')`
    : jsString(text);
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

/** Bytes in base64, on one line. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
