import { formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import type { Rhythm, SilenceState, SilenceWindow } from '#app/contract/feeds/silence.ts';

/** What a state is called. */
export const stateNames = {
  quiet: 'Quiet',
  late: 'Late',
  onTime: 'On time',
  learning: 'Learning',
  unheard: 'Not heard',
} as const satisfies Record<SilenceState, string>;

/** Why a topic is in its state, in one sentence. */
export function stateTitle(state: SilenceState, isConnected: boolean): string {
  switch (state) {
    case 'quiet':
      return 'Silent for longer than the limit';
    case 'late':
      return 'Silent for longer than usual';
    case 'onTime':
      return 'As usual';
    case 'learning':
      return 'Too few messages yet to know what is usual';
    case 'unheard':
      return isConnected
        ? 'No subscription brings this topic now: its silence stands still'
        : 'Not connected: its silence stands still';
  }
}

/** From the shortest to the longest interval: `4.8 s – 5.3 s`; one where they look alike. */
export function spreadText({ shortest, longest }: Pick<Rhythm, 'shortest' | 'longest'>): string {
  if (shortest === undefined || longest === undefined) {
    return '';
  }
  const [from, to] = [formatDuration(shortest), formatDuration(longest)];
  return from === to ? from : `${from} – ${to}`;
}

/** One line on all topics that the text lets through. */
export function summaryText({ counts, topics, leftOut, progress }: SilenceWindow): string {
  const parts = [
    ...(progress < 1 ? [`${Math.floor(progress * 100)} % read`] : []),
    `${formatCount(counts.quiet)} quiet`,
    `${formatCount(counts.late)} late`,
    `${formatCount(counts.onTime)} on time`,
    ...(counts.learning > 0 ? [`${formatCount(counts.learning)} learning`] : []),
    ...(counts.unheard > 0 ? [`${formatCount(counts.unheard)} not heard`] : []),
    ...(leftOut > 0 ? [`${formatQuantity(leftOut, 'topic')} beyond ${formatCount(topics)} left out`] : []),
  ];
  return parts.join(', ');
}
