import { type Disposable, toDisposable } from '#app/base/disposable.ts';

/** Milliseconds between two ticks at least. */
const MIN_INTERVAL = 85;
/** A tick that took long is followed by a longer pause, up to this, so that feeds never take over the thread. */
const MAX_INTERVAL = 100;

/**
 * The heartbeat of the feeds: one tick per 85-100 ms at most, and none while nothing changed.
 * Marking dirty costs one comparison, so that the hot path may do it for every message.
 */
export class Pacer implements Disposable {
  readonly #listeners = new Set<() => void>();
  readonly #onError: (error: unknown) => void;
  #isDirty = false;
  #isDisposed = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #lastTick = Number.NEGATIVE_INFINITY;
  #interval = MIN_INTERVAL;

  /** `onError` takes what a listener throws; the other listeners still get their tick. */
  constructor(onError: (error: unknown) => void = reportError) {
    this.#onError = onError;
  }

  /** Calls `listener` at each tick until disposed. */
  onTick(listener: () => void): Disposable {
    const entry = () => listener();
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  }

  /** A tick is due. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Something a feed may show has changed: a tick follows. */
  markDirty(): void {
    if (!this.#isDirty) {
      this.#isDirty = true;
      this.#schedule();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#listeners.clear();
  }

  #schedule(): void {
    if (this.#isDisposed || this.#timer !== undefined || this.#immediate !== undefined) {
      return;
    }
    const wait = this.#lastTick + this.#interval - performance.now();
    if (wait <= 0) {
      // Not at once: what comes in the same turn belongs to the same tick.
      this.#immediate = setImmediate(() => this.#tick());
    } else {
      this.#timer = setTimeout(() => this.#tick(), wait);
    }
  }

  #tick(): void {
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#isDirty = false;
    const start = performance.now();
    this.#lastTick = start;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#onError(error);
      }
    }
    const took = performance.now() - start;
    this.#interval = Math.min(MAX_INTERVAL, Math.max(MIN_INTERVAL, took * 4));
    if (this.#isDirty) {
      this.#schedule();
    }
  }
}

function reportError(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
