import { formatBytes } from '../../base/format.ts';
import { fail } from '../../contract/failure.ts';
import type { Codec } from '../codec.ts';
import { jsonFields } from '../json-fields.ts';
import { cutLine, EMPTY_PREVIEW, hexLine } from '../preview.ts';
import { fittingText, shownAsJson, viewLimits } from './avro-views.ts';
import { isContainer, readContainer } from './container.ts';
import { namedFingerprint, unknownFingerprint } from './single-object.ts';

const NEEDS_SCHEMA =
  'Avro is read by its schema. Add the schema and a rule for this topic in the tab “Rules”.';
const isType = /^(?:avro\/binary|application\/(?:[\w.+-]*[.+-])?avro)\b/i;

/** Avro where no rule names a schema: files, which carry theirs, and what can be said of the rest. */
export const avroCodec: Codec = {
  id: 'avro',
  label: 'Avro',
  detect(bytes, { contentType = '' }) {
    if (isContainer(bytes)) {
      return 0.98;
    }
    if (namedFingerprint(bytes) !== undefined) {
      return 0.7;
    }
    return bytes.length > 0 && isType.test(contentType) ? 0.6 : 0;
  },
  preview(bytes, maxLength, size = bytes.length) {
    return (
      previewMarked(bytes, maxLength, size) ??
      cutLine(bytes.length === 0 ? EMPTY_PREVIEW : hexLine(bytes, maxLength), maxLength)
    );
  },
  decode(bytes, limits) {
    if (isContainer(bytes)) {
      return shownAsJson(readContainer(bytes, viewLimits(limits)), bytes.length, limits);
    }
    const mark = namedFingerprint(bytes);
    return { shape: 'bytes', notes: [mark === undefined ? NEEDS_SCHEMA : unknownFingerprint(mark)] };
  },
  fields(bytes, limits, options) {
    if (!isContainer(bytes)) {
      throw fail('payload.avro', NEEDS_SCHEMA);
    }
    const text = fittingText(readContainer(bytes, viewLimits(limits)));
    return jsonFields(new TextEncoder().encode(text), limits, options);
  },
};

/** A line for what says by itself that it is Avro; `undefined` for anything else. */
export function previewMarked(bytes: Uint8Array, maxLength: number, size: number): string | undefined {
  if (isContainer(bytes)) {
    return cutLine(`⟨Avro file, ${formatBytes(size)}⟩`, maxLength);
  }
  const mark = namedFingerprint(bytes);
  return mark === undefined
    ? undefined
    : cutLine(`⟨Avro, schema 0x${mark}, ${formatBytes(size)}⟩`, maxLength);
}
