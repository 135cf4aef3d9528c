import { z } from 'zod';
import { formatCount } from '#app/base/format.ts';
import {
  type Rhythm,
  type SilenceState,
  silenceAt,
  silenceState,
  timesUsual,
} from '#app/contract/feeds/silence.ts';
import { useKept } from './kept.ts';

const factorSchema = z.number().min(1).max(1000);

/** Times its usual interval from which on a topic is quiet, as it was chosen last. */
export function useSilenceFactor(): readonly [number, (factor: number) => void] {
  return useKept('silence.factor', factorSchema, 3);
}

/** A topic as it is at a moment of the engine's clock. */
export function rhythmNow(
  { silence, usual }: Pick<Rhythm, 'silence' | 'usual'>,
  now: number,
  factor: number,
): { readonly state: SilenceState; readonly times: number | undefined } {
  const length = silenceAt(silence, now);
  return {
    state: silenceState(length, usual, factor, silence.kind !== 'held'),
    times: usual === undefined || length === undefined ? undefined : timesUsual(length, usual),
  };
}

/** `4.2×`, `35×`, `over 9,999×` */
export function timesText(times: number): string {
  if (times < 9.95) {
    return `${times.toFixed(1)}×`;
  }
  return times < 9999.5 ? `${formatCount(Math.round(times))}×` : 'over 9,999×';
}
