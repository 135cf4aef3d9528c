/** Further off than this, in milliseconds, the system's clock was set or the machine slept. */
const MAX_DRIFT = 20;

/**
 * Milliseconds since the epoch with fractions. The monotonic clock gives the fractions and the order;
 * the system's clock is asked now and then, because the monotonic one stands still while a machine sleeps.
 */
export class WallClock {
  #offset = Date.now() - performance.now();

  now(): number {
    return performance.now() + this.#offset;
  }

  /** Call it before the first message after a pause. */
  resync(): void {
    const drift = Date.now() - this.now();
    if (Math.abs(drift) > MAX_DRIFT) {
      this.#offset += drift;
    }
  }
}
