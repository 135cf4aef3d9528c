import { Button } from '@mantine/core';
import { ClipboardCopy } from 'lucide-react';
import { formatCount, formatDuration } from '#app/base/format.ts';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import type { LatencySummary } from '#app/load/latency-histogram.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import classes from './load.module.css';
import { formatRate, loadPayloadText, loadReport, loadStateNames, unansweredOf } from './load-report.ts';
import { messagesText, topicsText } from './load-words.ts';

interface LoadResultProps {
  readonly run: LoadRun;
  /** Name of the connection. */
  readonly connection: string;
}

/** What a load test was asked for and has reached. */
export function LoadResult({ run, connection }: LoadResultProps) {
  const { asked, latency, failure } = run;
  const summary = `${messagesText(asked.count)} at ${formatRate(asked.rate)} to ${topicsText(asked.topic, asked.topics)}, QoS ${asked.qos}${asked.retain ? ', retained' : ''}, ${loadPayloadText(run)}`;
  return (
    <section aria-label="Result">
      <div className={classes.head}>
        <p className={classes.asked} title={summary}>
          {summary}
        </p>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<ClipboardCopy size={12} strokeWidth={1.75} aria-hidden />}
          onClick={() => attempt(() => copySummary(run, connection))}
        >
          Copy summary
        </Button>
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div className={classes.result}>
        <Figures label="Load test" rows={countRows(run)} />
        {latency !== undefined && <Figures label="Acknowledgement times" rows={latencyRows(latency)} />}
        {run.distribution.length > 0 && <Distribution steps={run.distribution} />}
      </div>
      {run.refusals.length > 0 && (
        <ul className={classes.refusals} aria-label="Refused">
          {run.refusals.map(({ failure: { message, hint, detail }, count }) => (
            <li key={`${message}\n${detail ?? ''}`}>
              {formatCount(count)} × {visibleText(message)}
              {detail !== undefined && ` (${visibleText(detail)})`}
              {hint !== undefined && <span className={classes.hint}> {visibleText(hint)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function copySummary(run: LoadRun, connection: string): Promise<void> {
  await copyText(loadReport(run, connection, Date.now()));
  notify({
    id: 'load-copied',
    level: 'info',
    message: 'The summary of the load test is copied. It holds no payload.',
  });
}

type Row = readonly [name: string, value: string];

function countRows(run: LoadRun): readonly Row[] {
  const { asked, state, startedAt, endedAt } = run;
  const isRunning = state === 'running';
  return [
    ['State', loadStateNames[state]],
    ['Sent', `${formatCount(run.begun)} of ${formatCount(asked.count)}`],
    ...(asked.qos === 0
      ? []
      : ([
          ['Acknowledged', formatCount(run.sent)],
          [isRunning ? 'Waiting' : 'Unanswered', formatCount(unansweredOf(run))],
        ] as const)),
    ['Refused', formatCount(run.refused)],
    ['Reached', `${formatRate(run.reachedRate)} of ${formatRate(asked.rate)}`],
    ...(endedAt === undefined ? [] : ([['Took', formatDuration(endedAt - startedAt)]] as const)),
  ];
}

function latencyRows(latency: LatencySummary): readonly Row[] {
  return [
    ['Fastest', formatDuration(latency.min)],
    ['Median (p50)', formatDuration(latency.median)],
    ['90 of 100 within (p90)', formatDuration(latency.p90)],
    ['95 of 100 within (p95)', formatDuration(latency.p95)],
    ['99 of 100 within (p99)', formatDuration(latency.p99)],
    ['Slowest', formatDuration(latency.max)],
  ];
}

function Figures({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) {
  return (
    <table className={classes.figures} aria-label={label}>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How the acknowledgement times are spread: a bar for each step of time, on a logarithmic scale. */
function Distribution({ steps }: { readonly steps: LoadRun['distribution'] }) {
  const most = Math.max(...steps.map(({ count }) => count));
  return (
    <ul className={classes.distribution} aria-label="Distribution of the acknowledgement times">
      {steps.map(({ upTo, count }) => (
        <li key={upTo} title={`${formatCount(count)} within ${formatDuration(upTo)}`}>
          <span className={classes.step}>≤ {formatDuration(upTo)}</span>
          <span className={classes.track} aria-hidden>
            <span className={classes.fill} style={{ inlineSize: `${(count / most) * 100}%` }} />
          </span>
          <span className={classes.number}>{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
