import { describe, expect, it } from 'vitest';
import { newProfile, newSubscription, newTls, newWill } from './defaults.ts';
import { profileProblems } from './problems.ts';
import type { Profile, SecretName } from './profile.ts';

const fieldsOf = (profile: Partial<Profile>, password = false) =>
  profileProblems(newProfile(profile), { password }).map(({ tab, field }) => `${tab}/${field}`);

describe('profileProblems', () => {
  it('finds nothing wrong with a new profile', () => {
    expect(fieldsOf({})).toEqual([]);
  });

  it.each<[string, Partial<Profile>, string]>([
    ['no name', { name: '  ' }, 'General/name'],
    ['no host', { host: '' }, 'General/host'],
    ['a URL as host', { host: 'mqtt://broker' }, 'General/host'],
    ['a host with a path', { host: 'broker/mqtt' }, 'General/host'],
    ['a port that is no number', { port: Number.NaN }, 'General/port'],
    ['a port out of range', { port: 70_000 }, 'General/port'],
    ['a WebSocket path without slash', { protocol: 'ws', path: 'mqtt' }, 'General/path'],
    ['a long client id in MQTT 3.1', { mqttVersion: '3.1', clientId: 'x'.repeat(24) }, 'General/clientId'],
    [
      'no client id with a kept session',
      { mqttVersion: '3.1.1', clientId: '', clean: false },
      'General/clientId',
    ],
    [
      'a certificate without key',
      { protocol: 'mqtts', tls: newTls({ ca: [], certificate: { ref: 'a', fileName: 'a.pem' } }) },
      'Security/tls.key',
    ],
    ['a will without topic', { will: { ...newWill(), enabled: true } }, 'Last will/will.topic'],
    ['a will on a wildcard', { will: { ...newWill(), enabled: true, topic: 'a/#' } }, 'Last will/will.topic'],
    [
      'a will with broken hex',
      { will: { ...newWill(), enabled: true, topic: 'a', format: 'hex', payload: 'zz' } },
      'Last will/will.payload',
    ],
    ['a bad filter', { subscriptions: [newSubscription('a/#/b')] }, 'Subscriptions/subscriptions.0.filter'],
    [
      'waits the wrong way round',
      { reconnect: { enabled: true, minDelay: 10, maxDelay: 1 } },
      'Advanced/reconnect.maxDelay',
    ],
    ['a keep alive out of range', { keepAlive: 70_000 }, 'Advanced/keepAlive'],
    [
      'a receive maximum of nothing',
      { mqtt5: { receiveMaximum: 0, userProperties: [] } },
      'MQTT 5/mqtt5.receiveMaximum',
    ],
  ])('names the field of %s', (_, profile, expected) => {
    expect(fieldsOf(profile)).toContain(expected);
  });

  const azure = { kind: 'azureSas', deviceId: 'd1', moduleId: '', lifetime: 3600 } as const;
  const cloudFields = (profile: Partial<Profile>, secrets: Partial<Record<SecretName, string>>) =>
    profileProblems(newProfile({ protocol: 'mqtts', ...profile }), {
      password: false,
      has: (name) => secrets[name] !== undefined,
      typed: (name) => secrets[name],
    }).map(({ tab, field }) => `${tab}/${field}`);

  it.each<[string, Partial<Profile>, Partial<Record<SecretName, string>>, readonly string[]]>([
    ['nothing', { credentials: azure, clientId: 'd1' }, { azureDeviceKey: 'AAAA' }, []],
    ['a device key', { credentials: azure, clientId: 'd1' }, {}, ['General/secrets.azureDeviceKey']],
    [
      'a key that is one',
      { credentials: azure, clientId: 'd1' },
      { azureDeviceKey: 'no key' },
      ['General/secrets.azureDeviceKey'],
    ],
    [
      'TLS and the client ID',
      { credentials: azure, clientId: 'd2', protocol: 'mqtt' },
      { azureDeviceKey: 'AAAA' },
      ['General/credentials.kind', 'General/clientId'],
    ],
    [
      'a certificate',
      { credentials: { kind: 'azureX509', deviceId: 'd1', moduleId: '' }, clientId: 'd1' },
      {},
      ['Security/tls.certificate'],
    ],
    [
      'region and access keys',
      { credentials: { kind: 'awsSigV4', region: '', accessKeyId: '' }, protocol: 'wss' },
      {},
      ['General/credentials.region', 'General/credentials.accessKeyId', 'General/secrets.awsSecretAccessKey'],
    ],
    [
      'a lifetime in range',
      { credentials: { ...azure, lifetime: 1 }, clientId: 'd1' },
      { azureDeviceKey: 'AAAA' },
      ['General/credentials.lifetime'],
    ],
  ])('misses %s in credentials of a cloud', (_, profile, secrets, expected) => {
    expect(cloudFields(profile, secrets)).toEqual(expected);
  });

  it('misses no secret where the caller does not know which there are', () => {
    expect(fieldsOf({ protocol: 'mqtts', credentials: azure, clientId: 'd1' })).toEqual([]);
  });

  it('does not allow a password without user name before MQTT 5.0', () => {
    expect(fieldsOf({ mqttVersion: '3.1.1' }, true)).toContain('General/username');
    expect(fieldsOf({ mqttVersion: '5.0' }, true)).toEqual([]);
  });

  it('ignores a will that is switched off, and TLS files where nothing is encrypted', () => {
    expect(fieldsOf({ will: { ...newWill(), topic: '#' } })).toEqual([]);
    expect(fieldsOf({ tls: newTls({ ca: [], key: { ref: 'a', fileName: 'a.key' } }) })).toEqual([]);
  });

  it('says each problem in words, never as a schema would', () => {
    for (const problem of profileProblems(newProfile({ port: 0, keepAlive: -1, name: '' }), {
      password: false,
    })) {
      expect(problem.message).toMatch(/^[A-Z].*\.$/);
      expect(problem.message).not.toMatch(/expected|invalid|received/i);
    }
  });
});
