import { formatBytes, formatCount, formatDuration, formatQuantity } from '#app/base/format.ts';
import type { RetainedJob, RetainedUndo } from '#app/contract/feeds/retained.ts';

const doing: Readonly<Record<RetainedJob['kind'], string>> = {
  clear: 'Clearing',
  undo: 'Bringing back',
  restore: 'Restoring',
  snapshot: 'Reading',
};
const done: Readonly<Record<RetainedJob['kind'], string>> = {
  clear: 'Cleared',
  undo: 'Brought back',
  restore: 'Restored',
  snapshot: 'Read',
};

/** What a job does or did, in a few short sentences. */
export function jobWords(job: RetainedJob): readonly string[] {
  if (job.state === 'running') {
    const tail = job.failed === 0 ? '' : `, ${formatCount(job.failed)} failed`;
    return [`${doing[job.kind]} ${formatCount(job.done)} of ${formatCount(job.total)}${tail}.`];
  }
  const end = job.state === 'cancelled' ? 'Cancelled. ' : job.state === 'failed' ? 'Given up. ' : '';
  const took = job.endedAt === undefined ? '' : ` in ${formatDuration(job.endedAt - job.startedAt)}`;
  const size = job.size === undefined ? '' : `, ${formatBytes(job.size)}`;
  const rest = job.total - job.done;
  return [
    `${end}${done[job.kind]} ${formatQuantity(job.changed, 'message')}${took}${size}.`,
    ...(job.kind === 'snapshot' || job.changed === 0
      ? []
      : [
          job.verified === job.changed
            ? 'Verified at the broker.'
            : `Verified at the broker: ${formatCount(job.verified)}.`,
        ]),
    ...counted(job.gone, 'was not retained any more.', 'were not retained any more.'),
    ...counted(
      job.newer,
      'has changed at the broker since, and was left alone.',
      'have changed at the broker since, and were left alone.',
    ),
    ...counted(job.expired, 'would have expired by now.', 'would have expired by now.'),
    ...counted(
      job.withoutProperties,
      'lost its MQTT 5.0 properties: this connection’s version has none.',
      'lost their MQTT 5.0 properties: this connection’s version has none.',
    ),
    ...counted(job.failed, 'failed.', 'failed.'),
    ...(rest > 0 && job.state !== 'done' ? counted(rest, 'was not touched.', 'were not touched.') : []),
  ];
}

function counted(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? one : many}`];
}

/** What “Undo” would take back. */
export function undoWords({ kind, messages }: RetainedUndo): string {
  return `Undo: ${kind === 'clear' ? 'bring back' : 'take back'} ${formatQuantity(messages, 'message')}`;
}

/** A name for a snapshot file: `retained-2026-11-23-0731.jsonl`. */
export function snapshotName(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `retained-${day}-${two(at.getHours())}${two(at.getMinutes())}.jsonl`;
}
