import { formatQuantity } from '../base/format.ts';
import { type Charset, charsets, decodeCharset } from './charset.ts';
import type { Codec } from './codec.ts';
import { cutLine, EMPTY_PREVIEW } from './preview.ts';
import { PREVIEW_BYTES, sampleOf } from './sample.ts';
import { cutNote, hiddenNotes } from './text.ts';
import { visibleText } from './visible-text.ts';

/** What the ids of these codecs begin with: `text:windows-1251`. They are given bytes in the charset they came in. */
export const CHARSET_PREFIX = 'text:';

/** Text in a charset that is chosen by hand, never found by itself. */
export const charsetCodecs: readonly Codec[] = charsets.map(createCharsetCodec);

function createCharsetCodec({ label, name }: Charset): Codec {
  return {
    id: `${CHARSET_PREFIX}${label}`,
    label: `Text, ${name}`,
    detect: () => 0,
    preview(bytes, maxLength, size = bytes.length) {
      if (size === 0) {
        return cutLine(EMPTY_PREVIEW, maxLength);
      }
      const { text } = decodeCharset(sampleOf(bytes, PREVIEW_BYTES), label, 4 * maxLength + 4);
      return cutLine(visibleText(text), maxLength, size > bytes.length || bytes.length > 4 * maxLength + 4);
    },
    decode(bytes, limits) {
      const { text, read } = decodeCharset(bytes, label, limits.maxTextLength);
      const damaged = text.split('\ufffd').length - 1;
      return {
        shape: 'text',
        text,
        language: 'plaintext',
        markers: [],
        notes: [
          ...(read < bytes.length ? [cutNote(read, bytes.length)] : []),
          ...(damaged === 0 ? [] : [`Not ${name} at ${formatQuantity(damaged, 'place')}: shown as �.`]),
          ...hiddenNotes(text),
        ],
      };
    },
  };
}
