import { Lock, LockOpen } from 'lucide-react';
import { formatBytes, formatCount } from '#app/base/format.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import {
  endpointText,
  secondsUntil,
  stateWord,
  tlsText,
  versionText,
} from '#renderer/state/connection-words.ts';
import { useNow } from '#renderer/ui/clock.ts';
import { Rate } from '#renderer/ui/numbers.tsx';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import { LedgerStatus } from './ledger-status.tsx';
import classes from './status-bar.module.css';

const nothing = {};

/** The line at the bottom of a session: how it is connected, how much comes, and where every message is. */
export function StatusBar({ session }: { readonly session: SessionSummary }) {
  const status = useSessionFeed(session.sessionId, 'status', nothing).window;
  const state = status?.state ?? session.state;
  return (
    <footer className={classes.bar}>
      <div role="status" aria-label="Connection status" className={classes.part}>
        <StateGlyph kind={state.kind} size={10} />
        <span className={classes.state}>
          {stateWord(state)}
          {state.kind === 'waiting' && <Countdown until={state.retryAt} />}
        </span>{' '}
        <ConnectionFacts session={session} state={state} />
      </div>
      {status !== undefined && (
        <>
          <dl className={classes.figures}>
            <Figure name="Messages received per second" text={<Rate value={status.receivedPerSecond} />} />
            <Figure name="Bytes received per second" text={`${formatBytes(status.bytesPerSecond)}/s`} />
            <Figure name="Topics" text={`${formatCount(status.topics)} topics`} />
          </dl>
          <LedgerStatus ledger={status.ledger} />
        </>
      )}
    </footer>
  );
}

function Countdown({ until }: { readonly until: number }) {
  return <span aria-hidden>, {secondsUntil(until, useNow())} s</span>;
}

function Figure({ name, text }: { readonly name: string; readonly text: React.ReactNode }) {
  return (
    <div className={classes.figure} title={name}>
      <dt className="visually-hidden">{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** Endpoint, MQTT version and encryption: as negotiated while connected, else as the profile wants it. */
function ConnectionFacts({
  session,
  state,
}: {
  readonly session: SessionSummary;
  readonly state: ConnectionState;
}) {
  const { profile } = session;
  const isConnected = state.kind === 'connected';
  const endpoint = isConnected ? state.endpoint : profile;
  const version = isConnected ? state.mqttVersion : profile.mqttVersion;
  const tls = isConnected ? state.tls : undefined;
  const wantsTls = endpoint.protocol === 'mqtts' || endpoint.protocol === 'wss';
  return (
    <>
      <span className={classes.endpoint} title={isConnected ? state.endpoint.address : undefined}>
        {visibleText(endpointText(endpoint))}
      </span>{' '}
      <span className={classes.fact}>{versionText(version)}</span>{' '}
      {tls !== undefined && (
        <span
          className={classes.fact}
          data-level={tls.authorized ? 'ok' : 'warn'}
          title={[tls.cipher, tls.peer?.subject, tls.unverifiedBecause].filter(Boolean).join('\n')}
        >
          <Lock size={12} strokeWidth={1.75} aria-hidden />
          {tlsText(tls.version)}
          {!tls.authorized && ', not verified'}
        </span>
      )}
      {!wantsTls && (
        <span className={classes.fact} title="Anyone on the way can read what is sent.">
          <LockOpen size={12} strokeWidth={1.75} aria-hidden />
          not encrypted
        </span>
      )}
    </>
  );
}
