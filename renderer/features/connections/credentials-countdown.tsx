import { KeyRound } from 'lucide-react';
import { formatDuration } from '#app/base/format.ts';
import type { CredentialKind } from '#app/cloud/credential-kinds.ts';
import { secondsUntil } from '#renderer/state/connection-words.ts';
import { useNow } from '#renderer/ui/clock.ts';
import classes from './credentials-countdown.module.css';

/** Seconds before the end from which the countdown stands out. */
const SOON = 60;

interface CredentialsCountdownProps {
  readonly kind: CredentialKind;
  /** Milliseconds since the epoch. */
  readonly expireAt: number;
}

/** How long the broker goes on accepting what this connection signed in with. */
export function CredentialsCountdown({ kind, expireAt }: CredentialsCountdownProps) {
  const seconds = secondsUntil(expireAt, useNow());
  const left = seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
  const at = new Date(expireAt).toLocaleString();
  return (
    <span
      className={classes.countdown}
      data-level={seconds <= SOON ? 'warn' : undefined}
      aria-live="off"
      title={`Until ${at} the broker accepts what this connection signed in with. Then it ends the connection, and Topicscope connects again with fresh credentials.`}
    >
      <KeyRound size={12} strokeWidth={1.75} aria-hidden />
      {words(kind, seconds === 0 ? undefined : left)}
    </span>
  );
}

/** A signed URL only opens the connection: what ends then is the time that AWS gives it. */
function words(kind: CredentialKind, left: string | undefined): string {
  if (kind === 'awsSigV4') {
    return left === undefined ? 'AWS may end the connection' : `AWS ends the connection in ${left}`;
  }
  return left === undefined ? 'Token expired' : `Token expires in ${left}`;
}
