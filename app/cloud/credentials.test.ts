import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../contract/failure.ts';
import { authorizerUsername } from './aws-authorizer.ts';
import { awsRegionOf } from './credential-problems.ts';
import { type CredentialSource, resolveCredentials } from './credentials.ts';
import { explainCredentials } from './explain.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const source = (overrides: Partial<CredentialSource>): CredentialSource => ({
  protocol: 'mqtts',
  host: 'hub.azure-devices.net',
  port: 8883,
  path: '/mqtt',
  clientId: 'd1',
  username: '',
  credentials: { kind: 'password' },
  secrets: {},
  tls: {},
  ...overrides,
});
const key = Buffer.from('key').toString('base64');
const azure = { kind: 'azureSas', deviceId: 'd1', moduleId: '', lifetime: 3600 } as const;
const aws = { kind: 'awsSigV4', region: 'eu-central-1', accessKeyId: 'AKIA1' } as const;
const awsEndpoint = { protocol: 'wss', host: 'x-ats.iot.eu-central-1.amazonaws.com', port: 443 } as const;
const google = { kind: 'googleJwt', projectId: 'p', algorithm: 'RS256', lifetime: 1200 } as const;
const devicePath = 'projects/p/locations/l/registries/r/devices/d';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwtPrivateKey = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('resolveCredentials', () => {
  it('leaves user name and password as they were entered', async () => {
    expect(await resolveCredentials(source({ username: 'joe', password: 'x' }), NOW)).toEqual({
      username: 'joe',
      password: 'x',
    });
  });

  it('makes a token of Azure that is another one a second later', async () => {
    const hub = source({ credentials: azure, secrets: { azureDeviceKey: ` ${key}\n` } });
    const first = await resolveCredentials(hub, NOW);
    const second = await resolveCredentials(hub, NOW + 1000);
    expect(first).toMatchObject({
      username: 'hub.azure-devices.net/d1/?api-version=2021-04-12',
      expiresAt: NOW + 3_600_000,
    });
    expect(second.password).not.toBe(first.password);
  });

  it('needs no password where Azure knows the certificate', async () => {
    const credentials = { kind: 'azureX509', deviceId: 'd1', moduleId: '' } as const;
    const tls = { certificate: 'PEM' };
    expect(await resolveCredentials(source({ credentials, tls, password: 'old' }), NOW)).toEqual({
      username: 'hub.azure-devices.net/d1/?api-version=2021-04-12',
    });
  });

  it('signs for the host as the Host header has it', async () => {
    const secrets = { awsSecretAccessKey: 'secret' };
    const usual = await resolveCredentials(source({ ...awsEndpoint, credentials: aws, secrets }), NOW);
    const other = await resolveCredentials(
      source({ ...awsEndpoint, port: 8443, credentials: aws, secrets }),
      NOW,
    );
    expect(usual.secretQuery).toMatch(/iotdevicegateway.*X-Amz-Expires=300/);
    expect(other.secretQuery).not.toBe(usual.secretQuery);
    const untidy = { ...awsEndpoint, host: ` ${awsEndpoint.host} `, path: 'mqtt ' };
    const same = await resolveCredentials(source({ ...untidy, credentials: aws, secrets }), NOW);
    expect(same).toEqual(usual);
    expect(usual.expiresAt).toBe(NOW + 24 * 3_600_000);
  });

  it('takes region and project from the names that hold them', async () => {
    const secrets = { awsSecretAccessKey: 'secret', jwtPrivateKey };
    const signed = await resolveCredentials(
      source({ ...awsEndpoint, credentials: { ...aws, region: '' }, secrets }),
      NOW,
    );
    expect(decodeURIComponent(signed.secretQuery ?? '')).toContain('/eu-central-1/iotdevicegateway/');
    const token = await resolveCredentials(
      source({ credentials: { ...google, projectId: '' }, clientId: devicePath, secrets }),
      NOW,
    );
    const claims = Buffer.from(token.password?.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ aud: 'p' });
    expect(awsRegionOf('x.ats.iot.cn-north-1.amazonaws.com.cn')).toBe('cn-north-1');
    expect(awsRegionOf('mqtt.example.com')).toBeUndefined();
  });

  it('puts what a custom authorizer asks for into the user name', async () => {
    const credentials = { kind: 'awsAuthorizer', authorizer: 'mine', tokenKeyName: 'token' } as const;
    const secrets = { awsAuthorizerToken: 'allow me', awsAuthorizerSignature: 'ab+/==' };
    const made = await resolveCredentials(
      source({ credentials, secrets, username: 'joe', password: 'x' }),
      NOW,
    );
    expect(made).toEqual({
      username:
        'joe?x-amz-customauthorizer-name=mine&x-amz-customauthorizer-signature=ab%2B%2F%3D%3D&token=allow%20me',
      password: 'x',
    });
  });

  it('makes a token in Google’s scheme with a user name that MQTT 3.1.1 needs', async () => {
    const made = await resolveCredentials(
      source({ credentials: google, clientId: devicePath, secrets: { jwtPrivateKey } }),
      NOW,
    );
    expect(made).toMatchObject({ username: 'unused', expiresAt: NOW + 1_200_000 });
    const [header, claims = '', signature = ''] = made.password?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iat: NOW / 1000,
      exp: NOW / 1000 + 1200,
      aud: 'p',
    });
    const signed = Buffer.from(`${header}.${claims}`);
    const publicKey = createPublicKey(rsa.publicKey.export({ format: 'pem', type: 'spki' }));
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it.each<[string, Partial<CredentialSource>, string]>([
    [
      'no region',
      { ...awsEndpoint, host: 'mqtt.example.com', credentials: { ...aws, region: '' } },
      'credentials.region',
    ],
    [
      'a region in words',
      { ...awsEndpoint, credentials: { ...aws, region: 'Ireland' } },
      'credentials.region',
    ],
    [
      'no access key',
      { ...awsEndpoint, credentials: { ...aws, accessKeyId: '' } },
      'credentials.accessKeyId',
    ],
    ['no secret key', { ...awsEndpoint, credentials: aws }, 'credentials.awsSecretAccessKey'],
    [
      'a signature without token',
      {
        credentials: { kind: 'awsAuthorizer', authorizer: 'a', tokenKeyName: 't' },
        secrets: { awsAuthorizerSignature: 's' },
      },
      'credentials.awsAuthorizerToken',
    ],
    [
      'a token without its name',
      {
        credentials: { kind: 'awsAuthorizer', authorizer: 'a', tokenKeyName: '' },
        secrets: { awsAuthorizerToken: 't' },
      },
      'credentials.tokenKeyName',
    ],
    ['no device', { credentials: { ...azure, deviceId: '' } }, 'credentials.deviceId'],
    [
      'a blank device key',
      { credentials: azure, secrets: { azureDeviceKey: ' ' } },
      'credentials.azureDeviceKey',
    ],
    [
      'no certificate for X.509',
      { credentials: { kind: 'azureX509', deviceId: 'd1', moduleId: '' } },
      'credentials.tls.certificate',
    ],
    ['another client ID', { credentials: google, secrets: { jwtPrivateKey } }, 'credentials.clientId'],
    [
      'another project',
      {
        credentials: google,
        clientId: 'projects/other/locations/l/registries/r/devices/d',
        secrets: { jwtPrivateKey },
      },
      'credentials.projectId',
    ],
    ['no private key', { credentials: google, clientId: devicePath }, 'credentials.jwtPrivateKey'],
    [
      'a private key of another kind',
      { credentials: { ...google, algorithm: 'ES256' }, clientId: devicePath, secrets: { jwtPrivateKey } },
      'credentials.jwtPrivateKey',
    ],
  ])('names %s with the remedy', async (_, overrides, code) => {
    const error = await resolveCredentials(source(overrides), NOW).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    const { failure } = error as FailureError;
    expect(failure.code).toBe(code);
    expect(failure.message.length).toBeGreaterThan(20);
    expect(failure.hint).toBeDefined();
  });
});

describe('authorizerUsername', () => {
  const nothing = { username: '', authorizer: '', tokenKeyName: '', token: '', signature: '' };

  it('is the user name alone where the default authorizer needs no more', () => {
    expect(authorizerUsername({ ...nothing, username: 'joe' })).toBe('joe');
  });

  it('does not encode a signature twice', () => {
    const login = { ...nothing, authorizer: 'a', tokenKeyName: 'k', token: 't' };
    const encoded = authorizerUsername({ ...login, signature: 'ab%2B%2F%3D%3D' });
    expect(encoded).toBe(authorizerUsername({ ...login, signature: 'ab+/==' }));
  });
});

describe('explainCredentials', () => {
  const end = {
    credentials: azure,
    expiresAt: NOW,
    now: NOW + 500,
    wasUp: true,
    failure: { code: 'connection.closed', message: 'The broker closed the connection.', detail: 'FIN' },
  };

  it('tells an expired token from other losses', () => {
    expect(explainCredentials(end)).toMatchObject({
      code: 'credentials.expired',
      detail: 'The broker closed the connection. FIN',
    });
    expect(explainCredentials({ ...end, now: NOW - 60_000 })).toBeUndefined();
    expect(explainCredentials({ ...end, expiresAt: undefined })).toBeUndefined();
    const network = { code: 'connection.network', message: 'The network is interrupted.' };
    expect(explainCredentials({ ...end, failure: network })).toBeUndefined();
  });

  it('says what to check where a login was refused, and leaves other refusals alone', () => {
    const refused = (detail: string) =>
      explainCredentials({
        ...end,
        wasUp: false,
        failure: { code: 'connect.refused', message: 'No.', detail },
      });
    expect(refused('CONNACK 0x05 (5) Not authorized.')?.hint).toMatch(/clock/);
    expect(refused('CONNACK 0x87 (135) Not authorized.')?.hint).toMatch(/clock/);
    expect(refused('CONNACK 0x03 (3) Server unavailable.')).toBeUndefined();
  });

  it('has nothing to say of passwords', () => {
    expect(explainCredentials({ ...end, credentials: { kind: 'password' } })).toBeUndefined();
  });
});
