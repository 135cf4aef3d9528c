import { formatCount } from '#app/base/format.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import type { LoadRun, LoadState } from '#app/contract/feeds/load.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { LoadTest } from '#app/load/load-test.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishPermit } from '../publish-guard.ts';
import { LoadFigures } from './load-figures.ts';
import type { LoadMessages } from './load-messages.ts';

/** Bytes of payloads that wait for their acknowledgement: the library holds a copy of each. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** Messages that go out without a look at what else there is to do. */
const BURST = 50;
/** Milliseconds that are caught up after a delay; what a longer one held back is not, or it would come as a flood. */
const MAX_LAG = 250;

/** A connection that is up. */
export type LoadConnection = Extract<ConnectionState, { readonly kind: 'connected' }>;

export interface LoadRunDependencies {
  readonly outbox: Outbox;
  readonly permit: PublishPermit;
  /** `undefined` while there is none. */
  readonly connection: () => LoadConnection | undefined;
  readonly onChange: () => void;
}

/** One load test, from its start to its end. It ends with the connection: what is measured is one connection. */
export class RunningLoad {
  readonly #test: LoadTest;
  readonly #messages: LoadMessages;
  readonly #dependencies: LoadRunDependencies;
  readonly #figures: LoadFigures;
  /** Of the connection that is measured. */
  readonly #facts: Pick<LoadRun, 'asked' | 'endpoint' | 'mqttVersion' | 'receiveMaximum'>;
  readonly #inFlightLimit: number;
  readonly #startedAt = Date.now();
  /** `performance.now()` of when the first was due; later after a delay that is not caught up. */
  #origin = performance.now();
  #state: LoadState = 'running';
  #isStopped = false;
  #isCut = false;
  #wake: (() => void) | undefined;
  #isWaking = false;
  #endedAt: number | undefined;
  #failure: Failure | undefined;

  constructor(
    test: LoadTest,
    messages: LoadMessages,
    connection: LoadConnection,
    dependencies: LoadRunDependencies,
  ) {
    this.#test = test;
    this.#messages = messages;
    this.#dependencies = dependencies;
    this.#figures = new LoadFigures(test.rate);
    const { inFlight, message } = test;
    const { receiveMaximum = 65_535 } = connection.connack;
    // What is handed over beyond what the broker takes waits in the connector, and that time is none of the broker's.
    this.#inFlightLimit = message.qos === 0 ? inFlight : Math.min(inFlight, receiveMaximum);
    this.#facts = {
      asked: askedOf(test, messages.topics),
      endpoint: connection.endpoint,
      mqttVersion: connection.mqttVersion,
      ...(this.#inFlightLimit < inFlight ? { receiveMaximum } : {}),
    };
  }

  get isOver(): boolean {
    return this.#state !== 'running';
  }

  get shown(): LoadRun {
    return {
      state: this.#state,
      startedAt: this.#startedAt,
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      ...this.#facts,
      ...this.#figures.shown(this.isOver),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    if (this.#dependencies.connection() === undefined) {
      // Also where the next one is up before this has looked again.
      this.#isCut = true;
      this.#figures.endMeasuring();
    }
    this.#wake?.();
  }

  /** Resolves at its end. Never rejects. */
  async run(): Promise<void> {
    const { count } = this.#test;
    const figures = this.#figures;
    try {
      while (!this.#isStopped && (figures.begun < count || figures.pending > 0)) {
        this.#check();
        this.#sendDue();
        await this.#pause();
        // The rate that is reached falls also while nothing is answered.
        this.#dependencies.onChange();
      }
      this.#end(this.#isStopped ? 'stopped' : 'done');
    } catch (error) {
      this.#failure = toFailure(error);
      this.#end('failed');
    }
  }

  /** How many could have gone out by now. */
  get #due(): number {
    const { count, rate } = this.#test;
    return Math.min(count, 1 + Math.floor(((performance.now() - this.#origin) * rate) / 1000));
  }

  /** Nothing more may go out before something is answered. */
  get #isWaiting(): boolean {
    const { pending, pendingBytes } = this.#figures;
    return pending >= this.#inFlightLimit || pendingBytes > MAX_PENDING_BYTES;
  }

  /** At QoS 0 nothing is acknowledged: what the socket has not taken stands for it. */
  get #isBehind(): boolean {
    return this.#dependencies.outbox.isFull;
  }

  #check(): void {
    this.#dependencies.permit.check();
    if (this.#isCut || this.#dependencies.connection() === undefined) {
      throw fail(
        'load.offline',
        `The connection was lost, so the load test ended after ${formatCount(this.#figures.begun)} of ${formatCount(this.#test.count)} messages.`,
        'Start it again once the connection is back: what is measured is one connection.',
      );
    }
  }

  /** For what waited for the broker, because others publish too, while it was stopped. */
  #checkWanted(): void {
    this.#check();
    if (this.#isStopped) {
      throw fail('load.stopped', 'The load test was stopped before the broker took this message.');
    }
  }

  #sendDue(): void {
    const lag = performance.now() - this.#origin - (this.#figures.begun * 1000) / this.#test.rate;
    this.#origin += Math.max(0, lag - MAX_LAG);
    const until = Math.min(this.#due, this.#figures.begun + BURST);
    while (this.#figures.begun < until && !this.#isWaiting && !this.#isBehind) {
      this.#send();
    }
  }

  #send(): void {
    const { qos, retain } = this.#test.message;
    const composed = this.#messages.next();
    const size = composed.payload.length;
    const since = performance.now();
    this.#figures.begin(size);
    this.#dependencies.outbox
      .publish({ ...composed, qos, retain }, () => this.#checkWanted())
      .then(
        (outcome) => {
          this.#figures.answered(outcome, size, since);
          this.#settle();
        },
        (error: unknown) => {
          this.#figures.failed(error, size);
          this.#settle();
        },
      );
  }

  /** Wakes once for all that is answered in one turn of the event loop: a timer for each costs as much as a message. */
  #settle(): void {
    if (this.isOver) {
      this.#dependencies.onChange();
    } else if (!this.#isWaking) {
      this.#isWaking = true;
      setImmediate(() => {
        this.#isWaking = false;
        this.#wake?.();
      });
    }
  }

  /** Until something is due, something was answered, or somebody stops it. */
  async #pause(): Promise<void> {
    const { count, rate } = this.#test;
    const { begun } = this.#figures;
    const isWaiting = this.#isWaiting;
    // A socket that drains wakes nobody.
    const isBehind = this.#isBehind;
    if (!isWaiting && !isBehind && begun < this.#due) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return;
    }
    const nextAt = this.#origin + (begun * 1000) / rate;
    await this.#sleep(
      isBehind ? 5 : isWaiting || begun >= count ? 1000 : Math.max(1, nextAt - performance.now()),
    );
  }

  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, 1000));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #end(state: LoadState): void {
    this.#state = state;
    this.#endedAt = Date.now();
    if (state === 'failed') {
      this.#figures.endMeasuring();
    }
    this.#dependencies.onChange();
  }
}

function askedOf({ message, payloadSize, count, rate, inFlight }: LoadTest, topics: number) {
  const { topic, qos, retain } = message;
  return {
    ...{ count, rate, inFlight, topic, topics, qos, retain },
    ...(payloadSize === undefined ? {} : { payloadSize }),
  };
}
