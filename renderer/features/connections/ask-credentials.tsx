import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { attempt } from '#renderer/commands/run.ts';
import { disconnectSession, signIn } from '#renderer/state/actions.ts';
import { sessionEndpoint } from '#renderer/state/connection-words.ts';
import { useEngineData } from '#renderer/state/engine-data.ts';
import { useWorkspace } from '#renderer/state/workspace.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import classes from './ask-credentials.module.css';

/** Asks for user name and password when the session in view waits for them, whatever made it connect. */
export function AskCredentials() {
  const activeTab = useWorkspace((state) => state.activeTab);
  const session = useEngineData((state) =>
    state.sessions?.find(({ sessionId, awaitsSignIn }) => sessionId === activeTab && awaitsSignIn === true),
  );
  return session === undefined ? undefined : <SignInDialog key={session.sessionId} session={session} />;
}

function SignInDialog({ session }: { readonly session: SessionSummary }) {
  const { sessionId, profile, resolved } = session;
  const [username, setUsername] = useState(resolved?.username ?? profile.username);
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const isOpen = profile.protocol === 'mqtt' || profile.protocol === 'ws';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(sessionId, { username, password });
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={() => attempt(() => disconnectSession(sessionId))}
      title={`Sign in to ${visibleText(profile.name)}`}
      size={400}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <p className={classes.endpoint}>{visibleText(sessionEndpoint(session))}</p>
        <TextInput
          label="Username"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          data-autofocus={username === '' || undefined}
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
          data-autofocus={username !== '' || undefined}
        />
        <p className={classes.note}>
          Held in memory for this tab and its reconnects, and never stored.
          {isOpen && ' They travel unencrypted: anyone on the way can read them.'}
        </p>
        {failure !== undefined && <FailureNote failure={failure} />}
        <div className={classes.actions}>
          <Button variant="subtle" color="gray" onClick={() => attempt(() => disconnectSession(sessionId))}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Connect
          </Button>
        </div>
      </form>
    </Modal>
  );
}
