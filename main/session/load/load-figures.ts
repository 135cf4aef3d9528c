import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import type { PublishOutcome } from '#app/contract/operations/session.ts';
import { LatencyHistogram } from '#app/load/latency-histogram.ts';

/** Reasons of refusals that are told apart. */
const MAX_REASONS = 10;

interface Refusals {
  readonly failure: Failure;
  count: number;
}

type ShownFigures = Pick<
  LoadRun,
  | 'reachedRate'
  | 'begun'
  | 'pending'
  | 'sent'
  | 'refused'
  | 'lost'
  | 'refusals'
  | 'sizes'
  | 'latency'
  | 'distribution'
>;

/** What a load test counts and measures. */
export class LoadFigures {
  /** Handed over and not answered, and the bytes of their payloads. */
  pending = 0;
  pendingBytes = 0;
  begun = 0;
  readonly #rate: number;
  readonly #latency = new LatencyHistogram();
  readonly #refusals = new Map<string, Refusals>();
  #sent = 0;
  #refused = 0;
  #lost = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  /** `performance.now()` of the first and the last message that is known to be out. */
  #firstSent: number | undefined;
  #lastSent = 0;
  /** Of those sent, the ones that the times above are of. */
  #measured = 0;
  #isMeasuring = true;

  /** `rate`: messages a second that are asked for. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** What is answered from now on counts, but tells nothing of the connection that was measured. */
  endMeasuring(): void {
    this.#isMeasuring = false;
  }

  /** `size`: bytes of the payload. */
  begin(size: number): void {
    this.begun += 1;
    this.pending += 1;
    this.pendingBytes += size;
    this.#least = Math.min(this.#least, size);
    this.#most = Math.max(this.#most, size);
  }

  /** Handed over at `since` (`performance.now()`). */
  answered(outcome: PublishOutcome, size: number, since: number): void {
    this.#settle(size);
    this.#sent += 1;
    if (this.#isMeasuring) {
      this.#measured += 1;
      this.#lastSent = performance.now();
      this.#firstSent ??= this.#lastSent;
      if (outcome.kind === 'acknowledged') {
        this.#latency.add(this.#lastSent - since);
      }
    }
  }

  failed(error: unknown, size: number): void {
    this.#settle(size);
    const failure = toFailure(error);
    if (failure.code === 'load.stopped') {
      // Taken back before it went out.
      this.begun -= 1;
      return;
    }
    if (failure.code === 'publish.unacknowledged') {
      this.#lost += 1;
      return;
    }
    this.#refused += 1;
    const key = `${failure.message}\n${failure.detail ?? ''}`;
    const known = this.#refusals.get(key);
    if (known !== undefined) {
      known.count += 1;
    } else if (this.#refusals.size < MAX_REASONS) {
      this.#refusals.set(key, { failure, count: 1 });
    }
  }

  shown(isOver: boolean): ShownFigures {
    const latency = this.#latency.summary();
    return {
      reachedRate: this.#reachedRate(isOver),
      begun: this.begun,
      pending: this.pending,
      sent: this.#sent,
      refused: this.#refused,
      lost: this.#lost,
      refusals: [...this.#refusals.values()].map((reason) => ({ ...reason })),
      ...(this.begun === 0 ? {} : { sizes: { least: this.#least, most: this.#most } }),
      ...(latency === undefined ? {} : { latency }),
      distribution: this.#latency.steps(),
    };
  }

  /** Messages a second between the first and the last: so many intervals, not so many messages. */
  #reachedRate(isOver: boolean): number {
    if (this.#firstSent === undefined) {
      return 0;
    }
    // While it runs, the next is missing once its interval is over.
    const missing = isOver ? 0 : performance.now() - 1000 / this.#rate;
    const span = Math.max(this.#lastSent, missing) - this.#firstSent;
    return span > 0 ? ((this.#measured - 1) * 1000) / span : 0;
  }

  #settle(size: number): void {
    this.pending -= 1;
    this.pendingBytes -= size;
  }
}
