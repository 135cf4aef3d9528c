import { NativeSelect } from '@mantine/core';
import { assertNever } from '#app/base/assert.ts';
import {
  type CredentialKind,
  credentialKinds,
  mergeCredentials,
  newCredentials,
  usesPassword,
} from '#app/cloud/credential-kinds.ts';
import { awsRegionOf } from '#app/cloud/credential-problems.ts';
import { findPreset } from '#app/cloud/presets.ts';
import type { Credentials, Profile } from '#app/profile/profile.ts';
import { AzureFields } from './credential-azure.tsx';
import { GoogleFields } from './credential-google.tsx';
import { SecretField } from './credential-secret.tsx';
import { type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';

/** Whether the form asks for user name and password; other ways to sign in make them. */
export function asksForPassword({ credentials }: Profile): boolean {
  return usesPassword(credentials.kind);
}

/** How the client signs in where that is more than a password, with the fields that it takes. */
export function CredentialFields(props: TabProps) {
  const { profile, change, problem } = props;
  const { credentials } = profile;
  const preset = findPreset(profile.presetId);
  const isUsual = preset === undefined || preset.credentials.kind === 'password';
  if (credentials.kind === 'password' && isUsual) {
    return undefined;
  }
  return (
    <>
      <NativeSelect
        label="Sign-in"
        size="xs"
        value={credentials.kind}
        data={credentialKinds.map(({ kind, label }) => ({ value: kind, label }))}
        onChange={(event) => {
          const kind = event.currentTarget.value as CredentialKind;
          change((current) => ({
            credentials: mergeCredentials(current.credentials, newCredentials(kind)),
          }));
        }}
        error={problem('credentials.kind') ?? false}
      />
      <Fields {...props} credentials={credentials} />
    </>
  );
}

function Fields({ credentials, ...props }: TabProps & { readonly credentials: Credentials }) {
  switch (credentials.kind) {
    case 'password':
      return undefined;
    case 'awsSigV4':
      return <AwsKeyFields {...props} credentials={credentials} />;
    case 'awsAuthorizer':
      return <AwsAuthorizerFields {...props} credentials={credentials} />;
    case 'azureSas':
    case 'azureX509':
      return <AzureFields {...props} credentials={credentials} />;
    case 'googleJwt':
      return <GoogleFields {...props} credentials={credentials} />;
    default:
      return assertNever(credentials);
  }
}

/** Props of the fields of one way to sign in. */
export type FieldsOf<K extends CredentialKind> = TabProps & {
  readonly credentials: Extract<Credentials, { readonly kind: K }>;
};

function AwsKeyFields({ credentials, ...props }: FieldsOf<'awsSigV4'>) {
  const { profile, change, problem } = props;
  const named = awsRegionOf(profile.host);
  const set = (patch: Partial<typeof credentials>) => change({ credentials: { ...credentials, ...patch } });
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label="Access key ID"
          value={credentials.accessKeyId}
          onChange={(accessKeyId) => set({ accessKeyId: accessKeyId.trim() })}
          error={problem('credentials.accessKeyId')}
          mono
        />
        <SecretField {...props} name="awsSecretAccessKey" label="Secret access key" />
      </div>
      <div className={styles.pair}>
        <TextField
          label="AWS region"
          value={credentials.region}
          onChange={(region) => set({ region: region.trim() })}
          error={problem('credentials.region')}
          placeholder={named ?? 'eu-central-1'}
          description="Empty: as the host names it."
          mono
        />
        <SecretField
          {...props}
          name="awsSessionToken"
          label="Session token"
          description="Of temporary keys only; those begin with ASIA."
        />
      </div>
    </>
  );
}

function AwsAuthorizerFields({ credentials, ...props }: FieldsOf<'awsAuthorizer'>) {
  const { change, problem } = props;
  const set = (patch: Partial<typeof credentials>) => change({ credentials: { ...credentials, ...patch } });
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label="Authorizer name"
          value={credentials.authorizer}
          onChange={(authorizer) => set({ authorizer: authorizer.trim() })}
          error={problem('credentials.authorizer')}
          description="Empty: the default one of the endpoint."
          mono
        />
        <TextField
          label="Token key name"
          value={credentials.tokenKeyName}
          onChange={(tokenKeyName) => set({ tokenKeyName: tokenKeyName.trim() })}
          error={problem('credentials.tokenKeyName')}
          description="With signing only, as set in the authorizer."
          mono
        />
      </div>
      <div className={styles.pair}>
        <SecretField {...props} name="awsAuthorizerToken" label="Token" />
        <SecretField
          {...props}
          name="awsAuthorizerSignature"
          label="Token signature"
          description="Base64, made with the private key of the authorizer."
        />
      </div>
    </>
  );
}
