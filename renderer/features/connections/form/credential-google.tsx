import { Button, FileButton, NativeSelect } from '@mantine/core';
import { googleProject } from '#app/cloud/credential-problems.ts';
import type { Credentials } from '#app/profile/profile.ts';
import { attempt } from '#renderer/commands/run.ts';
import styles from './cloud-preset.module.css';
import { SecretField } from './credential-secret.tsx';
import { NumberField, type TabProps, TextField } from './fields.tsx';
import form from './form.module.css';

/** Bytes; a private key has a few thousand at most. */
const MAX_KEY_FILE = 60_000;

interface GoogleFieldsProps extends TabProps {
  readonly credentials: Extract<Credentials, { readonly kind: 'googleJwt' }>;
}

/** Project, algorithm and private key of a device in the scheme of Google Cloud IoT Core. */
export function GoogleFields({ credentials, ...props }: GoogleFieldsProps) {
  const { profile, change, changeNamedSecret, problem } = props;
  const set = (patch: Partial<typeof credentials>) => change({ credentials: { ...credentials, ...patch } });
  const takeFile = (file: File | null) => {
    if (file !== null) {
      // What is no key, or a part of one, is named at the field.
      attempt(async () => changeNamedSecret('jwtPrivateKey', await file.slice(0, MAX_KEY_FILE).text()));
    }
  };
  return (
    <>
      <div className={form.pair}>
        <TextField
          label="Project ID"
          value={credentials.projectId}
          onChange={(projectId) => set({ projectId: projectId.trim() })}
          error={problem('credentials.projectId')}
          placeholder={googleProject(profile.clientId) ?? ''}
          description="Empty: as the client ID names it."
          mono
        />
        <NativeSelect
          label="Algorithm"
          size="xs"
          value={credentials.algorithm}
          data={[
            { value: 'RS256', label: 'RS256 (RSA key)' },
            { value: 'ES256', label: 'ES256 (EC key, P-256)' },
          ]}
          onChange={(event) => set({ algorithm: event.currentTarget.value === 'ES256' ? 'ES256' : 'RS256' })}
        />
      </div>
      <div className={form.pair}>
        <div className={styles.keyFile}>
          <SecretField
            {...props}
            name="jwtPrivateKey"
            label="Private key"
            description="PEM, not encrypted: pasted, or from a file."
          />
          <FileButton onChange={takeFile} accept=".pem,.key,.txt">
            {(button) => (
              <Button {...button} size="xs" variant="default">
                Choose file
              </Button>
            )}
          </FileButton>
        </div>
        <NumberField
          label="Token lifetime"
          unit="s"
          value={credentials.lifetime}
          onChange={(lifetime) => set({ lifetime: lifetime ?? Number.NaN })}
          error={problem('credentials.lifetime')}
          description="A day at most. Then the service ends the connection; the next one has a fresh token."
        />
      </div>
    </>
  );
}
