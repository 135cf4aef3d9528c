import type { Credentials, SecretName } from '../profile/profile.ts';

export type CredentialKind = Credentials['kind'];

/** The ways to sign in, as the form names them. */
export const credentialKinds: readonly { readonly kind: CredentialKind; readonly label: string }[] = [
  { kind: 'password', label: 'Username and password' },
  { kind: 'awsSigV4', label: 'AWS access keys (signed URL)' },
  { kind: 'awsAuthorizer', label: 'AWS custom authorizer' },
  { kind: 'azureSas', label: 'Azure device key (SAS token)' },
  { kind: 'azureX509', label: 'Azure device with X.509 certificate' },
  { kind: 'googleJwt', label: 'Google’s scheme (JSON Web Token)' },
];

/** A way to sign in as the form begins with it. Tokens are good for an hour. */
export function newCredentials(kind: CredentialKind): Credentials {
  switch (kind) {
    case 'password':
      return { kind };
    case 'awsSigV4':
      return { kind, region: '', accessKeyId: '' };
    case 'awsAuthorizer':
      return { kind, authorizer: '', tokenKeyName: '' };
    case 'azureSas':
      return { kind, deviceId: '', moduleId: '', lifetime: 3600 };
    case 'azureX509':
      return { kind, deviceId: '', moduleId: '' };
    case 'googleJwt':
      return { kind, projectId: '', algorithm: 'RS256', lifetime: 3600 };
  }
}

/** What of the old way to sign in goes on being true in the new one: a device ID survives a change from key to X.509. */
export function mergeCredentials(old: Credentials, wanted: Credentials): Credentials {
  if (old.kind === wanted.kind) {
    return old;
  }
  const isAzure = wanted.kind === 'azureSas' || wanted.kind === 'azureX509';
  return isAzure && (old.kind === 'azureSas' || old.kind === 'azureX509')
    ? { ...wanted, deviceId: old.deviceId, moduleId: old.moduleId }
    : wanted;
}

/** Whether user name and password of the profile are sent, or made by us. */
export function usesPassword(kind: CredentialKind): boolean {
  return kind === 'password' || kind === 'awsAuthorizer';
}

const secretsOfKind: Readonly<Record<CredentialKind, readonly SecretName[]>> = {
  password: [],
  awsSigV4: ['awsSecretAccessKey', 'awsSessionToken'],
  awsAuthorizer: ['awsAuthorizerToken', 'awsAuthorizerSignature'],
  azureSas: ['azureDeviceKey'],
  azureX509: [],
  googleJwt: ['jwtPrivateKey'],
};

/** Secrets of the other ways to sign in: without a field on the form, they should not stay in the vault either. */
export function foreignSecrets(kind: CredentialKind): readonly SecretName[] {
  return Object.values(secretsOfKind)
    .flat()
    .filter((name) => !secretsOfKind[kind].includes(name));
}
