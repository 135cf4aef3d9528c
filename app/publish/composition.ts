import { type Failure, FailureError, toFailure } from '../contract/failure.ts';
import { type GeneratorContext, generate, hasGenerators } from '../generate/generators.ts';
import type { Codec } from '../payload/codec.ts';
import { PayloadError } from '../payload/payload-error.ts';
import { encodePayload } from '../payload/registry.ts';
import type { PublishFormat } from '../profile/profile.ts';
import type { TemplateProperties } from './template-properties.ts';

/** How a text becomes bytes. */
export interface Writing {
  readonly format: PublishFormat;
  /** Where it goes: of Sparkplug B it says what may be left out. */
  readonly topic?: string;
  /** Of the rule for the topic. */
  readonly ruled: Codec | undefined;
  /** Fills `{{…}}` in; absent: the text is sent as it stands. */
  readonly generators: GeneratorContext | undefined;
}

/** What the text is in its format: so many bytes, or wrong at a place of what was typed. */
export type PayloadCheck =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** With what was filled in; absent where nothing was. */
      readonly filled?: string;
    }
  | { readonly ok: false; readonly failure: Failure; readonly offset: number; readonly length: number };

/** Turns the typed text into bytes. An empty text is an empty payload in every format. */
export function checkPayload(text: string, writing: Writing): PayloadCheck {
  const { generators } = writing;
  if (text === '') {
    return { ok: true, bytes: new Uint8Array() };
  }
  const filled = generators !== undefined && hasGenerators(text) ? generate(text, generators) : undefined;
  if (filled?.problem !== undefined) {
    const { problem, offset, length } = filled;
    const hint = 'Correct it, or switch “Fill in {{…}}” off to send it as it stands.';
    return {
      ok: false,
      failure: { code: 'publish.generator', message: `${problem}.`, hint },
      offset,
      length,
    };
  }
  try {
    const bytes = encode(writing, filled?.text ?? text);
    return { ok: true, bytes, ...(filled === undefined ? {} : { filled: filled.text }) };
  } catch (error) {
    // A place in what was filled in is none of what was typed.
    const place = error instanceof PayloadError && filled === undefined ? error : { offset: 0, length: 0 };
    return { ok: false, failure: toFailure(error), offset: place.offset, length: place.length };
  }
}

function encode({ format, ruled, topic }: Writing, text: string): Uint8Array<ArrayBuffer> {
  if (format !== 'rule') {
    return encodePayload(format, text, topic);
  }
  if (ruled?.encode === undefined) {
    throw new FailureError({
      code: 'publish.rule',
      message:
        ruled === undefined
          ? 'No rule says how messages on this topic are written.'
          : `The rule’s view “${ruled.label}” cannot be written.`,
      hint: 'Choose another format, or add a rule with a template or a schema in the tab “Rules”.',
    });
  }
  return ruled.encode(text, topic);
}

/** The properties with what stands in braces filled in, as far as it can be. */
export function fillProperties(
  draft: TemplateProperties,
  generators: GeneratorContext | undefined,
): TemplateProperties {
  if (generators === undefined) {
    return draft;
  }
  const fill = (text: string) => {
    const { text: filled, problem } = generate(text, generators);
    if (problem !== undefined) {
      throw new FailureError({
        code: 'publish.properties',
        message: `${problem}, in a property.`,
        hint: 'Correct it, or switch “Fill in {{…}}” off to send it as it stands.',
      });
    }
    return filled;
  };
  return {
    ...draft,
    contentType: fill(draft.contentType),
    responseTopic: fill(draft.responseTopic),
    correlation: fill(draft.correlation),
    userProperties: draft.userProperties.map(({ key, value }) => ({ key: fill(key), value: fill(value) })),
  };
}
