import { Button, NumberInput } from '@mantine/core';
import { Lock, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { formatCount, formatDuration } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { LoadRun } from '#app/contract/feeds/load.ts';
import { expandTopics } from '#app/generate/topics.ts';
import { loadCap } from '#app/load/load-test.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { useDraft } from '#renderer/state/publish-draft.ts';
import { HOLD_TIME, useConfirmation } from '#renderer/state/use-confirmation.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HoldButton } from '#renderer/ui/hold-button.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import classes from './load.module.css';

const stateNames: Readonly<Record<LoadRun['state'], string>> = {
  running: 'Running',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Sends the composer's message many times at a rate, and shows what is reached. */
export function LoadPane({ sessionId }: { readonly sessionId: string }) {
  const guard = useSession(sessionId)?.profile.guard ?? 'readOnly';
  const cap = loadCap(guard);
  const { file, ...message } = useDraft(sessionId);
  const { window } = useSessionFeed(sessionId, 'loadRun', {});
  const confirmation = useConfirmation(sessionId);
  const [wanted, setWanted] = useState({ count: 1000, rate: 100, inFlight: 100 });
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const run = window?.run;
  const isRunning = run?.state === 'running';
  const isReady = message.topic !== '' && file === undefined;
  const topics = expandTopics(message.topic).topics.length;

  const attempt = (work: () => Promise<unknown>) => {
    setFailure(undefined);
    work().catch((error: unknown) => setFailure(toFailure(error)));
  };
  const start = (token?: Promise<string>) =>
    attempt(async () => {
      const confirmed = token === undefined ? {} : { confirmation: await token };
      await engineClient().session(sessionId, 'load.start', { test: { message, ...wanted }, ...confirmed });
    });
  const field = (label: string, name: keyof typeof wanted, max: number) => (
    <NumberInput
      className={classes.field ?? ''}
      label={label}
      size="xs"
      hideControls
      allowNegative={false}
      allowDecimal={false}
      min={1}
      max={max}
      value={wanted[name]}
      disabled={isRunning}
      onChange={(next) =>
        typeof next === 'number' && next >= 1 && setWanted((before) => ({ ...before, [name]: next }))
      }
    />
  );
  const icon = <Play size={12} strokeWidth={1.75} aria-hidden />;

  return (
    <Pane role="region" aria-label="Load">
      <PaneHeader title="Load" />
      <PaneBody>
        <div className={classes.form}>
          {cap === undefined ? (
            <p className={classes.note} role="note">
              <Lock size={14} strokeWidth={1.75} aria-hidden />
              Read-only: no load test on this connection.
            </p>
          ) : (
            <>
              {field('Messages', 'count', cap.count)}
              {field('Per second', 'rate', cap.rate)}
              {field('In flight at most', 'inFlight', 10_000)}
              {isRunning ? (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
                  onClick={() => attempt(() => engineClient().session(sessionId, 'load.stop', {}))}
                >
                  Stop load test
                </Button>
              ) : guard === 'confirm' && isReady ? (
                <HoldButton
                  size="xs"
                  holdFor={HOLD_TIME}
                  leftSection={icon}
                  title={`Hold. Sends ${formatCount(wanted.count)} messages, ${formatCount(wanted.rate)} a second, to ${topicWords(message.topic, topics)}.`}
                  onBegin={() => confirmation.begin('hold')}
                  onHeld={() => start(confirmation.take())}
                >
                  Hold: Start load test
                </HoldButton>
              ) : (
                <Button size="xs" leftSection={icon} disabled={!isReady} onClick={() => start()}>
                  Start load test
                </Button>
              )}
              <p className={classes.note}>
                {isReady
                  ? `Sends the message of the composer to ${topicWords(message.topic, topics)} at QoS ${message.qos}. Several topics: {1..10} in the topic.${message.qos === 0 ? ' At QoS 0 nothing is acknowledged, so no time is measured.' : ''}`
                  : 'Write a message with a topic in the composer first; a file is not taken.'}
              </p>
            </>
          )}
        </div>
        {failure !== undefined && <FailureNote failure={failure} />}
        {run !== undefined && <Figures run={run} />}
      </PaneBody>
    </Pane>
  );
}

function topicWords(topic: string, count: number): string {
  return count > 1 ? `${formatCount(count)} topics, ${visibleText(topic)}` : visibleText(topic);
}

function Figures({ run }: { readonly run: LoadRun }) {
  const { latency } = run;
  const rows: readonly (readonly [string, string])[] = [
    ['State', stateNames[run.state]],
    ['Sent', `${formatCount(run.sent)} of ${formatCount(run.count)}`],
    ['Waiting', formatCount(run.pending)],
    ['Refused', formatCount(run.refused)],
    ['Reached', `${formatCount(Math.round(run.reachedRate))}/s of ${formatCount(run.rate)}/s`],
    ...(latency === undefined
      ? []
      : ([
          ['Acknowledged, median', formatDuration(latency.median)],
          ['95 of 100 within', formatDuration(latency.p95)],
          ['99 of 100 within', formatDuration(latency.p99)],
          ['Slowest', formatDuration(latency.max)],
        ] as const)),
  ];
  const failure = run.failure ?? run.refusal;
  return (
    <div className={classes.result}>
      <table className={classes.figures} aria-label="Load test">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {run.distribution.length > 0 && <Distribution steps={run.distribution} />}
      {failure !== undefined && <FailureNote failure={failure} />}
    </div>
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
