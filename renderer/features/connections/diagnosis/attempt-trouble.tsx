import { Button } from '@mantine/core';
import { connectionReportText } from '#app/contract/connection-report.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState, Redirect } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { connectSession } from '#renderer/state/actions.ts';
import { CopyReport } from './copy-report.tsx';
import classes from './diagnosis.module.css';
import { Ladder } from './ladder.tsx';
import { expectedStages } from './stages.ts';
import { canTrust, trustInSession } from './trust.ts';

type Failed = Extract<ConnectionState, { readonly kind: 'waiting' | 'failed' }>;

interface AttemptTroubleProps {
  readonly session: SessionSummary;
  readonly state: Failed;
}

/** The ladder of a failed attempt of a session, below its message: where it stopped, what was presented, a report. */
export function AttemptTrouble({ session, state }: AttemptTroubleProps) {
  const { profile, resolved, sessionId } = session;
  const { protocol, port, mqttVersion, socketPath } = profile;
  const { host, path } = resolved ?? profile;
  const isTrustable = canTrust(state.steps, state.failure);
  return (
    <div className={classes.trouble}>
      <Ladder
        steps={state.steps}
        expected={expectedStages(profile)}
        onTrust={
          isTrustable
            ? (certificate) =>
                attempt(async () => {
                  await trustInSession(sessionId, certificate);
                  await connectSession(sessionId);
                })
            : undefined
        }
      />
      <div>
        <CopyReport
          text={connectionReportText({
            at: Date.now(),
            endpoint: {
              protocol,
              host,
              port,
              ...(protocol === 'ws' || protocol === 'wss' ? { path } : {}),
              ...(socketPath === '' ? {} : { socketPath }),
            },
            mqttVersion,
            steps: state.steps,
            failure: state.failure,
            redirect: state.kind === 'failed' ? state.redirect : undefined,
          })}
        />
      </div>
    </div>
  );
}

/** Where the broker sent us, as buttons: it is never followed by itself. */
export function RedirectButtons({
  sessionId,
  redirect,
}: {
  readonly sessionId: string;
  readonly redirect: Redirect;
}) {
  return redirect.servers.map(({ host, port }, server) => {
    const name = `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
    return (
      <Button
        // Servers are listed once, in the broker's order.
        key={name}
        variant="default"
        title={
          redirect.permanent
            ? 'The move is for good: the connection keeps the new address.'
            : 'The move is for now: the connection keeps its address.'
        }
        onClick={() =>
          attempt(() =>
            engineClient().main('connection.follow', { sessionId, server, keep: redirect.permanent }),
          )
        }
      >
        Connect to {visibleText(name)}
      </Button>
    );
  });
}
