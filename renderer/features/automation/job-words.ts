import type { Job, JobWork } from '#app/automation/job.ts';
import { isRunaway, plannedCount } from '#app/automation/plan.ts';
import { parseDelay } from '#app/automation/row.ts';
import { formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import type { JobRun, JobState } from '#app/contract/feeds/automation.ts';
import { visibleText } from '#app/payload/visible-text.ts';

export const kindNames: Readonly<Record<JobWork['kind'], string>> = {
  repeat: 'Repeat a message',
  sequence: 'Sequence of messages',
  rows: 'Rows of a file',
};

export const stateNames: Readonly<Record<JobState, string>> = {
  running: 'Running',
  paused: 'Paused',
  waiting: 'Offline',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** `every 1.0 s, 100 times`: when a job publishes. */
export function timingWords(work: JobWork): string {
  switch (work.kind) {
    case 'repeat': {
      const { interval, jitter, count, duration } = work;
      return [
        `every ${formatDuration(interval)}${jitter > 0 ? ` ± ${formatDuration(jitter)}` : ''}`,
        ...(count === undefined ? [] : [count === 1 ? 'once' : `${formatCount(count)} times`]),
        ...(duration === undefined ? [] : [`for ${formatDuration(duration)}`]),
      ].join(', ');
    }
    case 'sequence': {
      const { steps, rounds } = work;
      const often =
        rounds === undefined ? 'until stopped' : rounds === 1 ? 'once' : `${formatCount(rounds)} times`;
      return `${formatQuantity(steps.length, 'step')}, ${often}`;
    }
    case 'rows': {
      const { timing, format, rounds = 1 } = work;
      const times =
        timing.kind === 'interval' ? `every ${formatDuration(timing.interval)}` : 'at its own times';
      const speed = timing.kind === 'rows' && timing.speed !== 1 ? `, ${timing.speed}× as fast` : '';
      const often = rounds === 1 ? '' : `, ${formatCount(rounds)} times`;
      return `${format === 'csv' ? 'CSV' : 'JSON lines'}, a row ${times}${speed}${often}`;
    }
  }
}

/** The topics that a job names, as typed. */
export function topicWords(work: JobWork): string {
  const topics =
    work.kind === 'sequence' ? work.steps.map(({ message }) => message.topic) : [work.message.topic];
  const [first = '', ...others] = [...new Set(topics)];
  const name = first === '' && work.kind === 'rows' ? 'topic of each row' : visibleText(first);
  return others.length === 0 ? name : `${name} and ${formatCount(others.length)} more`;
}

/** What starting a job will publish: `100 messages to line/set`. */
export function startWords(work: JobWork): string {
  const count = work.kind === 'rows' ? undefined : plannedCount(work);
  const much = count === undefined ? 'Messages until it is stopped' : formatQuantity(count, 'message');
  return `${work.kind === 'rows' ? 'A message for each row' : much}, to ${topicWords(work)}`;
}

/** How far a run is: `12 of 100`. */
export function progressWords({ done, planned }: JobRun): string {
  return planned === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(planned)}`;
}

/** Everything that did not go as planned; empty when all did. */
export function troubleWords({ missed, refused, problemCount }: JobRun): string {
  return [
    ...(refused === 0 ? [] : [`${formatCount(refused)} refused`]),
    ...(missed === 0 ? [] : [`${formatCount(missed)} left out`]),
    ...(problemCount === 0 ? [] : [`${formatQuantity(problemCount, 'bad row')}`]),
  ].join(', ');
}

/** Whether it can be paused or stopped. */
export function isActive(run: JobRun | undefined): boolean {
  return run !== undefined && (run.state === 'running' || run.state === 'paused' || run.state === 'waiting');
}

/** Why a job can't be kept; `undefined`: it can. What its messages come to is checked when it starts. */
export function jobProblem({ name, what }: Job): string | undefined {
  if (name.trim() === '') {
    return 'Give the job a name.';
  }
  const messages = what.kind === 'sequence' ? what.steps.map(({ message }) => message) : [what.message];
  if (what.kind !== 'rows' && messages.some(({ topic }) => topic === '')) {
    return what.kind === 'sequence' ? 'Each step needs a topic.' : 'Enter the topic.';
  }
  if (what.kind === 'sequence' && isRunaway(what)) {
    return 'Without end and without a pause: set rounds, a pause or a delay.';
  }
  return undefined;
}

/** `250 ms`, `1.5 s`: a time as it stands in its field. */
export function timeText(milliseconds: number): string {
  if (milliseconds >= 60_000 && milliseconds % 60_000 === 0) {
    return `${milliseconds / 60_000} min`;
  }
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}

/** Milliseconds of what was typed into the field of a time; a number alone counts seconds. */
export function parseTimeText(text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.');
  return parseDelay(/^[\d.]+$/.test(trimmed) ? `${trimmed}s` : trimmed);
}
