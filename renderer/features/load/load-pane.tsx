import { Lock } from 'lucide-react';
import { useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { type LoadTest, loadCap } from '#app/load/load-test.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import classes from './load.module.css';
import { LoadForm } from './load-form.tsx';
import { LoadResult } from './load-result.tsx';

/** Sends the composer's message many times at a rate, and shows what is reached. */
export function LoadPane({ sessionId }: { readonly sessionId: string }) {
  const profile = useSession(sessionId)?.profile;
  const guard = profile?.guard ?? 'readOnly';
  const cap = loadCap(guard);
  const { window } = useSessionFeed(sessionId, 'loadRun', {});
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const run = window?.run;

  const attempt = (work: () => Promise<unknown>) => {
    setFailure(undefined);
    work().catch((error: unknown) => setFailure(toFailure(error)));
  };
  const start = (test: LoadTest, token?: Promise<string>) =>
    attempt(async () => {
      const confirmed = token === undefined ? {} : { confirmation: await token };
      await engineClient().session(sessionId, 'load.start', { test, ...confirmed });
    });

  return (
    <Pane role="region" aria-label="Load">
      <PaneHeader title="Load" />
      <PaneBody>
        {cap === undefined ? (
          <p className={classes.readOnly} role="note">
            <Lock size={14} strokeWidth={1.75} aria-hidden />
            Read-only: no load test on this connection.
          </p>
        ) : (
          <LoadForm
            sessionId={sessionId}
            cap={cap}
            isProduction={guard === 'confirm'}
            isRunning={run?.state === 'running'}
            onStart={start}
            onStop={() => attempt(() => engineClient().session(sessionId, 'load.stop', {}))}
          />
        )}
        {failure !== undefined && <FailureNote failure={failure} />}
        {run !== undefined && <LoadResult run={run} connection={profile?.name ?? ''} />}
      </PaneBody>
    </Pane>
  );
}
