/** Milliseconds over which a rate is taken, and between two samples at least. */
const SPAN = 1000;
const SAMPLE_INTERVAL = 200;

interface Sample<K extends string> {
  readonly at: number;
  readonly counts: Readonly<Record<K, number>>;
}

/** Turns counters that only grow into rates per second over about the last second. */
export class Rates<K extends string> {
  readonly #names: readonly K[];
  #samples: Sample<K>[] = [];

  constructor(names: readonly K[]) {
    this.#names = names;
  }

  /** Takes the counters as they are at `now` (milliseconds, of a monotonic clock) and returns the rates. */
  update(now: number, counts: Readonly<Record<K, number>>): Record<K, number> {
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.at > SPAN) {
      // Feeds are updated as soon as something comes: in between nothing did.
      this.#samples = [{ at: now - SPAN, counts: last.counts }];
    }
    if (last === undefined || now - last.at >= SAMPLE_INTERVAL) {
      this.#samples.push({ at: now, counts: { ...counts } });
    }
    // The newest sample that is old enough begins the span.
    while (this.#samples.length > 1 && now - (this.#samples[1]?.at ?? now) >= SPAN) {
      this.#samples.shift();
    }
    const first = this.#samples[0];
    const seconds = Math.max(SPAN, now - (first?.at ?? now)) / 1000;
    const rates = this.#names.map((name) => [name, (counts[name] - (first?.counts[name] ?? 0)) / seconds]);
    return Object.fromEntries(rates) as Record<K, number>;
  }
}
