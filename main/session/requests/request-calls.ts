import { fail } from '#app/contract/failure.ts';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { RequestOutcome, requestOperations } from '#app/contract/operations/requests.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { compileFilter, topicNameProblem } from '#app/mqtt/topic.ts';
import { previewPayload } from '#app/payload/registry.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { PublishProperties, Subscription } from '#app/profile/profile.ts';
import type { Ingest } from '../ingest.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishGuard } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';

export interface RequestCallsDependencies {
  readonly ingest: Pick<Ingest, 'addSink'>;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly guard: Pick<PublishGuard, 'check'>;
  /** Those that are sent to the broker now. */
  readonly subscriptions: () => readonly Subscription[];
  /** Resolves when the broker has answered; of one that is subscribed to already nothing is sent. */
  readonly setTemporary: (subscriptions: readonly Subscription[]) => Promise<void>;
  readonly resultOf: (subscriptionId: string) => SubscriptionResult | undefined;
  readonly requestOf: (sequence: number) => Request | undefined;
  readonly topicOf: (topicId: number) => string;
}

type Input = Parameters<OperationHandlers<typeof requestOperations>['request.send']>[0];

/** Requests that are waited for at the same time. */
const MAX_CALLS = 20;
/** MQTT 5.0 section 3.4.2.1: accepted, but there are no subscribers. */
const NO_MATCHING_SUBSCRIBERS = 0x10;

/** Requests of the user that wait for their answers. The response topic is subscribed to for as long. */
export class RequestCalls {
  readonly #dependencies: RequestCallsDependencies;
  /** By the subscription's filter: how many calls need it. */
  readonly #temporary = new Map<string, { readonly subscription: Subscription; calls: number }>();
  #calls = 0;

  constructor(dependencies: RequestCallsDependencies) {
    this.#dependencies = dependencies;
  }

  /** See the operation `request.send`. */
  async send(input: Input): Promise<RequestOutcome> {
    const problem = topicNameProblem(input.responseTopic);
    if (problem !== undefined) {
      throw fail('request.topic', `Response topic: ${problem}`, 'Correct it; nothing was sent.');
    }
    if (this.#calls >= MAX_CALLS) {
      throw fail(
        'request.many',
        `${MAX_CALLS} requests wait for their answers already.`,
        'Wait for one of them.',
      );
    }
    this.#dependencies.guard.check(input.confirmation);
    this.#calls += 1;
    const covered = this.#dependencies
      .subscriptions()
      .some(({ enabled, filter }) => enabled && compileFilter(filter)(input.responseTopic));
    try {
      if (!covered) {
        await this.#subscribe(input.responseTopic);
      }
      return await this.#exchange(input);
    } finally {
      this.#calls -= 1;
      if (!covered) {
        await this.#release(input.responseTopic);
      }
    }
  }

  async #subscribe(topic: string): Promise<void> {
    const known = this.#temporary.get(topic);
    if (known === undefined) {
      const subscription = newSubscription(topic, { qos: 1, retainHandling: 2 });
      this.#temporary.set(topic, { subscription, calls: 1 });
      await this.#apply();
      const result = this.#dependencies.resultOf(subscription.id);
      if (result?.kind === 'refused') {
        throw fail(
          'request.subscribe',
          'The broker refuses to subscribe to the response topic.',
          'Choose one that this client may read. Nothing was sent.',
        );
      }
    } else {
      known.calls += 1;
    }
  }

  async #release(topic: string): Promise<void> {
    const known = this.#temporary.get(topic);
    if (known === undefined) {
      return;
    }
    known.calls -= 1;
    if (known.calls === 0) {
      this.#temporary.delete(topic);
      // Without a connection there is nothing to take back.
      await this.#apply().catch(() => undefined);
    }
  }

  #apply(): Promise<void> {
    return this.#dependencies.setTemporary(
      [...this.#temporary.values()].map(({ subscription }) => subscription),
    );
  }

  async #exchange({
    retain,
    topic,
    payload,
    qos,
    properties,
    responseTopic,
    timeout,
  }: Input): Promise<RequestOutcome> {
    const { ingest, outbox, requestOf, topicOf } = this.#dependencies;
    let others = 0;
    let timer: NodeJS.Timeout | undefined;
    const since = performance.now();
    let sink: { dispose(): void } | undefined;
    try {
      const answer = new Promise<RequestOutcome>((resolve) => {
        sink = ingest.addSink({
          onMessage(sequence, topicId) {
            if (topicOf(topicId) !== responseTopic) {
              return;
            }
            const after = performance.now() - since;
            const message = requestOf(sequence);
            if (message === undefined || message.retain) {
              return;
            }
            if (!isAnswer(message.properties, properties)) {
              others += 1;
              return;
            }
            resolve({ kind: 'answered', sequence, after, preview: previewPayload(message.payload, 300) });
          },
        });
        timer = setTimeout(() => resolve({ kind: 'timeout', others }), timeout);
      });
      const sent = await outbox.publish({ topic, payload, qos, retain, properties });
      if (sent.kind === 'acknowledged' && sent.reasonCode === NO_MATCHING_SUBSCRIBERS) {
        return { kind: 'nobody' };
      }
      return await answer;
    } finally {
      clearTimeout(timer);
      sink?.dispose();
    }
  }
}

/** Whether a message on the response topic has the correlation data of the request, if that has any. */
function isAnswer(answer: PublishProperties, request: PublishProperties): boolean {
  const { correlationData } = request;
  return (
    correlationData === undefined ||
    (answer.correlationData !== undefined && Buffer.from(correlationData).equals(answer.correlationData))
  );
}

/** The operation on requests, for one client. */
export function createRequestHandlers(calls: RequestCalls): OperationHandlers<typeof requestOperations> {
  return { 'request.send': (input) => calls.send(input) };
}
