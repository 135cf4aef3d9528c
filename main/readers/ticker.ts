import { performance } from 'node:perf_hooks';
import { type Disposable, toDisposable } from '#app/base/disposable.ts';
import type { DecodeWatch } from './decoder.ts';

/** Works on until the deadline (by `performance.now()`); true: there is more to do. */
export type TickWork = (deadline: number) => boolean;

/** Milliseconds from one tick to the next while nothing is left to do. */
const IDLE_INTERVAL = 90;
/** Milliseconds that all work of one tick may take together. */
const SLICE = 25;
/** Milliseconds of rest at least, in which requests of clients are answered. */
const MIN_REST = 12;

/**
 * The heartbeat of what reads along with the logs for as long as somebody looks at it: no listener, no timer. Work that
 * is not done in one slice goes on after a rest as long as the slice: of one core it takes half at most.
 */
export class Ticker implements Disposable {
  readonly #work = new Set<TickWork>();
  readonly #watch: DecodeWatch;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(watch: DecodeWatch) {
    this.#watch = watch;
  }

  /** Calls `work` with each tick until disposed; the first time soon. */
  onTick(work: TickWork): Disposable {
    this.#work.add(work);
    this.soon();
    return toDisposable(() => {
      this.#work.delete(work);
      if (this.#work.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    });
  }

  /** Something was asked for: the next tick comes at once. */
  soon(): void {
    this.#schedule(0);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#work.clear();
  }

  #schedule(wait: number): void {
    if (!this.#isDisposed) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tick(), wait);
    }
  }

  #tick(): void {
    this.#timer = undefined;
    const start = performance.now();
    let hasMore = false;
    let left = this.#work.size;
    for (const work of [...this.#work]) {
      // What one leaves of its share, the others may use.
      const now = performance.now();
      const share = Math.max(1, (start + SLICE - now) / left);
      left -= 1;
      this.#watch.onBegin('Fields');
      try {
        hasMore = work(now + share) || hasMore;
      } catch {
        // The feed that it fills stands still; the others go on.
        this.#work.delete(work);
      } finally {
        this.#watch.onEnd();
      }
    }
    if (this.#work.size > 0) {
      this.#schedule(hasMore ? Math.max(MIN_REST, performance.now() - start) : IDLE_INTERVAL);
    }
  }
}
