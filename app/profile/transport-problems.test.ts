import { describe, expect, it } from 'vitest';
import { newProfile, newTls } from './defaults.ts';
import { profileProblems } from './problems.ts';
import type { Profile, SecretName, Tls } from './profile.ts';
import { proxyFieldProblems } from './transport-problems.ts';

/** Problems as `tab/field`; `secrets` are those typed into the form, nothing else is kept. */
function fieldsOf(
  profile: Partial<Profile>,
  secrets: Partial<Record<SecretName, string>> = {},
  password = false,
): readonly string[] {
  const present = {
    password,
    has: (name: SecretName) => secrets[name] !== undefined,
    typed: (name: SecretName) => secrets[name],
  };
  return profileProblems(newProfile(profile), present).map(({ tab, field }) => `${tab}/${field}`);
}

const header = (name: string, value = 'x', secret = false): Partial<Profile> => ({
  protocol: 'wss',
  webSocket: { headers: [{ name, value, secret }], subprotocol: '' },
});
const tls = (overrides: Partial<Tls>): Partial<Profile> => ({ protocol: 'mqtts', tls: newTls(overrides) });
const file = { ref: 'a', fileName: 'a.pem' };

describe('the way to the broker', () => {
  it.each([
    '',
    'X Token',
    'X:Token',
    'Grüße',
    'Host',
    'upgrade',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Protocol',
  ])('refuses the header name “%s”', (name) => {
    expect(fieldsOf(header(name))).toContain('General/webSocket.headers.0.name');
  });

  it('takes sound headers, and ignores them all where there is no WebSocket', () => {
    expect(fieldsOf(header('X-Api-Key'))).toEqual([]);
    expect(fieldsOf({ ...header('X Token'), protocol: 'mqtts' })).toEqual([]);
  });

  it('refuses a header that comes twice, whatever its case', () => {
    const headers = ['X-Key', 'x-key'].map((name) => ({ name, value: 'a', secret: false }));
    expect(fieldsOf({ protocol: 'ws', webSocket: { headers, subprotocol: '' } })).toEqual([
      'General/webSocket.headers.1.name',
    ]);
  });

  it('lets no value break out of its line, typed openly or as a secret', () => {
    expect(fieldsOf(header('X-Key', 'a\r\nHost: evil'))).toEqual(['General/webSocket.headers.0.value']);
    expect(fieldsOf(header('X-Key', '', true), { 'header:X-Key': 'a\nb' })).toEqual([
      'General/webSocket.headers.0.value',
    ]);
  });

  it('misses the value of a secret header', () => {
    expect(fieldsOf(header('X-Key', '', true))).toEqual(['General/webSocket.headers.0.value']);
    expect(fieldsOf(header('X-Key', '', true), { 'header:X-Key': 'abc' })).toEqual([]);
  });

  it.each<[string, Partial<Profile>, string]>([
    [
      'a subprotocol of two words',
      { protocol: 'ws', webSocket: { headers: [], subprotocol: 'mqtt, soap' } },
      'General/webSocket.subprotocol',
    ],
    ['a socket path with wss', { protocol: 'wss', socketPath: '/run/mqtt' }, 'Advanced/socketPath'],
    [
      'a socket path behind a proxy',
      { socketPath: '/run/mqtt', proxy: { kind: 'http', host: 'proxy', port: 3128, username: '' } },
      'Advanced/socketPath',
    ],
    [
      'a proxy without host',
      { proxy: { kind: 'socks5', host: ' ', port: 1080, username: '' } },
      'Advanced/proxy.host',
    ],
    [
      'a proxy as URL',
      { proxy: { kind: 'http', host: 'http://proxy', port: 3128, username: '' } },
      'Advanced/proxy.host',
    ],
    [
      'a proxy’s port out of range',
      { proxy: { kind: 'http', host: 'proxy', port: 0, username: '' } },
      'Advanced/proxy.port',
    ],
    ['IPv6 only to an IPv4 address', { host: '192.0.2.1', addressFamily: 'ipv6' }, 'Advanced/addressFamily'],
    [
      'IPv4 only to an IPv6 address',
      { host: '2001:db8::1', addressFamily: 'ipv4' },
      'Advanced/addressFamily',
    ],
  ])('names the field of %s', (_, profile, expected) => {
    expect(fieldsOf(profile)).toEqual([expected]);
  });

  it('asks for no host where the proxy is none or the system’s', () => {
    for (const kind of ['none', 'system'] as const) {
      expect(fieldsOf({ proxy: { kind, host: '', port: 8080, username: '' } })).toEqual([]);
    }
  });

  it('wants a user name for the password of a proxy', () => {
    const proxy = { kind: 'http', host: 'proxy', port: 3128, username: '' } as const;
    expect(proxyFieldProblems(proxy, true).map(({ field }) => field)).toEqual(['username']);
    expect(proxyFieldProblems(proxy, false)).toEqual([]);
  });
});

describe('TLS', () => {
  it.each<[string, Partial<Tls>, string]>([
    ['versions the wrong way round', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, 'tls.maxVersion'],
    ['nothing that is trusted', { trust: { system: false, bundled: false } }, 'tls.trust'],
    ['an empty ALPN protocol', { alpn: ['mqtt', ' '] }, 'tls.alpn'],
    ['a server name that is an address', { serverName: '192.0.2.1' }, 'tls.serverName'],
    ['a server name with a port', { serverName: 'broker:8883' }, 'tls.serverName'],
    ['a key log file somewhere', { keyLogFile: 'keys.log' }, 'tls.keyLogFile'],
  ])('names the field of %s', (_, overrides, expected) => {
    expect(fieldsOf(tls(overrides))).toEqual([`Security/${expected}`]);
    expect(fieldsOf({ tls: newTls(overrides) })).toEqual([]);
  });

  it('needs no issuer where a certificate is pinned, a CA given, or verification off', () => {
    const trust = { system: false, bundled: false };
    const pin = { fingerprint256: Array(32).fill('AB').join(':'), subject: 'CN=b', pinnedAt: 1 };
    expect(fieldsOf(tls({ trust, pin }))).toEqual([]);
    expect(fieldsOf(tls({ trust, ca: [file] }))).toEqual([]);
    expect(fieldsOf(tls({ trust, verify: false }))).toEqual([]);
  });

  it('takes a pre-shared key with identity and hexadecimal key, and no certificates beside it', () => {
    expect(fieldsOf(tls({ psk: { identity: 'joe' } }), { psk: '00ff' })).toEqual([]);
    expect(fieldsOf(tls({ psk: { identity: '' } }), { psk: '00ff' })).toEqual(['Security/tls.psk.identity']);
    expect(fieldsOf(tls({ psk: { identity: 'joe' } }))).toEqual(['Security/tls.psk.key']);
    expect(fieldsOf(tls({ psk: { identity: 'joe' } }), { psk: '0' })).toEqual(['Security/tls.psk.key']);
    expect(fieldsOf(tls({ psk: { identity: 'joe' }, certificate: file, key: file }), { psk: '00' })).toEqual([
      'Security/tls.psk',
    ]);
  });

  it('accepts whole paths of both kinds of systems for the key log', () => {
    for (const keyLogFile of ['/tmp/keys.log', 'C:\\keys.log', 'D:/keys.log', '\\\\server\\keys.log']) {
      expect(fieldsOf(tls({ keyLogFile }))).toEqual([]);
    }
  });
});

describe('SCRAM', () => {
  const scram: Partial<Profile> = {
    mqtt5: { userProperties: [], authenticationMethod: 'SCRAM-SHA-256' },
  };

  it('needs user name and password, unless they are asked for', () => {
    expect(fieldsOf(scram)).toEqual(['General/username']);
    expect(fieldsOf({ ...scram, username: 'joe' })).toEqual(['MQTT 5/mqtt5.authenticationMethod']);
    expect(fieldsOf({ ...scram, username: 'joe' }, {}, true)).toEqual([]);
    expect(fieldsOf({ ...scram, askCredentials: true })).toEqual([]);
  });

  it('does not go with the credentials of a cloud, and is not sent before MQTT 5.0', () => {
    const credentials = { kind: 'azureX509', deviceId: 'd', moduleId: '' } as const;
    expect(fieldsOf({ ...scram, credentials })).toContain('MQTT 5/mqtt5.authenticationMethod');
    expect(fieldsOf({ ...scram, mqttVersion: '3.1.1' })).toEqual([]);
  });
});

describe('the order', () => {
  it('is that of the form, so that the first problem is on the first tab', () => {
    const fields = fieldsOf({
      protocol: 'mqtts',
      host: '192.0.2.1',
      addressFamily: 'ipv6',
      tls: newTls({ keyLogFile: 'keys.log' }),
      mqtt5: { userProperties: [], authenticationMethod: 'SCRAM-SHA-1' },
    });
    expect(fields).toEqual(['General/username', 'Security/tls.keyLogFile', 'Advanced/addressFamily']);
  });
});
