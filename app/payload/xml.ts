import { formatCount } from '../base/format.ts';
import type { Codec, PayloadContext } from './codec.ts';
import { PayloadError } from './payload-error.ts';
import { collapsedPreview, cutLine, EMPTY_PREVIEW } from './preview.ts';
import { contentStart, looksBinary, sampleOf } from './sample.ts';
import { encodeText, readText } from './text.ts';
import { decodeUtf8 } from './utf8.ts';
import { checkXml } from './xml-check.ts';
import { xmlFields } from './xml-fields.ts';
import { formatXml } from './xml-format.ts';

/** A declaration, comment, DTD or tag; HTML says that it is none of ours. */
const xmlStart =
  /^<(?:\?xml[\s?]|!--|!DOCTYPE\s(?!html\b)|(?!html[\s>])[\p{L}_:][\p{L}\p{N}_.:-]*(?:[\s/>]|$))/iu;

/** XML, laid out by its tokens; see {@link formatXml}. */
export const xmlCodec: Codec = {
  id: 'xml',
  label: 'XML',
  detect(bytes, context) {
    const sample = sampleOf(bytes);
    const start = contentStart(sample);
    if (sample[start] !== 0x3c || looksBinary(bytes)) {
      return 0;
    }
    if (xmlStart.test(decodeUtf8(sample.subarray(start, start + 200)))) {
      return 0.9;
    }
    return isXmlType(context) ? 0.8 : 0.02;
  },
  preview(bytes, maxLength) {
    return bytes.length === 0 ? cutLine(EMPTY_PREVIEW, maxLength) : collapsedPreview(bytes, maxLength);
  },
  decode(bytes, limits) {
    if (bytes.length === 0) {
      return { shape: 'text', text: '', language: 'xml', markers: [], notes: ['The payload is empty.'] };
    }
    const read = readText(bytes, limits);
    const notes = [...read.notes];
    const { problem, isChecked } = checkXml(read.text, limits.isOver);
    if (!isChecked) {
      notes.push('Checking it took too long: it may hold errors that are not marked.');
    }
    const formatted = formatXml(read.text, limits, problem?.offset);
    if (formatted.outcome === 'timeout') {
      notes.push('Laying it out took too long: the rest is shown as it came.');
    } else if (formatted.outcome === 'long') {
      notes.push('Laid out, it would be too long to show: shown as it came.');
    } else if (formatted.depth >= limits.maxDepth) {
      notes.push(
        `Nested deeper than ${formatCount(limits.maxDepth)} elements: what lies deeper is shown as it came.`,
      );
    } else if (problem !== undefined && problem.offset < read.text.length) {
      notes.push('Not well-formed: from the error on it is shown as it came.');
    }
    const markers = [];
    // Text that was cut before its end is not to blame for ending there.
    if (problem !== undefined && (read.isWhole || problem.offset + problem.length < read.text.length)) {
      const end = formatted.place(problem.offset + problem.length);
      const offset = Math.max(0, Math.min(formatted.place(problem.offset), formatted.text.length - 1));
      markers.push({ offset, length: Math.max(1, end - offset), message: problem.message });
    }
    return { shape: 'text', text: formatted.text, language: 'xml', markers, notes };
  },
  fields: xmlFields,
  encode(text) {
    const { problem } = checkXml(text);
    if (problem !== undefined) {
      throw new PayloadError(
        'payload.xml',
        `Not well-formed XML: ${problem.message}`,
        'Correct it, or choose Text as the format to send it as it is.',
        text,
        problem.offset,
        problem.length,
      );
    }
    return encodeText(text);
  },
};

function isXmlType(context: PayloadContext): boolean {
  return /^[\w.+-]+\/(?:[\w.-]+\+)?xml\b/i.test(context.contentType ?? '');
}
