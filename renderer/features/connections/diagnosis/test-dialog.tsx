import { Button, Modal, Switch } from '@mantine/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatDuration } from '#app/base/format.ts';
import { formatEndpoint } from '#app/contract/connection-report.ts';
import type { ConnectionReport, DiagnosisTarget } from '#app/contract/operations/diagnosis.ts';
import type { DialStage, PresentedCertificate } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { CopyReport } from './copy-report.tsx';
import classes from './diagnosis.module.css';
import { Ladder } from './ladder.tsx';
import { SessionFacts } from './session-facts.tsx';
import { SIGN_IN_NEEDED, type SignIn, SignInForm } from './sign-in-form.tsx';
import { canTrust } from './trust.ts';
import { type Run, useRun } from './use-run.ts';

export interface TestDialogProps {
  /** What is tested, as it is now. */
  readonly target: DiagnosisTarget;
  readonly expected: readonly DialStage[];
  /** The user name of the connection, where it is not in the target. */
  readonly username?: string;
  /** Pins the certificate; answers with what is to be tested from then on. */
  readonly onTrust?: ((certificate: PresentedCertificate) => Promise<DiagnosisTarget>) | undefined;
  onClose(): void;
}

/** Runs the ladder once it opens, and shows it rung by rung. */
export function TestDialog({ target, expected, username = '', onTrust, onClose }: TestDialogProps) {
  const run = useRun<ConnectionReport>();
  const [isOwnId, setOwnId] = useState(false);
  const [signIn, setSignIn] = useState<SignIn | undefined>(undefined);
  const test = (tested: DiagnosisTarget, isOwn: boolean, signedIn = signIn) =>
    run.start((runId) =>
      engineClient().main('connection.test', {
        runId,
        target: { ...tested, ...(signedIn === undefined ? {} : { signIn: signedIn }) },
        clientId: isOwn ? 'own' : 'suffixed',
      }),
    );
  const first = useRef(() => test(target, false));
  useEffect(() => first.current(), []);
  const { state } = run;
  const trust =
    onTrust === undefined
      ? undefined
      : (certificate: PresentedCertificate) => attempt(async () => test(await onTrust(certificate), isOwnId));
  return (
    <Modal
      opened
      onClose={onClose}
      title="Test connection"
      size={760}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        {state.kind === 'failed' && state.failure.code === SIGN_IN_NEEDED ? (
          <SignInForm
            username={'profile' in target ? target.profile.username : username}
            onSubmit={(given) => {
              setSignIn(given);
              test(target, isOwnId, given);
            }}
          />
        ) : (
          <Findings run={run} expected={expected} onTrust={trust} />
        )}
        <div className={classes.options}>
          <Switch
            label="With the connection’s own client ID"
            description="For brokers that know their clients by it. A live connection of this ID would be thrown out."
            checked={isOwnId}
            onChange={(event) => setOwnId(event.currentTarget.checked)}
          />
        </div>
        <footer className={classes.actions}>
          {state.kind === 'done' && <CopyReport text={state.result.reportText} />}
          {state.kind === 'running' ? (
            <Button variant="default" onClick={run.cancel}>
              Cancel test
            </Button>
          ) : (
            <Button variant="default" onClick={() => test(target, isOwnId)}>
              Test again
            </Button>
          )}
        </footer>
      </div>
    </Modal>
  );
}

interface FindingsProps {
  readonly run: Run<ConnectionReport>;
  readonly expected: readonly DialStage[];
  readonly onTrust: ((certificate: PresentedCertificate) => void) | undefined;
}

function Findings({ run, expected, onTrust }: FindingsProps) {
  const { state, progress } = run;
  if (state.kind === 'idle') {
    return <p className={classes.quiet}>The test was cancelled.</p>;
  }
  if (state.kind === 'failed') {
    return <FailureNote failure={state.failure} />;
  }
  if (state.kind === 'running') {
    return (
      <>
        <p role="status" className={classes.quiet}>
          {progress.kind === 'running' ? progress.doing : 'Starting'}…
        </p>
        <Ladder steps={progress.kind === 'running' ? progress.steps : []} expected={expected} />
      </>
    );
  }
  const report = state.result;
  return (
    <>
      <Outcome report={report} />
      <Ladder
        steps={report.steps}
        expected={report.outcome === 'connected' ? [] : expected}
        failure={report.failure}
        onTrust={canTrust(report.steps, report.failure) ? onTrust : undefined}
      />
      {report.failure !== undefined && report.steps.length === 0 && <FailureNote failure={report.failure} />}
      {report.redirect !== undefined && (
        <p className={classes.note}>
          The broker is {report.redirect.permanent ? 'gone for good' : 'elsewhere for now'}:{' '}
          {visibleText(report.redirect.reference)}
        </p>
      )}
      {report.connack !== undefined && <SessionFacts connack={report.connack} clientId={report.clientId} />}
      {report.notes.length > 0 && (
        <ul className={classes.notes} aria-label="About this test">
          {report.notes.map((note) => (
            <li key={note}>{visibleText(note)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Outcome({ report }: { readonly report: ConnectionReport }) {
  const isConnected = report.outcome === 'connected';
  const Icon = isConnected ? CircleCheck : CircleAlert;
  const isUnverified = report.tls?.authorized === false;
  return (
    <p role="status" className={classes.outcome} data-level={isConnected ? 'ok' : 'error'}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span>
        {isConnected ? 'Connected' : 'Not connected'} after {formatDuration(report.duration)}:{' '}
        <span className={classes.code}>{visibleText(formatEndpoint(report.endpoint))}</span>
        {isUnverified && (
          <b className={classes.loud}>
            {' '}
            The broker’s certificate was not verified: {visibleText(report.tls?.unverifiedBecause ?? '')}
          </b>
        )}
        {report.tls?.pinned === true && ' Its certificate is the one that was trusted by hand.'}
      </span>
    </p>
  );
}
