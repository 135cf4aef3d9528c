import type { Rhythm } from '#app/contract/feeds/silence.ts';
import type { HeardTime } from './heard-time.ts';
import type { IntervalTable } from './interval-table.ts';

/**
 * How long a topic has been silent at a moment, in milliseconds: only time in which it could be heard counts. `from`: its
 * last message, or later where one may have been missed; `undefined` where that is `-Infinity`, as none came.
 */
export function silentFor(heard: HeardTime, from: number, now: number): number | undefined {
  return from === Number.NEGATIVE_INFINITY ? undefined : Math.max(0, heard.until(now) - heard.until(from));
}

/** What is told of a topic. */
export function rhythmOf(
  table: IntervalTable,
  slot: number,
  heard: HeardTime,
  from: number,
  now: number,
): Rhythm {
  const usual = table.usual(slot);
  const lastAt = table.lastAt(slot);
  const length = silentFor(heard, from, now);
  return {
    silence:
      length === undefined
        ? { kind: 'unknown' }
        : heard.isHeard
          ? // Whole milliseconds: the same silence is to be the same number each time.
            { kind: 'running', since: Math.round(now - length) }
          : { kind: 'held', length: Math.round(length) },
    ...(lastAt === Number.NEGATIVE_INFINITY ? {} : { lastAt }),
    messages: table.messages(slot),
    ...(Number.isNaN(usual) ? {} : { usual, ...table.range(slot) }),
  };
}
