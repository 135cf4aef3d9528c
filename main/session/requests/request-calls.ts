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
import type { PublishGuard, PublishPermit } from '../publish-guard.ts';
import type { Request } from '../replies/auto-replies.ts';

export interface RequestCallsDependencies {
  readonly ingest: Pick<Ingest, 'addSink'>;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly guard: Pick<PublishGuard, 'permit'>;
  /** Those that are sent to the broker now. */
  readonly subscriptions: () => readonly Subscription[];
  /** Resolves when the broker has answered; of one that is subscribed to already nothing is sent. */
  readonly setTemporary: (subscriptions: readonly Subscription[]) => Promise<void>;
  readonly resultOf: (subscriptionId: string) => SubscriptionResult | undefined;
  readonly requestOf: (sequence: number) => Request | undefined;
  readonly topicOf: (topicId: number) => string;
}

interface TemporarySubscription {
  readonly subscription: Subscription;
  /** Settled when the broker has answered. */
  readonly ready: Promise<void>;
  /** How many requests need it. */
  calls: number;
}

type Input = Parameters<OperationHandlers<typeof requestOperations>['request.send']>[0];

/** Requests that are waited for at the same time. */
const MAX_CALLS = 20;
/** MQTT 5.0 section 3.4.2.1: accepted, but there are no subscribers. */
const NO_MATCHING_SUBSCRIBERS = 0x10;

/** Requests of the user that wait for their answers. The response topic is subscribed to for as long. */
export class RequestCalls {
  readonly #dependencies: RequestCallsDependencies;
  /** By the response topic. */
  readonly #temporary = new Map<string, TemporarySubscription>();
  /** How to end each request that waits. */
  readonly #waiting = new Set<(reason: unknown) => void>();
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
    const { guard, subscriptions, resultOf } = this.#dependencies;
    const permit = guard.permit(input.confirmation);
    this.#calls += 1;
    const covered = subscriptions().some(
      ({ id, enabled, filter }) =>
        enabled && resultOf(id)?.kind !== 'refused' && compileFilter(filter)(input.responseTopic),
    );
    try {
      if (!covered) {
        await this.#subscribe(input.responseTopic);
      }
      return await this.#exchange(input, permit);
    } finally {
      this.#calls -= 1;
      if (!covered) {
        await this.#release(input.responseTopic);
      }
    }
  }

  /** Ends all that wait. */
  dispose(): void {
    for (const end of [...this.#waiting]) {
      end(fail('request.ended', 'The session ended before there was an answer.', 'Connect, then ask again.'));
    }
  }

  /** Each who needs the same topic waits for the same answer of the broker. */
  async #subscribe(topic: string): Promise<void> {
    const known = this.#temporary.get(topic);
    if (known !== undefined) {
      known.calls += 1;
      await known.ready;
      return;
    }
    const subscription = newSubscription(topic, { qos: 1, retainHandling: 2 });
    const granted = Promise.withResolvers<void>();
    this.#temporary.set(topic, { subscription, ready: granted.promise, calls: 1 });
    this.#apply()
      .then(() => {
        if (this.#dependencies.resultOf(subscription.id)?.kind === 'refused') {
          throw fail(
            'request.subscribe',
            'The broker refuses to subscribe to the response topic.',
            'Choose one that this client may read. Nothing was sent.',
          );
        }
      })
      .then(granted.resolve, granted.reject);
    await granted.promise;
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

  async #exchange(
    { retain, topic, payload, qos, properties, responseTopic, timeout }: Input,
    permit: PublishPermit,
  ): Promise<RequestOutcome> {
    const { ingest, outbox, requestOf, topicOf } = this.#dependencies;
    const since = performance.now();
    const answer = Promise.withResolvers<RequestOutcome>();
    let others = 0;
    let isOver = false;
    const checkWanted = () => {
      permit.check();
      if (isOver) {
        throw fail('request.over', 'The time for the answer was over before the broker took the request.');
      }
    };
    const sink = ingest.addSink({
      onMessage(sequence, topicId) {
        if (topicOf(topicId) !== responseTopic) {
          return;
        }
        const after = performance.now() - since;
        const message = requestOf(sequence);
        if (message === undefined || message.retain) {
          return;
        }
        if (isAnswer(message.properties, properties)) {
          answer.resolve({
            kind: 'answered',
            sequence,
            after,
            preview: previewPayload(message.payload, 300),
          });
        } else {
          others += 1;
        }
      },
    });
    const timer = setTimeout(() => answer.resolve({ kind: 'timeout', others }), timeout);
    this.#waiting.add(answer.reject);
    try {
      // The guard may be another one since the broker was asked for the response topic.
      permit.check();
      // An answer may come before the acknowledgement, and that may never come.
      outbox.publish({ topic, payload, qos, retain, properties }, checkWanted).then((sent) => {
        if (sent.kind === 'acknowledged' && sent.reasonCode === NO_MATCHING_SUBSCRIBERS) {
          answer.resolve({ kind: 'nobody' });
        }
      }, answer.reject);
      return await answer.promise;
    } finally {
      isOver = true;
      this.#waiting.delete(answer.reject);
      clearTimeout(timer);
      sink.dispose();
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
