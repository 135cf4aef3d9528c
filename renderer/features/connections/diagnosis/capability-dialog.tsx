import { Button, Modal, Switch } from '@mantine/core';
import { useRef, useState } from 'react';
import { statedCapabilities } from '#app/contract/capabilities.ts';
import { capabilityLabels, formatCapability } from '#app/contract/connection-report.ts';
import type { SubscriptionRow } from '#app/contract/feeds/session.ts';
import type { Capability, CapabilityReport } from '#app/contract/operations/diagnosis.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Profile } from '#app/profile/profile.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { GuardedButton } from '#renderer/commands/guarded-button.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { CopyReport } from './copy-report.tsx';
import classes from './diagnosis.module.css';
import { SessionFacts } from './session-facts.tsx';
import { SIGN_IN_NEEDED, type SignIn, SignInForm } from './sign-in-form.tsx';
import { useRun } from './use-run.ts';

interface CapabilityDialogProps {
  readonly sessionId: string;
  readonly profile: Profile;
  readonly state: Extract<ConnectionState, { readonly kind: 'connected' }>;
  onClose(): void;
}

/** Goes along with probes that publish on a production connection. */
interface Confirmed {
  readonly confirmation?: string;
}

const nothing = {};

/** What the broker can do and what it granted: from CONNACK, by the specification, and on request by trying out. */
export function CapabilityDialog({ sessionId, profile, state, onClose }: CapabilityDialogProps) {
  const run = useRun<CapabilityReport>();
  const [allowPublish, setAllowPublish] = useState(false);
  const [signIn, setSignIn] = useState<SignIn | undefined>(undefined);
  // A hold that met the question for the sign-in is not used up by it.
  const held = useRef<Confirmed>({});
  const probe = (signedIn = signIn) => {
    const confirmation = held.current;
    run.start((runId) =>
      engineClient().main('diagnosis.capabilities', {
        runId,
        target: { sessionId, ...(signedIn === undefined ? {} : { signIn: signedIn }) },
        allowPublish: allowPublish && profile.guard !== 'readOnly',
        ...confirmation,
      }),
    );
  };
  const rows = useSessionFeed(sessionId, 'subscriptions', nothing).window?.rows ?? [];
  const { connack, mqttVersion, clientId } = state;
  const report = run.state.kind === 'done' ? run.state.result : undefined;
  const probed = report !== undefined && report.failure === undefined ? report.capabilities : [];
  const capabilities =
    probed.length > 0 ? probed : statedCapabilities(connack, mqttVersion, profile.keepAlive);
  return (
    <Modal
      opened
      onClose={onClose}
      title="Broker capabilities"
      size={840}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <SessionFacts
          connack={connack}
          clientId={clientId}
          askedExpiry={mqttVersion === '5.0' ? profile.sessionExpiryInterval : undefined}
        />
        <CapabilityTable capabilities={capabilities} />
        <Granted rows={rows} />
        {run.state.kind === 'failed' &&
          (run.state.failure.code === SIGN_IN_NEEDED ? (
            <SignInForm
              username={profile.username}
              onSubmit={(given) => {
                setSignIn(given);
                probe(given);
              }}
            />
          ) : (
            <FailureNote failure={run.state.failure} />
          ))}
        {report?.failure !== undefined && <FailureNote failure={report.failure} />}
        {(report?.notes.length ?? 0) > 0 && (
          <ul className={classes.notes} aria-label="What was tried">
            {report?.notes.map((note) => (
              <li key={note}>{visibleText(note)}</li>
            ))}
          </ul>
        )}
        <div className={classes.options}>
          <p className={classes.quiet}>
            Probing connects a second client for a moment and tries out what CONNACK leaves open, below a
            topic of its own.
          </p>
          {profile.guard === 'readOnly' ? (
            <p className={classes.quiet}>Read-only: what only a published message would show stays open.</p>
          ) : (
            <Switch
              label="Publish test messages too"
              description="To a random topic below topicscope/probe/ only; nothing stays there."
              checked={allowPublish}
              onChange={(event) => setAllowPublish(event.currentTarget.checked)}
            />
          )}
        </div>
        <footer className={classes.actions}>
          {run.state.kind === 'running' && (
            <span role="status" className={classes.quiet}>
              {run.progress.kind === 'running' ? run.progress.doing : 'Starting'}…
            </span>
          )}
          {report !== undefined && <CopyReport text={report.reportText} />}
          {run.state.kind === 'running' ? (
            <Button variant="default" onClick={run.cancel}>
              Cancel probe
            </Button>
          ) : allowPublish && profile.guard === 'confirm' ? (
            <GuardedButton
              sessionId={sessionId}
              request={() => engineClient().main('diagnosis.hold', {})}
              onConfirmed={(confirmation) => {
                held.current = confirmation;
                probe();
              }}
            >
              Hold: Probe
            </GuardedButton>
          ) : (
            <Button variant="default" onClick={() => probe()}>
              Probe
            </Button>
          )}
        </footer>
      </div>
    </Modal>
  );
}

const sources: Readonly<Record<Capability['source'], string>> = {
  stated: 'CONNACK',
  default: 'default',
  probed: 'tried out',
  unknown: 'unknown',
};

function CapabilityTable({ capabilities }: { readonly capabilities: readonly Capability[] }) {
  return (
    <table className={classes.table} aria-label="Capabilities">
      <thead>
        <tr>
          <th scope="col">Capability</th>
          <th scope="col">Value</th>
          <th scope="col">Known from</th>
          <th scope="col">What it means</th>
        </tr>
      </thead>
      <tbody>
        {capabilities.map((capability) => (
          <tr key={capability.name}>
            <th scope="row">{capabilityLabels[capability.name]}</th>
            <td className={classes.value} data-limit={isLimit(capability) || undefined}>
              {formatCapability(capability)}
            </td>
            <td className={classes.source}>{sources[capability.source]}</td>
            <td className={classes.why}>{visibleText(capability.note)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What falls short of what MQTT has to offer. */
function isLimit({ name, value }: Capability): boolean {
  return value === false || (name === 'maximumQos' && typeof value === 'number' && value < 2);
}

function Granted({ rows }: { readonly rows: readonly SubscriptionRow[] }) {
  if (rows.length === 0) {
    return <p className={classes.quiet}>This connection has no subscriptions.</p>;
  }
  return (
    <table className={classes.table} aria-label="Granted subscriptions">
      <thead>
        <tr>
          <th scope="col">Subscription</th>
          <th scope="col">Asked for</th>
          <th scope="col">Granted</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ subscription, result }) => (
          <tr key={subscription.id}>
            <td className={classes.code}>{visibleText(subscription.filter)}</td>
            <td className={classes.source}>QoS {subscription.qos}</td>
            <td data-limit={result.kind === 'refused' || undefined}>{grantedWords(result)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function grantedWords(result: SubscriptionRow['result']): string {
  switch (result.kind) {
    case 'granted':
      return `QoS ${result.qos}`;
    case 'refused':
      return `refused: ${visibleText(result.failure.message)}`;
    case 'pending':
      return 'not answered yet';
    default:
      return 'not subscribed';
  }
}
