import { ListChecks, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { CapabilityDialog } from './capability-dialog.tsx';
import { ExposureDialog } from './exposure-dialog.tsx';
import classes from './header-diagnosis.module.css';
import { expectedStages } from './stages.ts';
import { TestDialog } from './test-dialog.tsx';
import { trustInSession } from './trust.ts';

type Dialog = 'capabilities' | 'test' | 'exposure';

/** In a connection's header: what its broker can do; its test and the exposure check as commands. */
export function HeaderDiagnosis({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profile, state } = session;
  const [dialog, setDialog] = useState<Dialog | undefined>(undefined);
  const close = () => setDialog(undefined);
  const isEncrypted = profile.protocol === 'mqtts' || profile.protocol === 'wss';

  useCommand({
    id: 'connection.capabilities',
    label: 'Broker capabilities',
    group: 'Connection',
    keywords: ['connack', 'limits', 'probe'],
    enabled: () => state.kind === 'connected',
    run: () => setDialog('capabilities'),
  });
  useCommand({
    id: 'connection.test',
    label: 'Test connection',
    group: 'Connection',
    keywords: ['diagnose', 'ladder', 'dns', 'tls'],
    run: () => setDialog('test'),
  });
  useCommand({
    id: 'connection.exposure',
    label: 'Exposure check',
    group: 'Connection',
    keywords: ['plain', 'text', 'eavesdrop', 'security'],
    enabled: () => isEncrypted && profile.socketPath === '',
    run: () => setDialog('exposure'),
  });

  const target = { sessionId };
  return (
    <>
      <TrustMark session={session} />
      {state.kind === 'connected' && (
        <IconButton
          icon={ListChecks}
          label="Broker capabilities"
          aria-haspopup="dialog"
          onClick={() => setDialog('capabilities')}
        />
      )}
      {dialog === 'capabilities' && state.kind === 'connected' && (
        <CapabilityDialog sessionId={sessionId} profile={profile} state={state} onClose={close} />
      )}
      {dialog === 'test' && (
        <TestDialog
          target={target}
          expected={expectedStages(profile)}
          username={profile.username}
          onTrust={async (certificate) => {
            await trustInSession(sessionId, certificate);
            return target;
          }}
          onClose={close}
        />
      )}
      {dialog === 'exposure' && <ExposureDialog profile={profile} target={target} onClose={close} />}
    </>
  );
}

/** Says for as long as it is so that a certificate was trusted by hand, or that none is verified. */
function TrustMark({ session: { profile, state } }: { readonly session: SessionSummary }) {
  const { tls, protocol } = profile;
  if (protocol !== 'mqtts' && protocol !== 'wss') {
    return undefined;
  }
  const isKnownGood = state.kind === 'connected' && state.tls?.authorized === true;
  if (!tls.verify && tls.psk === undefined) {
    return (
      <span
        className={classes.mark}
        data-level="error"
        title="Anyone on the way can pretend to be the broker. Turn “Verify server certificate” on in the tab “Security”."
      >
        <ShieldAlert size={14} strokeWidth={1.75} aria-hidden />
        {isKnownGood ? 'verification off' : 'not verified'}
      </span>
    );
  }
  if (tls.pin === undefined) {
    return undefined;
  }
  return (
    <span
      className={classes.mark}
      data-level="warn"
      title={`Trusted by hand, whoever issued it: ${visibleText(tls.pin.subject)}\nSHA-256 ${tls.pin.fingerprint256}\nForget it in the tab “Security”.`}
    >
      <ShieldCheck size={14} strokeWidth={1.75} aria-hidden />
      pinned certificate
    </span>
  );
}
