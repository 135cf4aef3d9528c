import { formatCount, formatDuration } from '#app/base/format.ts';
import type { RequestRow, RequestsWindow } from '#app/contract/feeds/requests.ts';

/** What ties request and answer, in a word or two. */
export function tieText({ by, correlation }: RequestRow): string {
  return by === 'correlation' ? (correlation ?? '') : by === 'response-topic' ? 'Response topic' : 'Topics';
}

/** The round trip of a request, or what stands in its place. */
export function roundTripText({ at, answer, state }: RequestRow): string {
  if (answer === undefined) {
    return state === 'waiting' ? 'waiting' : 'no answer';
  }
  return formatDuration(Math.max(0, answer.at - at));
}

/** What is odd about an answer, one remark each. */
export function answerRemarks({ answer }: RequestRow): readonly string[] {
  if (answer === undefined) {
    return [];
  }
  return [
    ...(answer.count > 1 ? [`${formatCount(answer.count)} answers`] : []),
    ...(answer.lacksCorrelation ? ['without the correlation data'] : []),
    ...(answer.isRetained ? ['retained'] : []),
  ];
}

/** One line on all requests that are held. */
export function summaryText({ counts, roundTrip, dropped, progress }: RequestsWindow): string {
  const parts = [
    ...(progress < 1 ? [`${Math.floor(progress * 100)} % read`] : []),
    `${formatCount(counts.answered)} answered`,
    `${formatCount(counts.waiting)} waiting`,
    `${formatCount(counts.unanswered)} without answer`,
    ...(roundTrip === undefined
      ? []
      : [
          `round trip: median ${formatDuration(roundTrip.median)}, 95 % within ${formatDuration(roundTrip.p95)}, longest ${formatDuration(roundTrip.max)}`,
        ]),
    ...(dropped > 0 ? [`${formatCount(dropped)} older ones not held`] : []),
  ];
  return parts.join(', ');
}
