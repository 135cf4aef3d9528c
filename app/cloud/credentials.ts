import { fail } from '../contract/failure.ts';
import type { Credentials, Protocol, SecretName } from '../profile/profile.ts';
import { authorizerUsername } from './aws-authorizer.ts';
import { presignedQuery } from './aws-sigv4.ts';
import { azureResource, azureUsername, sasToken } from './azure-iot-hub.ts';
import {
  awsRegionOf,
  type CredentialParts,
  credentialProblems,
  googleProject,
} from './credential-problems.ts';
import { fromBase64 } from './encoding.ts';
import { deviceJwt } from './jwt.ts';

/** What credentials are made of: the part of the connection settings that they touch. */
export interface CredentialSource extends CredentialParts {
  readonly port: number;
  readonly path: string;
  readonly username: string;
  readonly password?: string;
  readonly secrets: Readonly<Partial<Record<SecretName, string>>>;
}

/** What one attempt to connect sends. */
export interface ResolvedCredentials {
  readonly username: string;
  readonly password?: string;
  /** Added to the path of the WebSocket's opening handshake; as secret as a password. */
  readonly secretQuery?: string;
  /** Milliseconds since the epoch: from then on the broker no longer accepts them, and may cut the connection. */
  readonly expiresAt?: number;
}

/** Seconds in which a signed URL has to be used: it goes out at once, and clocks differ. */
const URL_LIFETIME = 300;

/** Milliseconds after which AWS IoT Core closes a WebSocket (AWS IoT Core endpoints and quotas). */
const AWS_CONNECTION_LIFETIME = 24 * 3600 * 1000;

/** Customary ports, which the Host header leaves out (RFC 9110 section 7.2). */
const hostPorts: Readonly<Partial<Record<Protocol, number>>> = { ws: 80, wss: 443 };

/**
 * User name, password and signed query for one attempt to connect. Made anew for each, so that a token is never an old
 * one. `now` in milliseconds since the epoch. Throws a failure that names what is missing or malformed.
 */
export async function resolveCredentials(given: CredentialSource, now: number): Promise<ResolvedCredentials> {
  // As the connection is dialled: what is signed has to be what is sent.
  const source = { ...given, host: given.host.trim(), path: pathOf(given.path) };
  const { credentials, username, password } = source;
  const asEntered = { username, ...(password === undefined ? {} : { password }) };
  if (credentials.kind === 'password') {
    return asEntered;
  }
  checkInputs(source);
  const secret = (name: SecretName) => (source.secrets[name] ?? '').trim();
  switch (credentials.kind) {
    case 'awsSigV4':
      return {
        ...asEntered,
        secretQuery: await awsQuery(source, credentials, now),
        expiresAt: now + AWS_CONNECTION_LIFETIME,
      };
    case 'awsAuthorizer':
      return {
        ...asEntered,
        username: authorizerUsername({
          ...credentials,
          username,
          token: secret('awsAuthorizerToken'),
          signature: secret('awsAuthorizerSignature'),
        }),
      };
    case 'azureSas': {
      const identity = { ...credentials, hub: source.host };
      const expiry = Math.floor(now / 1000) + credentials.lifetime;
      const key = fromBase64(secret('azureDeviceKey')) ?? new Uint8Array();
      return {
        username: azureUsername(identity),
        password: await sasToken(azureResource(identity), key, expiry),
        expiresAt: expiry * 1000,
      };
    }
    case 'azureX509':
      return { username: azureUsername({ ...credentials, hub: source.host }) };
    case 'googleJwt': {
      const { algorithm, lifetime } = credentials;
      const projectId = credentials.projectId || (googleProject(source.clientId) ?? '');
      const issued = Math.floor(now / 1000);
      const claims = { iat: issued, exp: issued + lifetime, aud: projectId };
      return {
        // The service ignores it, but MQTT 3.1.1 has no password without a user name (section 3.1.2.9).
        username: username === '' ? 'unused' : username,
        password: await deviceJwt(claims, source.secrets.jwtPrivateKey ?? '', algorithm),
        expiresAt: claims.exp * 1000,
      };
    }
  }
}

function pathOf(path: string): string {
  const trimmed = path.trim();
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

function awsQuery(
  { host, port, path, protocol, secrets }: CredentialSource,
  { region, accessKeyId }: Extract<Credentials, { readonly kind: 'awsSigV4' }>,
  now: number,
): Promise<string> {
  return presignedQuery(
    {
      host: hostPorts[protocol] === port ? host : `${host}:${port}`,
      path,
      region: region === '' ? (awsRegionOf(host) ?? '') : region,
      service: 'iotdevicegateway',
      accessKeyId: accessKeyId.trim(),
      secretAccessKey: (secrets.awsSecretAccessKey ?? '').trim(),
      sessionToken: secrets.awsSessionToken?.trim(),
      expires: URL_LIFETIME,
      token: 'appended',
    },
    now,
  );
}

/** What the form would have said as well: a profile may come from elsewhere, and a secret may be gone. */
function checkInputs(source: CredentialSource): void {
  const text = (name: SecretName) => source.secrets[name];
  const has = (name: SecretName) => (text(name) ?? '').trim() !== '';
  // That TLS is missing is said on the form: the exposure check tries what it would be like without.
  const problem = credentialProblems(source, { text, has }).find(({ field }) => field !== 'credentials.kind');
  if (problem !== undefined) {
    throw fail(
      `credentials.${problem.field.replace(/^(credentials|secrets)\./, '')}`,
      problem.message,
      `Open the profile, tab “${problem.field.startsWith('tls.') ? 'Security' : 'General'}”, and mend it there.`,
    );
  }
}
