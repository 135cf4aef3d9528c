import { formatBytes } from '../base/format.ts';
import { base64Text, encodeBase64 } from './base64.ts';
import type { Codec, Decoded, PayloadContext } from './codec.ts';
import { PayloadError } from './payload-error.ts';
import { hexLine, textPreview } from './preview.ts';
import { cutNote, readText } from './text.ts';
import { decodeUtf8 } from './utf8.ts';

/** Bytes in a line of what is shown as hex. */
const LINE_BYTES = 16;
/** `00000000  ` and `0a ` for each byte and the line end. */
const LINE_LENGTH = 10 + 3 * LINE_BYTES + 1;

/**
 * Base64 text by what is inside it, as `detect` finds it. Never chosen by itself: many a word is Base64 by chance. Of a
 * `data:` URL (RFC 2397) the part behind the comma is taken.
 */
export function createUnbase64Codec(detect: (bytes: Uint8Array, context: PayloadContext) => Codec): Codec {
  const unpack = (bytes: Uint8Array) => {
    const text = decodeUtf8(bytes);
    // The places of errors are those of the whole text.
    const inner = encodeBase64(
      text.replace(/^\s*data:[^,]{0,200};base64,/i, ({ length }) => ' '.repeat(length)),
    );
    return { inner, codec: detect(inner, { topic: '' }) };
  };
  return {
    id: 'unbase64',
    label: 'From Base64',
    detect: () => 0,
    preview(bytes, maxLength) {
      try {
        // Whole groups of four, so that the beginning can be read by itself.
        const text = decodeUtf8(bytes).replaceAll(/\s/g, '');
        const { inner, codec } = unpack(
          new TextEncoder().encode(text.slice(0, text.length - (text.length % 4))),
        );
        return codec.preview(inner, maxLength);
      } catch {
        return textPreview(bytes, maxLength);
      }
    },
    decode(bytes, limits, context): Decoded {
      const { text, isWhole, notes } = readText(bytes, limits);
      if (!isWhole) {
        return { shape: 'text', text, language: 'plaintext', markers: [], notes };
      }
      const unpacked = attempt(() => unpack(bytes));
      if (unpacked instanceof PayloadError) {
        const { offset, length, message } = unpacked;
        return { shape: 'text', text, language: 'plaintext', markers: [{ offset, length, message }], notes };
      }
      const { inner, codec } = unpacked;
      const decoded = codec.decode(inner, limits, context);
      const chain = `Base64 → ${codec.label}, ${formatBytes(bytes.length)} → ${formatBytes(inner.length)}`;
      if (decoded.shape === 'text') {
        return { ...decoded, notes: [chain, ...decoded.notes] };
      }
      if (decoded.shape === 'image') {
        return { ...decoded, base64: base64Text(inner), notes: [chain, ...decoded.notes] };
      }
      const shown = inner.subarray(0, Math.floor(limits.maxTextLength / LINE_LENGTH) * LINE_BYTES);
      return {
        shape: 'text',
        text: hexLines(shown),
        language: 'plaintext',
        markers: [],
        notes: [
          chain,
          ...decoded.notes,
          ...(shown.length < inner.length ? [cutNote(shown.length, inner.length)] : []),
        ],
      };
    },
    fields(bytes, limits, options, context) {
      const { inner, codec } = unpack(bytes);
      return codec.fields?.(inner, limits, options, context) ?? [];
    },
  };
}

function attempt<T>(action: () => T): T | PayloadError {
  try {
    return action();
  } catch (error) {
    if (error instanceof PayloadError) {
      return error;
    }
    throw error;
  }
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    lines.push(
      `${at.toString(16).padStart(8, '0')}  ${hexLine(bytes.subarray(at, at + LINE_BYTES), 3 * LINE_BYTES)}`,
    );
  }
  return lines.join('\n');
}
