import { Button } from '@mantine/core';
import { BookmarkPlus, Plug, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { DEMO_PROFILE_ID } from '#app/profile/defaults.ts';
import { attempt } from '#renderer/commands/run.ts';
import { connectSession, disconnectSession, saveTemporary } from '#renderer/state/actions.ts';
import { isActive, secondsUntil, sessionEndpoint, stateWord } from '#renderer/state/connection-words.ts';
import { useProfiles } from '#renderer/state/engine-data.ts';
import { editProfile } from '#renderer/state/home.ts';
import { useNow } from '#renderer/ui/clock.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { StateGlyph } from '#renderer/ui/state-glyph.tsx';
import classes from './connection-header.module.css';
import { CredentialsCountdown } from './credentials-countdown.tsx';
import { AttemptTrouble, RedirectButtons } from './diagnosis/attempt-trouble.tsx';
import { HeaderDiagnosis } from './diagnosis/header-diagnosis.tsx';
import { DialSteps } from './dial-steps.tsx';

interface ConnectionHeaderProps {
  readonly session: SessionSummary;
  /** Buttons at the right end. */
  readonly children?: ReactNode;
}

/** The line that belongs to one connection: what it is, how it is, Connect or Disconnect; below it what went wrong. */
export function ConnectionHeader({ session, children }: ConnectionHeaderProps) {
  const { sessionId, profile, state, temporary } = session;
  return (
    <header className={classes.header}>
      <div className={classes.line}>
        <StateGlyph kind={state.kind} />
        <h1 className={classes.name}>{visibleText(profile.name)}</h1>
        <span className={classes.endpoint}>{visibleText(sessionEndpoint(session))}</span>
        {state.kind === 'connecting' && <DialSteps steps={state.steps} />}
        {state.kind === 'connected' && state.credentialsExpireAt !== undefined && (
          <CredentialsCountdown kind={profile.credentials.kind} expireAt={state.credentialsExpireAt} />
        )}
        <HeaderDiagnosis session={session} />
        <div className={classes.end}>
          {temporary && profile.id !== DEMO_PROFILE_ID && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<BookmarkPlus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => attempt(() => saveTemporary(session))}
            >
              Keep in the list
            </Button>
          )}
          {isActive(state) || state.kind === 'disconnecting' ? (
            <Button
              variant="default"
              leftSection={<Unplug size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => attempt(() => disconnectSession(sessionId))}
            >
              Disconnect
            </Button>
          ) : (
            <Button
              leftSection={<Plug size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => attempt(() => connectSession(sessionId))}
            >
              Connect
            </Button>
          )}
          {children}
        </div>
      </div>
      <Trouble session={session} />
    </header>
  );
}

/** Why the connection is not there, in plain words, and when it is tried again. */
function Trouble({ session }: { readonly session: SessionSummary }) {
  const { sessionId, state } = session;
  if (state.kind !== 'failed' && state.kind !== 'waiting') {
    return undefined;
  }
  return (
    <FailureNote
      failure={state.failure}
      level={state.kind === 'failed' ? 'error' : 'warning'}
      actions={
        state.kind === 'waiting' ? (
          <>
            <RetryCountdown state={state} />
            <EditButton profileId={session.profileId} />
            <Button variant="default" onClick={() => attempt(() => connectSession(sessionId))}>
              Retry now
            </Button>
          </>
        ) : (
          <>
            {state.redirect !== undefined && (
              <RedirectButtons sessionId={sessionId} redirect={state.redirect} />
            )}
            <EditButton profileId={session.profileId} />
          </>
        )
      }
    >
      {state.steps.length > 0 && <AttemptTrouble session={session} state={state} />}
    </FailureNote>
  );
}

/** What to do about it is mostly done in the form. A temporary connection has none. */
function EditButton({ profileId }: { readonly profileId: string }) {
  const isSaved = useProfiles().some(({ id }) => id === profileId);
  return (
    isSaved && (
      <Button variant="default" onClick={() => editProfile(profileId)}>
        Edit connection
      </Button>
    )
  );
}

function RetryCountdown({ state }: { readonly state: Extract<ConnectionState, { kind: 'waiting' }> }) {
  const seconds = secondsUntil(state.retryAt, useNow());
  return (
    <span className={classes.countdown} aria-live="off" title={stateWord(state)}>
      Attempt {state.attempt + 1} in {seconds} s
    </span>
  );
}
