import type { Failure } from '../contract/failure.ts';
import type { Credentials } from '../profile/profile.ts';

/** The end of an attempt or of a connection, and what is known of the credentials that it used. */
export interface CredentialEnd {
  readonly failure: Failure;
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  readonly now: number;
  /** The broker had accepted the connection. */
  readonly wasUp: boolean;
}

/** Ways in which brokers close a connection whose token is over: without a word, or with a DISCONNECT. */
const cuts: ReadonlySet<string> = new Set([
  'connection.closed',
  'connection.reset',
  'connection.short-lived',
  'connection.takeover-loop',
  'connection.ended-by-broker',
]);

/** Milliseconds by which the broker's clock may be ahead of ours. */
const CLOCK_TOLERANCE = 2000;

/** CONNACK codes about who we are: bad user name or password, not authorized, bad method (3.1.1: 4 and 5). */
const LOGIN_REFUSED = /\b0x(0?4|0?5|86|87|8C)\b/i;

/**
 * What a failure means for credentials that were made from keys; undefined where it has nothing to do with them. A token
 * that is over is renewed by trying again, anything else needs a change.
 */
export function explainCredentials(end: CredentialEnd): Failure | undefined {
  const { failure, credentials, expiresAt, now, wasUp } = end;
  if (credentials.kind === 'password') {
    return undefined;
  }
  if (wasUp) {
    const isOver = expiresAt !== undefined && now >= expiresAt - CLOCK_TOLERANCE && cuts.has(failure.code);
    return isOver ? expired(failure, credentials.kind) : undefined;
  }
  return isLoginRefused(failure) ? { ...failure, hint: remedies[credentials.kind] } : undefined;
}

type MadeKind = Exclude<Credentials['kind'], 'password'>;

function expired(failure: Failure, kind: MadeKind): Failure {
  const detail = [failure.message, failure.detail].filter((text) => text !== undefined).join(' ');
  return {
    code: 'credentials.expired',
    message:
      kind === 'awsSigV4'
        ? 'AWS IoT Core closes a WebSocket after 24 hours; this one is over.'
        : 'The token of this connection expired, so the broker closed it.',
    hint: 'Topicscope makes a new one for each attempt to connect.',
    detail,
  };
}

function isLoginRefused({ code, detail }: Failure): boolean {
  return (
    code === 'websocket.http-401' ||
    code === 'websocket.http-403' ||
    code === 'connect.closed' ||
    (code === 'connect.refused' && LOGIN_REFUSED.test(detail ?? ''))
  );
}

const remedies: Readonly<Record<MadeKind, string>> = {
  awsSigV4:
    'Check region, access key ID and secret access key, the session token of temporary keys, and the clock of this computer. The key’s policy has to allow iot:Connect for this client ID.',
  awsAuthorizer:
    'Check the authorizer’s name, token and signature. The authorizer has to be active; its log in CloudWatch says why it refused.',
  azureSas:
    'Check that the key is that of this device, that the host is the hub’s own name, that the device is enabled, and the clock of this computer.',
  azureX509:
    'Check that the certificate’s thumbprint or its CA is registered in the hub for this device, and that the device is enabled.',
  googleJwt:
    'Check that the public half of this key is registered for the device, the algorithm, the project ID, and the clock of this computer: ten minutes off is too much.',
};
