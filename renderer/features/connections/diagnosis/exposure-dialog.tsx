import { Button, Modal, NativeSelect, NumberInput, Switch } from '@mantine/core';
import { useState } from 'react';
import {
  type DiagnosisTarget,
  type ExposureReport,
  exposurePorts,
} from '#app/contract/operations/diagnosis.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Profile } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { RowList } from '#renderer/ui/row-list.tsx';
import { CopyReport } from './copy-report.tsx';
import classes from './diagnosis.module.css';
import { ExposureResults } from './exposure-results.tsx';
import { SIGN_IN_NEEDED, type SignIn, SignInForm } from './sign-in-form.tsx';
import { useRun } from './use-run.ts';

interface PortRow {
  readonly protocol: 'mqtt' | 'ws';
  readonly port: number | undefined;
}

interface ExposureDialogProps {
  readonly profile: Profile;
  readonly target: DiagnosisTarget;
  onClose(): void;
}

/** Finds out whether what TLS protects can also be had without it, at the same host. */
export function ExposureDialog({ profile, target, onClose }: ExposureDialogProps) {
  const run = useRun<ExposureReport>();
  const [ports, setPorts] = useState<readonly PortRow[]>(exposurePorts);
  const [withCredentials, setWithCredentials] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const { state, progress } = run;

  const [signIn, setSignIn] = useState<SignIn | undefined>(undefined);
  const start = (signedIn = signIn) => {
    const found = portsProblem(ports);
    setProblem(found);
    if (found === undefined) {
      const chosen = ports.map(({ protocol, port }) => ({ protocol, port: port ?? 0 }));
      run.start((runId) =>
        engineClient().main('diagnosis.exposure', {
          runId,
          target: { ...target, ...(signedIn === undefined ? {} : { signIn: signedIn }) },
          ports: chosen,
          withCredentials,
        }),
      );
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title="Exposure check"
      size={720}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <p>
          This connection is encrypted. That protects nothing if the same broker also hands the same messages
          out in plain text. The check connects to <b className={classes.code}>{visibleText(profile.host)}</b>
          , and to no other host, without TLS, subscribes as this connection does, listens for a few seconds
          and publishes nothing.
        </p>
        {state.kind !== 'running' && (
          <>
            <PortRows ports={ports} onChange={setPorts} />
            <Switch
              label="Also log in with this connection’s user name and password"
              description="Otherwise only as an anonymous client."
              checked={withCredentials}
              onChange={(event) => setWithCredentials(event.currentTarget.checked)}
            />
            {withCredentials && (
              <p className={classes.note} role="note">
                The password then crosses the network readable for anybody on the way. Do it only in a network
                that you trust, or with a password that you change afterwards.
              </p>
            )}
            {problem !== undefined && (
              <p role="alert" className={classes.loud}>
                {problem}
              </p>
            )}
          </>
        )}
        {state.kind === 'failed' &&
          (state.failure.code === SIGN_IN_NEEDED ? (
            <SignInForm
              username={profile.username}
              onSubmit={(given) => {
                setSignIn(given);
                start(given);
              }}
            />
          ) : (
            <FailureNote failure={state.failure} />
          ))}
        {state.kind === 'done' && <ExposureResults report={state.result} />}
        <footer className={classes.actions}>
          {state.kind === 'running' && (
            <span role="status" className={classes.quiet}>
              {progress.kind === 'running' ? visibleText(progress.doing) : 'Starting'}…
            </span>
          )}
          {state.kind === 'done' && <CopyReport text={state.result.reportText} />}
          {state.kind === 'running' ? (
            <Button variant="default" onClick={run.cancel}>
              Cancel check
            </Button>
          ) : (
            <Button onClick={() => start()}>{state.kind === 'done' ? 'Check again' : 'Start check'}</Button>
          )}
        </footer>
      </div>
    </Modal>
  );
}

function portsProblem(ports: readonly PortRow[]): string | undefined {
  if (ports.length === 0) {
    return 'Add at least one port.';
  }
  const isValid = ports.every(
    ({ port }) => port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535,
  );
  return isValid ? undefined : 'A port is a whole number from 1 to 65535.';
}

interface PortRowsProps {
  readonly ports: readonly PortRow[];
  onChange(ports: readonly PortRow[]): void;
}

/** As many as the engine takes. */
const MAX_PORTS = 16;

function PortRows({ ports, onChange }: PortRowsProps) {
  const set = (index: number, patch: Partial<PortRow>) =>
    onChange(ports.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <RowList
      legend="Ports to try without TLS"
      noun="port"
      rows={ports}
      max={MAX_PORTS}
      rowClass={classes.portRow}
      onAdd={() => onChange([...ports, { protocol: 'mqtt', port: undefined }])}
      onRemove={(index) => onChange(ports.toSpliced(index, 1))}
    >
      {({ protocol, port }, index) => (
        <>
          <NativeSelect
            aria-label={`Protocol ${index + 1}`}
            size="xs"
            value={protocol}
            data={['mqtt', 'ws']}
            onChange={(event) => set(index, { protocol: event.currentTarget.value === 'ws' ? 'ws' : 'mqtt' })}
          />
          <NumberInput
            aria-label={`Port ${index + 1}`}
            size="xs"
            value={port ?? ''}
            onChange={(next) => set(index, { port: typeof next === 'number' ? next : undefined })}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            hideControls
          />
        </>
      )}
    </RowList>
  );
}
