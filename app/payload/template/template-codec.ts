import { type FailureError, fail } from '../../contract/failure.ts';
import type { Codec, DecodeLimits } from '../codec.ts';
import { jsonCodec } from '../json.ts';
import { jsonFields, parseJsonExactly } from '../json-fields.ts';
import { formatJson } from '../json-format.ts';
import { markOf } from '../mark.ts';
import { cutLine, EMPTY_PREVIEW } from '../preview.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import { visibleText } from '../visible-text.ts';
import { compileTemplate } from './compile.ts';
import { templateShape } from './json-shape.ts';
import { type ReadTemplate, readTemplate } from './read.ts';
import type { Template } from './template.ts';
import { writeTemplate } from './write.ts';

/** Values that a view shows, and a preview looks at. */
const MAX_VALUES = 100_000;
const PREVIEW_VALUES = 64;
/** UTF-16 units of the JSON, before it is laid out: half a second of work. */
const MAX_TEXT = 4_000_000;

const encoder = new TextEncoder();

/** The codec of a binary template, bound to it: shown and written as JSON. Throws where the template is wrong. */
export function createTemplateCodec(text: string): Codec {
  const template = compileTemplate(text);
  let shape: JsonSchema | undefined;
  const read = (bytes: Uint8Array, limits: Pick<DecodeLimits, 'maxTextLength' | 'isOver'>) =>
    readTemplate(template, bytes, {
      ...limits,
      maxTextLength: Math.min(limits.maxTextLength, MAX_TEXT),
      maxValues: MAX_VALUES,
    });
  return {
    id: templateCodecId(text),
    label: 'Template',
    // Nobody can tell from the bytes: a rule chooses it.
    detect: () => 0,
    preview: (bytes, maxLength, size = bytes.length) => previewOf(template, bytes, maxLength, size),
    decode(bytes, limits) {
      if (bytes.length === 0) {
        return { shape: 'text', text: '', language: 'json', markers: [], notes: ['The payload is empty.'] };
      }
      const { text: compact, notes } = read(bytes, limits);
      const { text: laidOut } = formatJson(compact, limits);
      return { shape: 'text', text: laidOut, language: 'json', markers: [], notes };
    },
    fields: (bytes, limits, options) => jsonFields(encoder.encode(read(bytes, limits).text), limits, options),
    encode(typed) {
      // Says where it is no JSON.
      jsonCodec.encode?.(typed);
      return writeTemplate(template, parseJsonExactly(typed));
    },
    shape() {
      shape ??= templateShape(template);
      return shape;
    },
  };
}

/** A codec for a template that cannot be used: it says so wherever it is asked. */
export function brokenTemplateCodec(text: string, failure: FailureError): Codec {
  const refuse = (): never => {
    throw fail(
      'template.syntax',
      `The template of the rule can’t be used. ${failure.failure.message}`,
      'Correct it in the tab “Rules”, or choose another view.',
    );
  };
  return { id: templateCodecId(text), label: 'Template', detect: () => 0, preview: refuse, decode: refuse };
}

/** A template's id: another one as soon as a character of it is another. */
export function templateCodecId(text: string): string {
  return `template:${markOf(text)}`;
}

function previewOf(template: Template, bytes: Uint8Array, maxLength: number, size: number): string {
  if (bytes.length === 0) {
    return cutLine(EMPTY_PREVIEW, maxLength);
  }
  const { text, notes }: ReadTemplate = readTemplate(template, bytes, {
    maxTextLength: 8 * 4096,
    maxValues: PREVIEW_VALUES,
    isOver: () => false,
  });
  if (text === '{}') {
    throw fail('template.short', notes[0] ?? 'The payload does not fit the template.');
  }
  const line = text.slice(0, maxLength + 1);
  return cutLine(
    visibleText(line),
    maxLength,
    line.length < text.length || (notes.length > 0 && size > bytes.length),
  );
}
