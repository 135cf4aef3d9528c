import { KeyRound } from 'lucide-react';
import { formatDuration } from '#app/base/format.ts';
import { secondsUntil } from '#renderer/state/connection-words.ts';
import { useNow } from '#renderer/ui/clock.ts';
import classes from './credentials-countdown.module.css';

/** Seconds before the end from which the countdown stands out. */
const SOON = 60;

/** How long the broker goes on accepting what this connection signed in with. */
export function CredentialsCountdown({ expireAt }: { readonly expireAt: number }) {
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
      {seconds === 0 ? 'Token expired' : `Token expires in ${left}`}
    </span>
  );
}
