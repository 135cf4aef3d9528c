import { analyse } from 'chardet';
import { sampleOf } from './sample.ts';
import { findInvalidUtf8 } from './utf8.ts';

/** A way to write text as bytes, by its label in the WHATWG Encoding standard, which every host decodes. */
export interface Charset {
  readonly label: string;
  readonly name: string;
}

/** What can be chosen, in the order in which it is offered. */
export const charsets: readonly Charset[] = [
  { label: 'utf-8', name: 'UTF-8' },
  { label: 'utf-16le', name: 'UTF-16 LE' },
  { label: 'utf-16be', name: 'UTF-16 BE' },
  { label: 'windows-1252', name: 'Western (Windows-1252)' },
  { label: 'iso-8859-15', name: 'Western (ISO-8859-15)' },
  { label: 'macintosh', name: 'Western (Macintosh)' },
  { label: 'windows-1250', name: 'Central European (Windows-1250)' },
  { label: 'iso-8859-2', name: 'Central European (ISO-8859-2)' },
  { label: 'windows-1251', name: 'Cyrillic (Windows-1251)' },
  { label: 'iso-8859-5', name: 'Cyrillic (ISO-8859-5)' },
  { label: 'koi8-r', name: 'Cyrillic (KOI8-R)' },
  { label: 'koi8-u', name: 'Cyrillic (KOI8-U)' },
  { label: 'ibm866', name: 'Cyrillic (IBM866)' },
  { label: 'windows-1253', name: 'Greek (Windows-1253)' },
  { label: 'iso-8859-7', name: 'Greek (ISO-8859-7)' },
  { label: 'windows-1254', name: 'Turkish (Windows-1254)' },
  { label: 'windows-1255', name: 'Hebrew (Windows-1255)' },
  { label: 'iso-8859-8', name: 'Hebrew (ISO-8859-8)' },
  { label: 'windows-1256', name: 'Arabic (Windows-1256)' },
  { label: 'iso-8859-6', name: 'Arabic (ISO-8859-6)' },
  { label: 'windows-1257', name: 'Baltic (Windows-1257)' },
  { label: 'windows-1258', name: 'Vietnamese (Windows-1258)' },
  { label: 'windows-874', name: 'Thai (Windows-874)' },
  { label: 'gb18030', name: 'Chinese (GB18030)' },
  { label: 'big5', name: 'Chinese (Big5)' },
  { label: 'shift_jis', name: 'Japanese (Shift_JIS)' },
  { label: 'euc-jp', name: 'Japanese (EUC-JP)' },
  { label: 'iso-2022-jp', name: 'Japanese (ISO-2022-JP)' },
  { label: 'euc-kr', name: 'Korean (EUC-KR)' },
];

const byLabel = new Map(charsets.map((charset) => [charset.label, charset]));

/** Names that stand for a label of the standard (Encoding, section 4.2), as declarations and guesses use them. */
const aliases: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  ascii: 'windows-1252',
  'us-ascii': 'windows-1252',
  latin1: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  sjis: 'shift_jis',
};

/** The charset of a name in any case; `undefined` for one that is not offered. */
export function charsetOf(name: string): Charset | undefined {
  const label = name.trim().toLowerCase();
  return byLabel.get(aliases[label] ?? label);
}

/** Text in UTF-16 that says so with its byte order mark, and whose beginning has nothing that no text has. */
export function utf16ByMark(bytes: Uint8Array): Charset | undefined {
  const [first, second] = bytes;
  const label =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined;
  if (label === undefined || bytes.length % 2 !== 0) {
    return undefined;
  }
  const sample = sampleOf(bytes);
  const text = decodeCharset(sample.subarray(0, sample.length - (sample.length % 2)), label).text;
  return /[^\t\n\r\P{C}\p{Cf}]/u.test(text.replace(/[\ud800-\udbff]$/, '')) ? undefined : byLabel.get(label);
}

/** What the XML declaration names (XML 1.0, section 4.3.3), where it is not UTF-8. */
export function charsetOfXml(bytes: Uint8Array): Charset | undefined {
  if (bytes[0] !== 0x3c || bytes[1] !== 0x3f) {
    return undefined;
  }
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const [, name = ''] = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(head) ?? [];
  const charset = charsetOf(name);
  // A declaration that can be read as ASCII is not in UTF-16, whatever it says.
  return charset === undefined || charset.label.startsWith('utf-') ? undefined : charset;
}

/** A guess from how often bytes stand beside each other. */
export interface CharsetGuess {
  readonly charset: Charset;
  /** 0 to 100. */
  readonly confidence: number;
}

/** Bytes from which on a guess is worth something. */
const MIN_GUESS_BYTES = 32;
const westernGuess: CharsetGuess = {
  charset: { label: 'windows-1252', name: 'Windows-1252' },
  confidence: 0,
};

/**
 * The charset of text that is not UTF-8; `undefined` where it is UTF-8 with some damage. Looks at the first kilobytes.
 * Of little text nothing can be told: it is taken as Western.
 */
export function guessCharset(bytes: Uint8Array): CharsetGuess | undefined {
  const sample = sampleOf(bytes);
  if (hasUtf8Letters(sample)) {
    return undefined;
  }
  if (sample.length < MIN_GUESS_BYTES) {
    return westernGuess;
  }
  for (const { name, confidence } of analyse(sample)) {
    const charset = charsetOf(name);
    if (charset !== undefined && !charset.label.startsWith('utf-')) {
      return confidence < 20 ? westernGuess : { charset, confidence };
    }
  }
  return westernGuess;
}

/** Whether at least as many letters of several bytes are whole in UTF-8 as are broken. */
function hasUtf8Letters(sample: Uint8Array): boolean {
  const broken = findInvalidUtf8(sample, { mayBeCut: true })?.count ?? 0;
  let whole = 0;
  for (let at = 0; at < sample.length; at++) {
    const lead = sample[at] ?? 0;
    if (lead >= 0xc2 && lead <= 0xf4) {
      const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      if (at + length <= sample.length && findInvalidUtf8(sample.subarray(at, at + length)) === undefined) {
        whole += 1;
        at += length - 1;
      }
    }
  }
  return whole > 0 && whole >= broken;
}

/** Bytes as text of at most `maxLength` UTF-16 units, and how many of the bytes these are. */
export function decodeCharset(
  bytes: Uint8Array,
  label: string,
  maxLength = Number.POSITIVE_INFINITY,
): { readonly text: string; readonly read: number } {
  // No charset of the list makes more units than it has bytes.
  const length = Math.min(bytes.length, maxLength);
  const isWhole = length === bytes.length;
  const decoder = new TextDecoder(label);
  // What is cut within a character is left out, and not shown as damage.
  const text = decoder.decode(isWhole ? bytes : bytes.subarray(0, length), { stream: !isWhole });
  return { text, read: length };
}
