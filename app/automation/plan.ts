import type { MessageTemplate } from '../publish/message-template.ts';
import type { RepeatWork, SequenceWork } from './job.ts';

/** A message that is due at a time. */
export interface PlannedMessage {
  /** Milliseconds after the start. Worked out from the start, never from the message before: nothing adds up. */
  readonly at: number;
  readonly message: MessageTemplate;
}

/** When each message of a repetition is due. `random`: from 0 up to, but not including, 1. Endless without an end. */
export function* planRepeat(
  { message, interval, jitter, count, duration }: RepeatWork,
  random: () => number,
): Generator<PlannedMessage, undefined> {
  // Never further from its time than half way to the next one, so that the order of messages is kept.
  const spread = Math.min(jitter, interval / 2);
  for (let index = 0; count === undefined || index < count; index += 1) {
    const time = index * interval;
    if (duration !== undefined && time > duration) {
      return undefined;
    }
    yield { at: Math.max(0, time + (random() * 2 - 1) * spread), message };
  }
  return undefined;
}

/** When each step of a sequence is due. Endless without a number of rounds. */
export function* planSequence({ steps, rounds, pause }: SequenceWork): Generator<PlannedMessage, undefined> {
  const length = steps.reduce((sum, { after }) => sum + after, 0) + pause;
  for (let round = 0; rounds === undefined || round < rounds; round += 1) {
    let at = round * length;
    for (const { message, after } of steps) {
      at += after;
      yield { at, message };
    }
  }
  return undefined;
}

/** How many messages are planned; `undefined`: no end is. Each message with `{1..10}` counts as one here. */
export function plannedCount(work: RepeatWork | SequenceWork): number | undefined {
  if (work.kind === 'sequence') {
    return work.rounds === undefined ? undefined : work.rounds * work.steps.length;
  }
  const { count, duration, interval } = work;
  const within = duration === undefined ? undefined : Math.floor(duration / interval) + 1;
  return count === undefined || within === undefined ? (count ?? within) : Math.min(count, within);
}

/** Whether a plan without an end would never wait: it would publish as fast as it can, for ever. */
export function isRunaway(work: SequenceWork): boolean {
  return work.rounds === undefined && work.pause === 0 && work.steps.every(({ after }) => after === 0);
}
