/** Wrong passwords that one address may send within the window (milliseconds) before it has to wait. */
const MAX_FAILURES = 10;
const WINDOW = 60_000;
const MAX_ADDRESSES = 10_000;

/** Slows guessing down: counts wrong tokens per address. */
export class FailedAttempts {
  readonly #byAddress = new Map<string, { count: number; since: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  isBlocked(address: string): boolean {
    const entry = this.#byAddress.get(address);
    return entry !== undefined && entry.count >= MAX_FAILURES && this.#now() - entry.since < WINDOW;
  }

  add(address: string): void {
    const now = this.#now();
    const entry = this.#byAddress.get(address);
    if (entry === undefined || now - entry.since >= WINDOW) {
      // Bounded: an attacker with many addresses costs no memory.
      if (this.#byAddress.size >= MAX_ADDRESSES) {
        this.#byAddress.clear();
      }
      this.#byAddress.set(address, { count: 1, since: now });
    } else {
      entry.count += 1;
    }
  }

  forget(address: string): void {
    this.#byAddress.delete(address);
  }
}
