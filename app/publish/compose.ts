import { FailureError, fail } from '../contract/failure.ts';
import type { GeneratorContext } from '../generate/generators.ts';
import type { Codec } from '../payload/codec.ts';
import type { MqttVersion, PublishProperties } from '../profile/profile.ts';
import { checkPayload, fillProperties } from './composition.ts';
import { fillTopic } from './fill-topic.ts';
import type { MessageTemplate } from './message-template.ts';
import { checkProperties, toProperties } from './template-properties.ts';

/** What a template is filled in with, and for which connection. */
export interface ComposeContext {
  readonly version: MqttVersion;
  /** A topic may name variables, which the generators have; else a `{{name}}` in it is sent as it stands. */
  readonly hasVariables: boolean;
  /** What generators make for the message at a place, from 0, of those that one template stands for. */
  readonly generators: (place: number) => GeneratorContext;
  /** How the rules say that messages on a topic are written. */
  readonly codecFor: (topic: string) => Codec | undefined;
}

/** A message as it is published. */
export interface ComposedMessage {
  readonly topic: string;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly properties: PublishProperties;
}

/**
 * Makes the messages that a template stands for: one for each of its topics, in their order, at least one. Throws a
 * `FailureError`: `publish.topic`, `publish.properties`, `publish.generator`, `publish.rule` or one of `payload.*`.
 */
export function composeMessages(
  template: MessageTemplate,
  context: ComposeContext,
): readonly ComposedMessage[] {
  const { version, generators, hasVariables } = context;
  const { topics, problem } = fillTopic(template.topic, version, generators(0), hasVariables);
  if (problem !== undefined) {
    throw fail('publish.topic', problem, 'Correct the topic.');
  }
  return topics.map((topic, place) => composeMessage(template, topic, place, context));
}

function composeMessage(
  { text, format, fills, properties }: MessageTemplate,
  topic: string,
  place: number,
  { version, generators, codecFor }: ComposeContext,
): ComposedMessage {
  const filling = fills ? generators(place) : undefined;
  const check = checkPayload(text, {
    format,
    topic,
    ruled: format === 'rule' ? codecFor(topic) : undefined,
    generators: filling,
  });
  if (!check.ok) {
    throw new FailureError(check.failure);
  }
  if (version !== '5.0') {
    return { topic, payload: check.bytes, properties: {} };
  }
  const filled = fillProperties(properties, filling);
  const [wrong] = Object.values(checkProperties(filled));
  if (wrong !== undefined) {
    throw fail(
      'publish.properties',
      `A property cannot be sent: ${wrong}`,
      'Correct the properties of the message.',
    );
  }
  return { topic, payload: check.bytes, properties: toProperties(filled) };
}
