import { Button, NumberInput } from '@mantine/core';
import { Lock, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { formatCount, formatDuration } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { LoadRun } from '#app/contract/feeds/load.ts';
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
              {field('Unacknowledged at most', 'inFlight', 10_000)}
              {isRunning ? (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Square size={12} strokeWidth={1.75} aria-hidden />}
                  onClick={() => attempt(() => engineClient().session(sessionId, 'load.stop', {}))}
                >
                  Stop load test
                </Button>
              ) : guard === 'confirm' ? (
                <HoldButton
                  size="xs"
                  holdFor={HOLD_TIME}
                  leftSection={icon}
                  title={`Hold. Sends ${formatCount(wanted.count)} messages to ${visibleText(message.topic)}.`}
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
                  ? `Sends the message of the composer to ${visibleText(message.topic)} at QoS ${message.qos}. Several topics: {1..10} in the topic.`
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
    <>
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
      {failure !== undefined && <FailureNote failure={failure} />}
    </>
  );
}
