import { fail } from '#app/contract/failure.ts';
import type { PublishOutcome } from '#app/contract/operations/session.ts';
import { topicNameProblem } from '#app/mqtt/topic.ts';
import type { Codec } from '#app/payload/codec.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import type { Environment, Variables } from '#app/profile/variables.ts';
import { type ComposedMessage, composeMessages } from '#app/publish/compose.ts';
import { MessageSeries } from '#app/publish/message-series.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import type { Connector, OutgoingMessage } from './connector/connector.ts';
import type { Ingest } from './ingest.ts';

/** Bytes that wait for the socket, beyond which whatever publishes by itself adds no more. */
const MAX_BACKLOG = 4 * 1024 * 1024;

export interface OutboxDependencies {
  readonly connector: () => Connector;
  readonly ingest: Ingest;
  /** How the rules say that messages on a topic are written. */
  readonly codecFor: (topic: string) => Codec | undefined;
  /** Of the connection; of the settings while there is none. */
  readonly version: () => MqttVersion;
  /** A message went out but could not be kept. */
  readonly onNotKept: (error: unknown) => void;
}

/**
 * The way out of a session: all that is published goes through it, is kept like what was received, and has its outcome.
 * It does not ask the guard: whoever uses it does, once for each thing that the user does.
 */
export class Outbox {
  /** Of the connection; generators take its variables. */
  environment: Environment | undefined;
  readonly #dependencies: OutboxDependencies;

  constructor(dependencies: OutboxDependencies, environment?: Environment) {
    this.#dependencies = dependencies;
    this.environment = environment;
  }

  /**
   * More is handed over than the socket takes: at QoS 0 nothing else tells. Whatever publishes by itself waits then, or
   * leaves messages out and says so.
   */
  get isFull(): boolean {
    return this.#dependencies.connector().backlog > MAX_BACKLOG;
  }

  /** A row of messages that follow each other, for {@link compose}. */
  newSeries(): MessageSeries {
    return new MessageSeries({ now: Date.now, random: Math.random, uuid: () => crypto.randomUUID() });
  }

  /**
   * Makes the next messages of a row from a template; `more`: variables that come before those of the environment.
   * Throws as `composeMessages` does.
   */
  compose(template: MessageTemplate, series: MessageSeries, more?: Variables): readonly ComposedMessage[] {
    const { codecFor, version } = this.#dependencies;
    const { environment } = this;
    const messages = composeMessages(template, {
      version: version(),
      hasVariables: environment !== undefined || more !== undefined,
      generators(place) {
        const context = series.context(environment, place);
        return more === undefined
          ? context
          : { ...context, variables: new Map([...context.variables, ...more]) };
      },
      codecFor,
    });
    series.advance(messages.length);
    return messages;
  }

  /**
   * Answers when the message is sent (QoS 0) or acknowledged (QoS 1, 2). Rejects with `publish.topic`,
   * `publish.offline` or `publish.refused`, or with what `stillWanted` throws: it is asked before a message is sent that
   * had to wait for the broker.
   */
  async publish(message: OutgoingMessage, stillWanted?: () => void): Promise<PublishOutcome> {
    const { connector, ingest, onNotKept } = this.#dependencies;
    const problem = topicNameProblem(message.topic);
    if (problem !== undefined) {
      throw fail('publish.topic', problem, 'Change the topic and publish again.');
    }
    let sequence = 0;
    const keep = (at: number) => {
      try {
        sequence = ingest.onPublished(message, at);
      } catch (error) {
        // It is on its way: what can't be kept must not look as if it had not been sent.
        onNotKept(error);
      }
    };
    const { sentAt, acknowledged } = await connector().publish(message, keep, stillWanted);
    return acknowledged === undefined
      ? { kind: 'sent', sequence, sentAt }
      : {
          kind: 'acknowledged',
          sequence,
          sentAt,
          acknowledgedAt: acknowledged.at,
          reasonCode: acknowledged.reasonCode,
          reasonName: acknowledged.reasonName,
          ...(acknowledged.steps === undefined ? {} : { steps: acknowledged.steps }),
        };
  }
}
