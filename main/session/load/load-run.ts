import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import type { LoadRun, LoadState } from '#app/contract/feeds/load.ts';
import { LatencyHistogram } from '#app/load/latency-histogram.ts';
import type { LoadTest } from '#app/load/load-test.ts';
import type { ComposedMessage } from '#app/publish/compose.ts';
import type { MessageSeries } from '#app/publish/message-series.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishPermit } from '../publish-guard.ts';

/** Messages that go out without a look at what else there is to do. */
const BURST = 50;
/** Milliseconds that are caught up after a delay; what a longer one held back is not, or it would come as a flood. */
const MAX_LAG = 250;

export interface LoadRunDependencies {
  readonly outbox: Outbox;
  readonly permit: PublishPermit;
  readonly isConnected: () => boolean;
  /** Messages of QoS 1 and 2 that the broker takes at the same time (Receive Maximum). */
  readonly receiveMaximum: () => number;
  readonly onChange: () => void;
}

/** One load test, from its start to its end. It ends with the connection: what is measured is one connection. */
export class RunningLoad {
  readonly #test: LoadTest;
  readonly #dependencies: LoadRunDependencies;
  readonly #series: MessageSeries;
  readonly #latency = new LatencyHistogram();
  readonly #startedAt = Date.now();
  /** `performance.now()` of when the first was due; later after a delay that is not caught up. */
  #origin = performance.now();
  #batch: readonly ComposedMessage[] = [];
  #place = 0;
  #state: LoadState = 'running';
  #isStopped = false;
  #wake: (() => void) | undefined;
  #endedAt: number | undefined;
  /** `performance.now()` of the first and the last message that is known to be out. */
  #firstSent: number | undefined;
  #lastSent = 0;
  #failure: Failure | undefined;
  #refusal: Failure | undefined;
  #begun = 0;
  #sent = 0;
  #refused = 0;

  constructor(test: LoadTest, dependencies: LoadRunDependencies) {
    this.#test = test;
    this.#dependencies = dependencies;
    this.#series = dependencies.outbox.newSeries();
  }

  get isOver(): boolean {
    return this.#state !== 'running';
  }

  get shown(): LoadRun {
    const { count, rate } = this.#test;
    const latency = this.#latency.summary();
    return {
      state: this.#state,
      startedAt: this.#startedAt,
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      count,
      rate,
      reachedRate: this.#reachedRate,
      begun: this.#begun,
      pending: this.#pending,
      sent: this.#sent,
      refused: this.#refused,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
      ...(latency === undefined ? {} : { latency }),
      distribution: this.#latency.steps(),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    this.#wake?.();
  }

  /** Resolves at its end. Never rejects. */
  async run(): Promise<void> {
    const { count } = this.#test;
    try {
      while (!this.#isStopped && (this.#begun < count || this.#pending > 0)) {
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

  /** Messages a second between the first and the last: so many intervals, not so many messages. */
  get #reachedRate(): number {
    if (this.#firstSent === undefined) {
      return 0;
    }
    // While it runs, the next is missing once its interval is over.
    const missing = this.isOver ? 0 : performance.now() - 1000 / this.#test.rate;
    const span = Math.max(this.#lastSent, missing) - this.#firstSent;
    return span > 0 ? ((this.#sent - 1) * 1000) / span : 0;
  }

  get #pending(): number {
    return this.#begun - this.#sent - this.#refused;
  }

  /** How many could have gone out by now. */
  get #due(): number {
    const { count, rate } = this.#test;
    return Math.min(count, 1 + Math.floor(((performance.now() - this.#origin) * rate) / 1000));
  }

  get #isFull(): boolean {
    // At QoS 0 nothing is acknowledged: what the socket has not taken stands for it.
    return this.#pending >= this.#inFlightLimit || this.#dependencies.outbox.isFull;
  }

  /** What is handed over beyond what the broker takes waits in the connector, where no stop and no guard reaches it. */
  get #inFlightLimit(): number {
    const { inFlight, message } = this.#test;
    return message.qos === 0 ? inFlight : Math.min(inFlight, this.#dependencies.receiveMaximum());
  }

  #check(): void {
    this.#dependencies.permit.check();
    if (!this.#dependencies.isConnected()) {
      throw fail(
        'load.offline',
        'The load test ended because the connection was lost.',
        'Connect and start it again.',
      );
    }
  }

  #sendDue(): void {
    const lag = performance.now() - this.#origin - (this.#begun * 1000) / this.#test.rate;
    this.#origin += Math.max(0, lag - MAX_LAG);
    const until = Math.min(this.#due, this.#begun + BURST);
    while (this.#begun < until && !this.#isFull) {
      this.#send(this.#next());
    }
  }

  /** Of each topic in turn. */
  #next(): ComposedMessage {
    let message = this.#batch[this.#place];
    if (message === undefined) {
      this.#batch = this.#dependencies.outbox.compose(this.#test.message, this.#series);
      this.#place = 0;
      message = this.#batch[0];
    }
    if (message === undefined) {
      throw fail('publish.topic', 'The topic stands for no topic.', 'Correct the topic.');
    }
    this.#place += 1;
    return message;
  }

  #send(composed: ComposedMessage): void {
    const { qos, retain } = this.#test.message;
    const since = performance.now();
    this.#begun += 1;
    this.#dependencies.outbox
      .publish({ ...composed, qos, retain }, () => this.#check())
      .then(
        (outcome) => {
          this.#lastSent = performance.now();
          this.#firstSent ??= this.#lastSent;
          this.#sent += 1;
          if (outcome.kind === 'acknowledged') {
            this.#latency.add(this.#lastSent - since);
          }
          this.#settle();
        },
        (error: unknown) => {
          this.#refused += 1;
          this.#refusal ??= toFailure(error);
          this.#settle();
        },
      );
  }

  #settle(): void {
    this.#dependencies.onChange();
    this.#wake?.();
  }

  /** Until something is due, something was answered, or somebody stops it. */
  async #pause(): Promise<void> {
    const { count, rate } = this.#test;
    if (!this.#isFull && this.#begun < this.#due) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return;
    }
    const nextAt = this.#origin + (this.#begun * 1000) / rate;
    const isWaiting = this.#pending >= this.#inFlightLimit || this.#begun >= count;
    // A socket that drains wakes nobody.
    const isBehind = this.#dependencies.outbox.isFull;
    await this.#sleep(isBehind ? 5 : isWaiting ? 1000 : Math.max(1, nextAt - performance.now()));
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
    this.#dependencies.onChange();
  }
}
