import { fail } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { PublishedMany, PublishOutcome } from '#app/contract/operations/session.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import type { Environment } from '#app/profile/variables.ts';
import { type ComposedMessage, composeMessages } from '#app/publish/compose.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { engineClient } from '../client/engine.ts';
import { bytesSource, send } from '../client/send.ts';
import { advanceSeries, generatorContext } from './generator-series.ts';
import { ruledCodec } from './topic-rule.ts';

/** What became of a template that was sent. */
export type SentTemplate =
  | { readonly kind: 'one'; readonly outcome: PublishOutcome }
  | { readonly kind: 'many'; readonly many: PublishedMany };

type Sending = Pick<SessionSummary, 'sessionId' | 'profile' | 'state'>;

/** The messages that a template comes to on a session now. Rejects with what composing says, and `publish.offline`. */
export function composeFor(
  { sessionId, profile, state }: Sending,
  environment: Environment | undefined,
  template: MessageTemplate,
): { readonly version: MqttVersion; readonly messages: readonly ComposedMessage[] } {
  if (state.kind !== 'connected') {
    throw fail(
      'publish.offline',
      'Not connected, so nothing was sent.',
      'Connect first, then send it again.',
    );
  }
  const version = state.mqttVersion;
  const messages = composeMessages(template, {
    version,
    hasVariables: environment !== undefined,
    generators: (place) => generatorContext(sessionId, environment, place),
    codecFor: (topic) => ruledCodec(profile, topic, environment),
  });
  return { version, messages };
}

/**
 * Fills a template in for a session and publishes what comes of it. Rejects with what composing or publishing says, and
 * with `publish.offline`. `confirmation`: token of a hold, for a production connection.
 */
export async function sendTemplate(
  session: Sending,
  environment: Environment | undefined,
  template: MessageTemplate,
  confirmation?: Promise<string>,
): Promise<SentTemplate> {
  const { sessionId } = session;
  const { messages } = composeFor(session, environment, template);
  const token = confirmation === undefined ? {} : { confirmation: await confirmation };
  advanceSeries(sessionId, messages.length);
  const { qos, retain } = template;
  const [first] = messages;
  if (messages.length === 1 && first !== undefined) {
    const outgoing = { ...first, payload: bytesSource(first.payload), qos, retain, ...token };
    return { kind: 'one', outcome: await send(engineClient(), sessionId, outgoing) };
  }
  const copies = messages.map((message) => ({ ...message, properties: { ...message.properties } }));
  const many = await engineClient().session(sessionId, 'publish.many', {
    messages: copies,
    qos,
    retain,
    ...token,
  });
  return { kind: 'many', many };
}
