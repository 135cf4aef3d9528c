import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import classes from './app-refused.module.css';
import { startEngine, useEngine } from './client/engine.ts';
import { keepToken } from './client/token.ts';
import { FailureNote } from './ui/failure-note.tsx';

/** The engine would not let this window in: ask for the access password, or offer to load the right version. */
export function AppRefused({ failure }: { readonly failure: Failure }) {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <h1 className={classes.title}>Topicscope</h1>
        <FailureNote failure={failure} />
        {failure.code === 'contract.version' ? (
          <Button onClick={() => location.reload()}>Reload the window</Button>
        ) : (
          <PasswordForm />
        )}
      </div>
    </main>
  );
}

function PasswordForm() {
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState<number | undefined>(undefined);
  // Each refusal counts the epoch up: until then the answer to what was sent is on its way.
  const epoch = useEngine((state) => state.epoch);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password === '') {
      return;
    }
    setTried(epoch);
    keepToken(password);
    void startEngine();
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <PasswordInput
        label="Access password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={tried === epoch} aria-disabled={password === ''}>
        Continue
      </Button>
    </form>
  );
}
