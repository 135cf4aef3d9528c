import { formatBytes, formatCount, formatQuantity } from '../base/format.ts';
import { decodeCharset, guessCharset } from './charset.ts';
import type { Codec, DecodeLimits } from './codec.ts';
import { PayloadError } from './payload-error.ts';
import { cutLine, EMPTY_PREVIEW, textPreview } from './preview.ts';
import { looksBinary, sampleOf } from './sample.ts';
import { decodeStrictUtf8, decodeUtf8, findInvalidUtf8, utf8Boundary } from './utf8.ts';

const encoder = new TextEncoder();

/** The text of a payload, and what its reader must know about it. */
export interface ReadText {
  readonly text: string;
  readonly notes: readonly string[];
  /** False when the limit cut it. */
  readonly isWhole: boolean;
}

/**
 * Payload bytes as text within the limit, for the codecs that work on text. A byte order mark is taken off and named;
 * what is not UTF-8 becomes U+FFFD and is counted in a note.
 */
export function readText(bytes: Uint8Array, limits: Pick<DecodeLimits, 'maxTextLength'>): ReadText {
  const notes: string[] = [];
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (hasMark) {
    notes.push('Starts with a UTF-8 byte order mark (ef bb bf), which is not shown.');
  }
  const start = hasMark ? 3 : 0;
  const body = bytes.subarray(start);
  const length = utf8Boundary(body, limits.maxTextLength);
  const shown = body.subarray(0, length);
  const isWhole = length === body.length;
  if (!isWhole) {
    notes.push(cutNote(start + length, bytes.length));
  }
  const strict = decodeStrictUtf8(shown);
  if (strict !== undefined) {
    return { text: strict, notes, isWhole };
  }
  const invalid = findInvalidUtf8(shown);
  if (invalid !== undefined) {
    const where = `byte ${formatCount(start + invalid.first)}`;
    notes.push(
      invalid.count === 1
        ? `Not UTF-8 at ${where}: shown as �.`
        : `Not UTF-8 at ${formatQuantity(invalid.count, 'place')}, the first at ${where}: shown as �.`,
    );
  }
  return { text: decodeUtf8(shown), notes, isWhole };
}

/** `64 KB of 1.2 MB shown.` with the exact numbers, so that nothing is cut silently. */
export function cutNote(shownBytes: number, allBytes: number): string {
  const exact = `${formatCount(shownBytes)} of ${formatCount(allBytes)} bytes`;
  return `${formatBytes(shownBytes)} of ${formatBytes(allBytes)} shown (${exact}). Save the payload to see all of it.`;
}

/** Text as UTF-8. Half a surrogate pair has no UTF-8 form and is refused with its place. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) {
    const at = text.search(/\p{Cs}/u);
    throw new PayloadError(
      'payload.text',
      'UTF-8 cannot express half of a surrogate pair',
      'Delete the character, or send the bytes as Hex.',
      text,
      at,
    );
  }
  return encoder.encode(text);
}

/** Confidence from which on bytes that look binary are taken as text in another charset. */
const MIN_CONFIDENCE = 25;

/**
 * Plain text, exactly as sent: in UTF-8, or in the charset that it looks like where it cannot be UTF-8. Others are
 * chosen by hand; see `charset-codec.ts`.
 */
export const textCodec: Codec = {
  id: 'text',
  label: 'Text',
  detect(bytes, context) {
    if (looksBinary(bytes)) {
      return isOtherCharset(bytes) ? 0.55 : 0.05;
    }
    if (context.payloadIsUtf8 === true || context.contentType?.startsWith('text/') === true) {
      return 0.7;
    }
    return 0.6;
  },
  preview(bytes, maxLength) {
    return bytes.length === 0 ? cutLine(EMPTY_PREVIEW, maxLength) : textPreview(bytes, maxLength);
  },
  decode(bytes, limits) {
    const { text, notes } = readGuessed(bytes, limits) ?? readText(bytes, limits);
    return {
      shape: 'text',
      text,
      language: 'plaintext',
      markers: [],
      notes: [...notes, ...hiddenNotes(text)],
    };
  },
  encode: encodeText,
};

/** Short text with a letter that is not ASCII: `21 °C`. */
function isMostlyAscii(sample: Uint8Array): boolean {
  const others = sample.reduce((count, byte) => (byte >= 0x80 ? count + 1 : count), 0);
  return others * 2 < sample.length && !sample.some(isControl);
}

function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13);
}

/** Long enough to tell, without controls, and with the letters of a language. */
function isOtherCharset(bytes: Uint8Array): boolean {
  const sample = sampleOf(bytes);
  return (
    sample.length >= 32 &&
    !sample.some(isControl) &&
    (guessCharset(sample)?.confidence ?? 0) >= MIN_CONFIDENCE
  );
}

/** The text in the charset that it looks like; `undefined` for UTF-8, and for what is no text at all. */
function readGuessed(bytes: Uint8Array, limits: Pick<DecodeLimits, 'maxTextLength'>): ReadText | undefined {
  const sample = sampleOf(bytes);
  const invalid = findInvalidUtf8(sample, { mayBeCut: sample.length < bytes.length });
  const isText = !looksBinary(bytes) || isMostlyAscii(sample) || isOtherCharset(bytes);
  if (invalid === undefined || !isText) {
    return undefined;
  }
  const guess = guessCharset(bytes);
  if (guess === undefined) {
    return undefined;
  }
  const { text, read } = decodeCharset(bytes, guess.charset.label, limits.maxTextLength);
  const isWhole = read === bytes.length;
  return {
    text,
    notes: [
      `Not UTF-8 at byte ${formatCount(invalid.first)}: read as ${guess.charset.name}, a guess. “View as” has other charsets.`,
      ...(isWhole ? [] : [cutNote(read, bytes.length)]),
    ],
    isWhole,
  };
}

/** Warns of characters that change the order on screen; the text itself stays as it is. */
export function hiddenNotes(text: string): string[] {
  const at = text.search(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  if (at < 0) {
    return [];
  }
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return [
    `Holds marks of text direction (the first is U+${code}): the order on screen may differ from the bytes.`,
  ];
}
