import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '#app/contract/failure.ts';
import {
  createCertificates,
  type TestCertificates,
  type TestIdentity,
} from '../../../e2e/support/certificates.ts';
import { freePorts } from '../../../e2e/support/free-ports.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { type Script, startScriptedBroker } from '../../../e2e/support/scripted-broker.ts';
import { plainTls } from '../plain-settings.ts';
import type { ConnectionSettings } from '../settings.ts';
import { Probe, settingsFor } from './connector.fixture.ts';

let broker: Mosquitto;
let certificates: TestCertificates;
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  certificates = await createCertificates();
  broker = await startMosquitto({ certificates, passwords: { joe: 'secret' } });
});
afterAll(async () => {
  for (const release of cleanUp) {
    await release();
  }
  await broker?.stop();
  await certificates?.dispose();
});

/** The failure of one attempt, and whether it would be tried again. */
async function failureOf(settings: ConnectionSettings): Promise<{ failure: Failure; retried: boolean }> {
  const probe = new Probe();
  const state = await probe.refused(settings);
  await probe.connector.dispose();
  expect(state.failure.hint).toMatch(/\.$/);
  expect(state.failure.message).toMatch(/^\S.*\.$/);
  expect(state.steps.at(-1)?.outcome ?? 'failed').toBe('failed');
  return { failure: state.failure, retried: state.kind === 'waiting' };
}

function tlsSettings(port: number, overrides: Partial<ConnectionSettings['tls']> = {}): ConnectionSettings {
  return settingsFor(port, {
    protocol: 'mqtts',
    host: 'localhost',
    tls: plainTls({ ca: [certificates.ca.certificate], ...overrides }),
  });
}

/** A TLS server with some certificate; it needs no MQTT behind it. */
async function tlsServer(identity: TestIdentity): Promise<number> {
  const server = createTlsServer({ cert: identity.certificate, key: identity.key }, (socket) => {
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function httpServer(prepare: (server: Server) => void): Promise<number> {
  const server = createHttpServer();
  prepare(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.closeAllConnections());
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function scripted(script: Script): Promise<number> {
  const server = await startScriptedBroker(script);
  cleanUp.push(() => server.stop());
  return server.port;
}

describe('the network', () => {
  it('name not found', async () => {
    const { failure, retried } = await failureOf(settingsFor(1883, { host: 'no-such-host.invalid' }));
    expect(failure.code).toMatch(/^dns\./);
    expect(failure.message).toContain('no-such-host.invalid');
    expect(retried).toBe(true);
  });

  it('refused', async () => {
    const [port = 0] = await freePorts(1);
    const { failure, retried } = await failureOf(settingsFor(port));
    expect(failure).toMatchObject({
      code: 'tcp.refused',
      message: `Nothing accepts connections at 127.0.0.1:${port}.`,
    });
    expect(failure.detail).toContain('ECONNREFUSED');
    expect(retried).toBe(true);
  });

  it.each([
    ['mqtt', 'connect.timeout', 'did not answer the MQTT CONNECT'],
    ['mqtts', 'tls.timeout', 'did not take part in the TLS handshake'],
    ['ws', 'websocket.timeout', 'did not answer the WebSocket request'],
  ] as const)('a silent port, with %s: %s', async (protocol, code, words) => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUp.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const { failure, retried } = await failureOf(settingsFor(port, { protocol, connectTimeout: 0.4 }));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(`${words} within 0.4 s`);
    expect(retried).toBe(true);
  });
});

describe('certificates', () => {
  it.each([
    ['expired', 'tls.expired', /expired on 2021-01-01/],
    ['notYetValid', 'tls.not-yet-valid', /not valid before 2090-01-01/],
    ['wrongHost', 'tls.wrong-host', /is for other\.example, not for localhost/],
    ['selfSigned', 'tls.self-signed', /signed by itself/],
    [
      'serverWithoutIntermediate',
      'tls.unknown-issuer',
      /"Topicscope Test Intermediate", which is not trusted/,
    ],
  ] as const)('%s: %s', async (name, code, message) => {
    const port = await tlsServer(certificates[name]);
    const { failure, retried } = await failureOf(tlsSettings(port));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(retried).toBe(false);
  });

  it('unknown issuer, without a CA and with another one', async () => {
    const without = await failureOf(tlsSettings(broker.ports.mqtts, { ca: [] }));
    expect(without.failure.code).toBe('tls.unknown-issuer');
    expect(without.failure.hint).toMatch(/Drop the CA certificate/);
    const other = await failureOf(
      tlsSettings(broker.ports.mqtts, { ca: [certificates.otherCa.certificate] }),
    );
    expect(other.failure.code).toBe('tls.unknown-issuer');
    expect(other.failure.hint).toMatch(/not the one that signed it/);
  });

  it('an own CA is trusted beside the others, may be an intermediate, and may be the certificate itself', async () => {
    const chain = await tlsServer(certificates.serverWithIntermediate);
    expect((await failureOf({ ...tlsSettings(chain), connectTimeout: 0.5 })).failure.code).toBe(
      'connect.timeout',
    );
    const bare = await tlsServer(certificates.serverWithoutIntermediate);
    const [, intermediate = ''] =
      certificates.serverWithIntermediate.certificate.split(/(?<=END CERTIFICATE-----\n)/);
    const partial = { ...tlsSettings(bare, { ca: [intermediate] }), connectTimeout: 0.5 };
    expect((await failureOf(partial)).failure.code).toBe('connect.timeout');
    const own = await tlsServer(certificates.selfSigned);
    const pinned = {
      ...tlsSettings(own, { ca: [certificates.selfSigned.certificate] }),
      connectTimeout: 0.5,
    };
    expect((await failureOf(pinned)).failure.code).toBe('connect.timeout');
  });

  it('without verification it connects and says what is wrong', async () => {
    const probe = new Probe();
    const login = { username: 'joe', password: 'secret' };
    const state = await probe.connect({
      ...tlsSettings(broker.ports.mqtts, { ca: [], verify: false }),
      ...login,
    });
    expect(state.tls).toMatchObject({ authorized: false, peer: { issuer: 'Topicscope Test CA' } });
    expect(state.tls?.unverifiedBecause).toMatch(/is not trusted here/);
    expect(state.tls?.version).toMatch(/^TLSv1\.[23]$/);
    await probe.connector.dispose();
  });

  it('an address is checked against the addresses in the certificate', async () => {
    const probe = new Probe();
    const login = { username: 'joe', password: 'secret', host: '127.0.0.1' };
    const state = await probe.connect({ ...tlsSettings(broker.ports.mqtts), ...login });
    expect(state.tls?.authorized).toBe(true);
    await probe.connector.dispose();
  });
});

describe('client certificates', () => {
  const own = () => ({ certificate: certificates.client.certificate, key: certificates.client.key });
  const atStrict = (tls: Partial<ConnectionSettings['tls']>) =>
    tlsSettings(broker.ports.mqttsClientCertificate, tls);

  it('demanded, but none given', async () => {
    const { failure, retried } = await failureOf(atStrict({}));
    expect(failure.code).toBe('tls.client-certificate-required');
    expect(failure.message).toMatch(/demands a client certificate/);
    expect(retried).toBe(false);
  });

  it('from an authority that the broker does not know', async () => {
    const { certificate, key } = certificates.otherClient;
    const { failure } = await failureOf(atStrict({ certificate, key }));
    expect(failure.code).toBe('tls.client-certificate-refused');
    expect(failure.hint).toMatch(/does not know the authority/);
  });

  it('encrypted keys of both kinds, with the passphrase', async () => {
    const { encryptedKey, legacyEncryptedKey, passphrase } = certificates;
    for (const key of [encryptedKey, legacyEncryptedKey]) {
      const probe = new Probe();
      const login = { username: 'joe', password: 'secret' };
      const state = await probe.connect({ ...atStrict({ ...own(), key, passphrase }), ...login });
      expect(state.tls?.clientCertificate).toBe(true);
      await probe.connector.dispose();
    }
  });

  it.each<[string, string, () => Partial<ConnectionSettings['tls']>]>([
    ['a key of another certificate', 'tls.key-mismatch', () => ({ key: certificates.unrelatedKey })],
    [
      'a wrong passphrase',
      'tls.passphrase-wrong',
      () => ({ key: certificates.encryptedKey, passphrase: 'x' }),
    ],
    [
      'a wrong passphrase of an old key',
      'tls.passphrase-wrong',
      () => ({ key: certificates.legacyEncryptedKey, passphrase: 'x' }),
    ],
    ['no passphrase', 'tls.passphrase-missing', () => ({ key: certificates.encryptedKey })],
    ['a key that is none', 'tls.bad-key', () => ({ key: 'hello' })],
    ['a certificate that is none', 'tls.bad-certificate', () => ({ certificate: 'hello' })],
    [
      'a damaged certificate',
      'tls.bad-certificate',
      () => ({ certificate: certificates.client.certificate.replace(/\n.{20}/, '\nAAAA') }),
    ],
    [
      'a damaged CA',
      'tls.bad-ca',
      () => ({ ca: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] }),
    ],
  ])('%s: %s', async (_what, code, overrides) => {
    const { failure, retried } = await failureOf(atStrict({ ...own(), ...overrides() }));
    expect(failure.code).toBe(code);
    expect(retried).toBe(false);
  });

  it('one half without the other', async () => {
    const { certificate, key } = own();
    expect((await failureOf(atStrict({ certificate }))).failure.code).toBe('tls.key-missing');
    expect((await failureOf(atStrict({ key }))).failure.code).toBe('tls.certificate-missing');
  });
});

describe('the wrong protocol for the port', () => {
  it('plain MQTT at a TLS port', async () => {
    const { failure } = await failureOf(settingsFor(broker.ports.mqtts));
    expect(['connect.closed', 'connect.tls-port']).toContain(failure.code);
    expect(failure.hint).toMatch(/choose mqtts/i);
  });

  it('plain MQTT at a TLS port that answers with an alert', async () => {
    const alert = [0x15, 3, 1, 0, 2, 2, 70];
    const port = await scripted({ onConnection: ({ socket }) => socket.end(Uint8Array.from(alert)) });
    const { failure, retried } = await failureOf(settingsFor(port));
    expect(failure.code).toBe('connect.tls-port');
    expect(failure.message).toMatch(/speaks TLS/);
    expect(retried).toBe(false);
  });

  it('TLS at a plain MQTT port', async () => {
    const { failure } = await failureOf(tlsSettings(broker.ports.mqtt));
    expect(failure.code).toBe('tls.closed');
    expect(failure.hint).toMatch(/choose mqtt, or the TLS port/);
  });

  it('TLS at a port that answers in plain text', async () => {
    const port = await httpServer(() => undefined);
    const { failure, retried } = await failureOf(tlsSettings(port));
    expect(failure.code).toBe('tls.not-tls');
    expect(retried).toBe(false);
  });

  it('plain MQTT at a web server', async () => {
    const { failure } = await failureOf(settingsFor(await httpServer(() => undefined)));
    expect(failure.code).toBe('connect.http-port');
    expect(failure.hint).toMatch(/Choose ws/);
  });

  it('plain MQTT at a WebSocket port of Mosquitto', async () => {
    const { failure } = await failureOf(settingsFor(broker.ports.ws, { connectTimeout: 1 }));
    expect(failure.code).toMatch(/^connect\.(http-port|closed|timeout|not-mqtt)$/);
  });

  it('WebSocket at a plain MQTT port', async () => {
    const { failure } = await failureOf(settingsFor(broker.ports.mqtt, { protocol: 'ws' }));
    expect(failure.code).toBe('websocket.closed');
    expect(failure.hint).toMatch(/choose mqtt/);
  });

  it('WebSocket at something that answers otherwise', async () => {
    const port = await scripted({ onConnection: ({ socket }) => socket.write('220 mail ready\r\n') });
    const { failure } = await failureOf(settingsFor(port, { protocol: 'ws' }));
    expect(failure.code).toBe('websocket.not-http');
  });

  it('something that is not MQTT', async () => {
    const port = await scripted({ onConnection: ({ socket }) => socket.write('220 mail ready\r\n') });
    const { failure, retried } = await failureOf(settingsFor(port));
    expect(failure.code).toBe('connect.not-mqtt');
    expect(retried).toBe(false);
  });
});

describe('WebSocket answers', () => {
  it.each([
    [404, false, /no WebSocket endpoint at the path "\/wrong"/],
    [400, false, /does not accept the WebSocket request/],
    [401, false, /wants a login/],
    [403, false, /forbids/],
    [426, false, /another kind of connection/],
    [301, false, /elsewhere/],
    [503, true, /broker behind it does not answer/],
  ])('HTTP %i', async (status, isRetried, message) => {
    const port = await httpServer((server) =>
      server.on('upgrade', (_request, socket) =>
        socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
      ),
    );
    const { failure, retried } = await failureOf(settingsFor(port, { protocol: 'ws', path: 'wrong' }));
    expect(failure.code).toBe(`websocket.http-${status}`);
    expect(failure.message).toMatch(message);
    expect(retried).toBe(isRetried);
  });

  it('an upgrade without the subprotocol', async () => {
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => false });
    await once(server, 'listening');
    cleanUp.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { failure } = await failureOf(settingsFor(port, { protocol: 'ws' }));
    expect(failure.code).toBe('websocket.subprotocol');
    expect(failure.message).toContain('"mqtt"');
  });
});

describe('what the broker refuses', () => {
  it.each(['3.1', '3.1.1', '5.0'] as const)('a wrong password, in MQTT %s', async (mqttVersion) => {
    const login = { mqttVersion, username: 'joe', password: 'wrong' };
    const { failure, retried } = await failureOf(settingsFor(broker.ports.mqtt, login));
    expect(failure.code).toBe('connect.refused');
    expect(failure.message).toMatch(/does not let this client connect/);
    expect(failure.hint).toMatch(/password/);
    expect(failure.detail).toMatch(/Not authorized/);
    expect(retried).toBe(false);
  });

  it.each([
    ['3.1.1', 1, false, /does not speak this version/],
    ['3.1.1', 2, false, /does not accept this client ID/],
    ['3.1.1', 3, true, /service is not available/],
    ['3.1.1', 4, false, /username and password/],
    ['5.0', 1, false, /does not speak this version/],
    ['5.0', 0x84, false, /does not speak this version/],
    ['5.0', 0x85, false, /does not accept this client ID/],
    ['5.0', 0x88, true, /service is not available/],
    ['5.0', 0x8a, false, /banned/],
    ['5.0', 0x9f, true, /faster than/],
    ['5.0', 0xee, false, /0xEE \(238\)/],
  ] as const)('CONNACK of %s with code %i', async (mqttVersion, code, isRetried, message) => {
    // MQTT 5.0 brokers add an empty list of properties; those that know no MQTT 5 answer as in 3.1.1.
    const answer = mqttVersion === '5.0' && code >= 0x80 ? [0x20, 3, 0, code, 0] : [0x20, 2, 0, code];
    const port = await scripted({ onPacket: (_packet, client) => client.send(...answer) });
    const { failure, retried } = await failureOf(settingsFor(port, { mqttVersion }));
    expect(failure.code).toBe('connect.refused');
    expect(failure.message).toMatch(message);
    expect(retried).toBe(isRetried);
    if (/version/.test(failure.message)) {
      expect(failure.hint).toMatch(/3\.1\.1/);
    }
  });

  it('a CONNACK with a reason string and another server', async () => {
    const text = (id: number, value: string) => [id, 0, value.length, ...Buffer.from(value)];
    const properties = [...text(0x1f, 'go west'), ...text(0x1c, 'west.example')];
    const port = await scripted({
      onPacket: (_packet, client) =>
        client.send(0x20, 3 + properties.length, 0, 0x9c, properties.length, ...properties),
    });
    const { failure } = await failureOf(settingsFor(port));
    expect(failure.message).toMatch(/It names: west\.example/);
    expect(failure.detail).toMatch(/The broker says: go west/);
  });

  it('CONNECT without a word', async () => {
    const port = await scripted({ onPacket: (_packet, client) => client.close() });
    const { failure, retried } = await failureOf(settingsFor(port));
    expect(failure.code).toBe('connect.closed');
    expect(failure.hint).toMatch(/try 3\.1\.1/);
    expect(retried).toBe(true);
  });

  it('a CONNACK that cannot be read', async () => {
    const port = await scripted({ onPacket: (_packet, client) => client.send(0x20, 2, 0xff, 0) });
    expect((await failureOf(settingsFor(port))).failure.code).toBe('connect.malformed');
  });
});

describe('what a broker sends that MQTT does not allow', () => {
  // Uncaught, any of these would end the session's worker with all that it keeps: vitest fails on uncaught errors.
  it.each([
    ['a PUBLISH at QoS 1 without identifier', [0x32, 3, 0, 1, 0x61]],
    ['a PUBLISH at QoS 2 without identifier', [0x34, 3, 0, 1, 0x61]],
    ['a PUBREL without identifier', [0x62, 0]],
    ['a SUBACK without content', [0x90, 0]],
    ['a topic that is cut off', [0x30, 3, 0, 9, 0x61]],
    ['a second CONNACK', [0x20, 3, 0, 0, 0]],
    ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ] as const)('%s ends the connection, not the session', async (_what, bytes) => {
    const port = await scripted({
      onPacket: (packet, client) => {
        if (packet.type === 1) {
          client.send(0x20, 3, 0, 0, 0);
          setTimeout(() => client.send(...bytes), 20);
        }
      },
    });
    const probe = new Probe();
    const state = await probe.refused(settingsFor(port));
    await probe.connector.dispose();
    expect(state).toMatchObject({ kind: 'waiting', failure: { code: 'connection.protocol' } });
    expect(state.failure.detail).toMatch(/\w/);
  });
});

describe('what is refused before anything is sent', () => {
  it.each<[string, string, Partial<ConnectionSettings>]>([
    ['no client ID for a session', 'connect.client-id', { clientId: '', clean: false }],
    ['no client ID in 3.1', 'connect.client-id', { clientId: '', mqttVersion: '3.1' }],
    [
      'a will with a wildcard',
      'will.topic',
      { will: { topic: 'a/#', payload: new Uint8Array(), qos: 0, retain: false, properties: {} } },
    ],
    ['a user name of too many bytes', 'connect.too-long', { username: 'ü'.repeat(40_000) }],
    [
      'a will with a property of too many bytes',
      'connect.too-long',
      {
        will: {
          topic: 'a',
          payload: new Uint8Array(),
          qos: 0,
          retain: false,
          properties: { contentType: 'ü'.repeat(40_000) },
        },
      },
    ],
    [
      'a will that is too large',
      'will.payload',
      { will: { topic: 'a', payload: new Uint8Array(65_536), qos: 0, retain: false, properties: {} } },
    ],
  ])('%s: %s', async (_what, code, overrides) => {
    const [port = 0] = await freePorts(1);
    const { failure, retried } = await failureOf(settingsFor(port, overrides));
    expect(failure.code).toBe(code);
    expect(retried).toBe(false);
  });
});
