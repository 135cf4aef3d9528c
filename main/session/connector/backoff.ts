/** Seconds between attempts: the first wait and the longest. */
export interface BackoffLimits {
  readonly minDelay: number;
  readonly maxDelay: number;
}

/**
 * Milliseconds to wait before the next try after `failures` in a row (1 is the first). Doubles from `minDelay` to
 * `maxDelay`; up to a quarter is added or taken by chance, so that many clients of a restarted broker spread out.
 */
export function backoffDelay(
  failures: number,
  limits: BackoffLimits,
  random: () => number = Math.random,
): number {
  const longest = Math.max(limits.minDelay, limits.maxDelay);
  const steady = Math.min(limits.minDelay * 2 ** Math.min(failures - 1, 30), longest);
  const jittered = steady * (0.75 + random() * 0.5);
  return Math.min(Math.max(jittered, limits.minDelay), longest) * 1000;
}
