import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import classes from './app-refused.module.css';
import { startEngine } from './client/engine.ts';
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keepToken(password);
    void startEngine();
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <PasswordInput
        label="Access password"
        description="Set where Topicscope was started. Or open the link that it printed there: it carries its own key."
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit">Continue</Button>
    </form>
  );
}
