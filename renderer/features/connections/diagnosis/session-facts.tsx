import type { ReactNode } from 'react';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './diagnosis.module.css';

const NEVER = 0xffff_ffff;

interface SessionFactsProps {
  readonly connack: ConnackSummary;
  readonly clientId: string;
  /** Seconds that the profile asks for; absent where it does not matter. */
  readonly askedExpiry?: number | undefined;
}

/** What the broker said about the session: client id, session present, expiry, and its own words. */
export function SessionFacts({ connack, clientId, askedExpiry }: SessionFactsProps) {
  const { assignedClientId, sessionPresent, sessionExpiryInterval, serverKeepAlive } = connack;
  const expiry = sessionExpiryInterval ?? askedExpiry;
  return (
    <dl className={classes.facts} aria-label="Session">
      <Fact name="Client ID">
        <span className={classes.code}>{visibleText(assignedClientId ?? clientId)}</span>
        {assignedClientId !== undefined && ', assigned by the broker'}
      </Fact>
      <Fact name="Session">
        {sessionPresent
          ? 'present: the broker had kept one and goes on with it'
          : 'new: the broker had kept none'}
      </Fact>
      {expiry !== undefined && (
        <Fact name="Session expiry">
          {expiryWords(expiry)}
          {sessionExpiryInterval !== undefined && ', as the broker decided'}
        </Fact>
      )}
      {serverKeepAlive !== undefined && (
        <Fact name="Keep alive">{serverKeepAlive} s, as the broker decided</Fact>
      )}
      {connack.responseInformation !== undefined && (
        <Fact name="Response information">
          <span className={classes.code}>{visibleText(connack.responseInformation)}</span>
        </Fact>
      )}
      {connack.reasonString !== undefined && <Fact name="Reason">{visibleText(connack.reasonString)}</Fact>}
      {connack.userProperties.map(({ key, value }, index) => (
        // Properties may repeat; they never change place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Fact key={index} name={visibleText(key)}>
          {visibleText(value)}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Seconds as MQTT 5.0 section 3.1.2.11.2 means them. */
function expiryWords(seconds: number): string {
  if (seconds === NEVER) {
    return 'never';
  }
  return seconds === 0 ? 'ends with the connection' : `${seconds} s after the connection`;
}
