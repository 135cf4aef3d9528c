import { formatCount } from '../base/format.ts';
import type { Codec, PayloadContext } from './codec.ts';
import { findJsonProblem, startsLikeJson } from './json-check.ts';
import { jsonFields } from './json-fields.ts';
import { formatJson } from './json-format.ts';
import { PayloadError } from './payload-error.ts';
import { collapsedPreview, cutLine, EMPTY_PREVIEW } from './preview.ts';
import { contentStart, looksBinary, sampleOf } from './sample.ts';
import { encodeText, readText } from './text.ts';
import { decodeUtf8 } from './utf8.ts';

/** JSON, laid out by its tokens; see {@link formatJson}. */
export const jsonCodec: Codec = {
  id: 'json',
  label: 'JSON',
  detect(bytes, context) {
    if (bytes.length === 0 || looksBinary(bytes)) {
      return 0;
    }
    const sample = sampleOf(bytes);
    const first = sample[contentStart(sample)];
    const isContainer = first === 0x7b || first === 0x5b;
    if (isContainer && startsLikeJson(decodeUtf8(sample.subarray(contentStart(sample))))) {
      return 0.9;
    }
    // A number or a word alone reads as well as text, unless the sender says what it is.
    return isJsonType(context) ? 0.8 : 0.02;
  },
  preview(bytes, maxLength) {
    return bytes.length === 0 ? cutLine(EMPTY_PREVIEW, maxLength) : collapsedPreview(bytes, maxLength);
  },
  decode(bytes, limits) {
    if (bytes.length === 0) {
      return { shape: 'text', text: '', language: 'json', markers: [], notes: ['The payload is empty.'] };
    }
    const read = readText(bytes, limits);
    const { text, markers, depth, outcome } = formatJson(read.text, limits);
    const notes = [...read.notes];
    if (outcome === 'raw') {
      notes.push('This is not JSON: shown as it came.');
    } else if (outcome === 'long') {
      notes.push('Laid out, it would be too long to show: shown as it came.');
    } else if (outcome === 'timeout') {
      notes.push('Laying it out took too long: the rest is shown as it came.');
    }
    if ((outcome === 'formatted' || outcome === 'timeout') && depth > limits.maxDepth) {
      notes.push(
        `Nested ${formatCount(depth)} deep: what lies deeper than ${formatCount(limits.maxDepth)} is not indented.`,
      );
    }
    return { shape: 'text', text, language: 'json', markers: read.isWhole ? markers : [], notes };
  },
  fields: jsonFields,
  encode(text) {
    const problem = findJsonProblem(text);
    if (problem !== undefined) {
      throw new PayloadError(
        'payload.json',
        `Not valid JSON: ${problem.message}`,
        'Correct it, or choose Text as the format to send it as it is.',
        text,
        problem.offset,
        problem.length,
      );
    }
    return encodeText(text);
  },
};

function isJsonType(context: PayloadContext): boolean {
  return /^[\w.+-]+\/(?:[\w.-]+\+)?json\b/i.test(context.contentType ?? '');
}
