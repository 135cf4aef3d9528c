import { encodeHex } from '#app/payload/hex.ts';
import { encodeText } from '#app/payload/text.ts';
import { decodeStrictUtf8 } from '#app/payload/utf8.ts';
import { toAsciiText, toHexText } from '#renderer/ui/hex-geometry.ts';
import type { HexSide } from './hex-keys.ts';

/** Selected bytes for the clipboard: as hex, or as the text that they are; what is none, as it is shown. */
export function copiedText(bytes: Uint8Array, side: HexSide): string {
  return side === 'hex' ? toHexText(bytes) : (decodeStrictUtf8(bytes) ?? toAsciiText(bytes));
}

/**
 * What is pasted as bytes: hex where it is some, else text in UTF-8. `undefined` where the clipboard holds no text, but a
 * file or an image: nothing is to take the place of the selection then.
 */
export function pastedBytes(text: string, side: HexSide): Uint8Array | undefined {
  if (text === '') {
    return undefined;
  }
  if (side === 'hex') {
    try {
      return encodeHex(text);
    } catch {
      // It is text.
    }
  }
  return encodeText(text);
}
