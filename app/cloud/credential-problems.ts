import type { Credentials, Profile, Protocol, SecretName } from '../profile/profile.ts';
import { azureClientId } from './azure-iot-hub.ts';
import { fromBase64 } from './encoding.ts';
import { jwtKeyProblem } from './jwt.ts';

/** Something without which the credentials can't be made, with the remedy in its words. */
export interface CredentialProblem {
  /** Path in the profile, or `secrets.NAME`. */
  readonly field: string;
  readonly message: string;
}

/** The parts of a profile that credentials are made of; connection settings have them as well. */
export type CredentialParts = Pick<Profile, 'host' | 'clientId' | 'credentials'> & {
  readonly protocol: Protocol;
  readonly tls: { readonly certificate?: unknown };
};

/** What is known of the secrets: whether there is one, and its text where that is at hand. */
export interface SecretsKnown {
  has(name: SecretName): boolean;
  text(name: SecretName): string | undefined;
}

/** The endpoint of AWS names its region: `abc-ats.iot.eu-central-1.amazonaws.com`. */
export function awsRegionOf(host: string): string | undefined {
  return /\.iot\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/i.exec(host)?.[1]?.toLowerCase();
}

/** Parts of the path that a client ID in Google's scheme is. */
const GOOGLE_CLIENT_ID = /^projects\/([^/]+)\/locations\/[^/]+\/registries\/[^/]+\/devices\/[^/]+$/;

/** The project that a client ID of Google's scheme names; undefined when it is not of that form. */
export function googleProject(clientId: string): string | undefined {
  return GOOGLE_CLIENT_ID.exec(clientId)?.[1];
}

/** All that keeps the credentials of a connection from being made, in the order of the form. */
export function credentialProblems(parts: CredentialParts, secrets: SecretsKnown): CredentialProblem[] {
  const { credentials } = parts;
  switch (credentials.kind) {
    case 'password':
      return [];
    case 'awsSigV4':
      return awsSignatureProblems(parts, credentials, secrets);
    case 'awsAuthorizer':
      return awsAuthorizerProblems(parts, credentials, secrets);
    case 'azureSas':
    case 'azureX509':
      return azureProblems(parts, credentials, secrets);
    case 'googleJwt':
      return googleProblems(parts, credentials, secrets);
  }
}

type Of<K extends Credentials['kind']> = Extract<Credentials, { readonly kind: K }>;

function awsSignatureProblems(
  { protocol, host }: CredentialParts,
  { region: entered, accessKeyId }: Of<'awsSigV4'>,
  secrets: SecretsKnown,
): CredentialProblem[] {
  const region = entered === '' ? (awsRegionOf(host) ?? '') : entered;
  return list(
    protocol !== 'wss' &&
      protocol !== 'ws' && {
        field: 'credentials.kind',
        message: 'AWS access keys sign the URL of a WebSocket: choose the protocol wss and port 443.',
      },
    !hasVariables(host) &&
      !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) && {
        field: 'credentials.region',
        message:
          region === ''
            ? 'Enter the AWS region, for example eu-central-1: the host does not name it.'
            : 'A region looks like eu-central-1 or us-gov-west-1.',
      },
    accessKeyId.trim() === '' && {
      field: 'credentials.accessKeyId',
      message:
        'Enter the access key ID that AWS shows under IAM, Security credentials. It begins with AKIA or ASIA.',
    },
    missing(secrets, 'awsSecretAccessKey', 'Enter the secret access key that belongs to the access key ID.'),
    accessKeyId.startsWith('ASIA') &&
      missing(
        secrets,
        'awsSessionToken',
        'An access key ID that begins with ASIA is a temporary one: enter its session token as well.',
      ),
  );
}

function awsAuthorizerProblems(
  { protocol }: CredentialParts,
  { tokenKeyName }: Of<'awsAuthorizer'>,
  secrets: SecretsKnown,
): CredentialProblem[] {
  const hasToken = secrets.has('awsAuthorizerToken');
  const hasSignature = secrets.has('awsAuthorizerSignature');
  return list(
    needsTls(protocol, 'AWS IoT Core'),
    (hasToken || hasSignature) &&
      tokenKeyName === '' && {
        field: 'credentials.tokenKeyName',
        message: 'Enter the token key name that is set in the authorizer; the token is sent under it.',
      },
    (tokenKeyName !== '' || hasSignature) &&
      missing(secrets, 'awsAuthorizerToken', 'Enter the token, or leave token key name and signature empty.'),
  );
}

function azureProblems(
  { protocol, clientId, tls }: CredentialParts,
  credentials: Of<'azureSas'> | Of<'azureX509'>,
  secrets: SecretsKnown,
): CredentialProblem[] {
  const { deviceId } = credentials;
  const expected = azureClientId(credentials);
  const key = secrets.text('azureDeviceKey');
  return list(
    needsTls(protocol, 'Azure IoT Hub'),
    deviceId === '' && {
      field: 'credentials.deviceId',
      message: 'Enter the device ID as it is registered in the hub, under Devices.',
    },
    deviceId !== '' &&
      !hasVariables(clientId) &&
      clientId !== expected && {
        field: 'clientId',
        message: `Azure IoT Hub takes only “${expected}” as client ID of this device.`,
      },
    credentials.kind === 'azureSas' &&
      missing(
        secrets,
        'azureDeviceKey',
        'Enter the primary or secondary key of the device, from the hub under Devices. The whole connection string will do.',
      ),
    credentials.kind === 'azureSas' &&
      key !== undefined &&
      key !== '' &&
      (fromBase64(key)?.length ?? 0) === 0 && {
        field: 'secrets.azureDeviceKey',
        message: 'The device key is not Base64: copy it whole from the hub, with the “=” at its end.',
      },
    credentials.kind === 'azureX509' &&
      tls.certificate === undefined && {
        field: 'tls.certificate',
        message: 'Azure IoT Hub knows this device by its certificate: add it and its key under Security.',
      },
  );
}

function googleProblems(
  { protocol, clientId }: CredentialParts,
  { projectId, algorithm }: Of<'googleJwt'>,
  secrets: SecretsKnown,
): CredentialProblem[] {
  const named = googleProject(clientId);
  const pem = secrets.text('jwtPrivateKey');
  const keyProblem = pem === undefined || pem === '' ? undefined : jwtKeyProblem(pem, algorithm);
  return list(
    needsTls(protocol, 'The service'),
    named === undefined &&
      !hasVariables(clientId) && {
        field: 'clientId',
        message:
          'The client ID is the path of the device: projects/PROJECT/locations/REGION/registries/REGISTRY/devices/DEVICE.',
      },
    named !== undefined &&
      !hasVariables(named) &&
      projectId !== '' &&
      named !== projectId && {
        field: 'credentials.projectId',
        message: `The client ID names the project “${named}”; the token has to be for the same.`,
      },
    missing(
      secrets,
      'jwtPrivateKey',
      'Choose the private key of the device, in PEM; its public half is registered with the service.',
    ),
    keyProblem !== undefined && { field: 'secrets.jwtPrivateKey', message: keyProblem },
  );
}

/** A name in double braces stands for something that is known only when connecting. */
function hasVariables(text: string): boolean {
  return text.includes('{{');
}

function needsTls(protocol: Protocol, who: string): CredentialProblem | false {
  return (
    (protocol === 'mqtt' || protocol === 'ws') && {
      field: 'credentials.kind',
      message: `${who} is reached with TLS only: choose mqtts or wss.`,
    }
  );
}

function missing(secrets: SecretsKnown, name: SecretName, message: string): CredentialProblem | false {
  return !secrets.has(name) && { field: `secrets.${name}`, message };
}

function list(...problems: readonly (CredentialProblem | false)[]): CredentialProblem[] {
  return problems.filter((problem) => problem !== false);
}
