import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DiagnosisTarget } from '#app/contract/operations/diagnosis.ts';
import classes from './diagnosis.module.css';

export type SignIn = NonNullable<DiagnosisTarget['signIn']>;

/** The engine sends no credentials that it was not given: this failure says that a check needs some. */
export const SIGN_IN_NEEDED = 'diagnosis.sign-in';

interface SignInFormProps {
  /** What stands in the profile. */
  readonly username: string;
  readonly onSubmit: (signIn: SignIn) => void;
}

/** Asks for user name and password of a connection that keeps none, for one check. */
export function SignInForm({ username: initial, onSubmit }: SignInFormProps) {
  const [username, setUsername] = useState(initial);
  const [password, setPassword] = useState('');
  return (
    <form
      className={classes.signIn}
      aria-label="Sign in for this check"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ username, password });
      }}
    >
      <p>
        This connection asks for user name and password with each connect. They are held for this dialog only.
      </p>
      <TextInput
        label="Username"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        autoFocus={initial === ''}
      />
      <PasswordInput
        label="Password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        autoFocus={initial !== ''}
      />
      <Button type="submit">Sign in</Button>
    </form>
  );
}
