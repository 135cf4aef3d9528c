import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '#app/contract/failure.ts';
import type { DialStep, TlsSummary } from '#app/contract/session-state.ts';
import {
  createCertificates,
  type TestCertificates,
  type TestIdentity,
} from '../../../e2e/support/certificates.ts';
import { freePorts } from '../../../e2e/support/free-ports.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { plainTls } from '../plain-settings.ts';
import type { ConnectionSettings } from '../settings.ts';
import { Probe, settingsFor } from './connector.fixture.ts';
import { createConnector } from './mqtt-connector.ts';

type Tls = Partial<ConnectionSettings['tls']>;

let certificates: TestCertificates;
let broker: Mosquitto;
let directory: string;
let pskPort = 0;
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  certificates = await createCertificates();
  directory = await mkdtemp(join(tmpdir(), 'topicscope-tls-'));
  const pskFile = join(directory, 'psk');
  await writeFile(pskFile, 'sensor:00112233445566778899aabbccddeeff\n');
  const [free = 0] = await freePorts(1);
  pskPort = free;
  broker = await startMosquitto({
    certificates,
    extra: [`psk_file ${pskFile}`, `listener ${pskPort} 127.0.0.1`, 'psk_hint topicscope'],
  });
});
afterAll(async () => {
  for (const release of cleanUp) {
    await release();
  }
  await broker?.stop();
  await certificates?.dispose();
  await rm(directory, { recursive: true, force: true });
});

function settingsOf(port: number, tls: Tls = {}, overrides: Partial<ConnectionSettings> = {}) {
  return settingsFor(port, {
    protocol: 'mqtts',
    host: 'localhost',
    tls: plainTls({ ca: [certificates.ca.certificate], ...tls }),
    ...overrides,
  });
}

/** A TLS server that answers CONNECT with a bare CONNACK of MQTT 5.0. */
async function tlsServer(identity: TestIdentity, options: TlsOptions = {}): Promise<number> {
  const server = createServer({ cert: identity.certificate, key: identity.key, ...options }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Uint8Array.of(0x20, 3, 0, 0, 0)));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function connected(
  settings: ConnectionSettings,
): Promise<{ readonly tls: TlsSummary; readonly step: DialStep | undefined }> {
  const probe = new Probe();
  const { tls, steps } = await probe.connect(settings);
  await probe.connector.dispose();
  if (tls === undefined) {
    throw new Error('not under TLS');
  }
  return { tls, step: steps.find(({ stage }) => stage === 'tls') };
}

async function refused(settings: ConnectionSettings): Promise<{
  readonly failure: Failure;
  readonly retried: boolean;
  readonly step: DialStep | undefined;
}> {
  const probe = new Probe();
  const state = await probe.refused(settings);
  await probe.connector.dispose();
  expect(state.failure.hint).toMatch(/\.$/);
  expect(state.failure.message).toMatch(/^\S.*\.$/);
  const step = state.steps.find(({ stage }) => stage === 'tls');
  return { failure: state.failure, retried: state.kind === 'waiting', step };
}

function fingerprintOf(identity: TestIdentity): string {
  return new X509Certificate(identity.certificate).fingerprint256;
}

describe('the presented chain', () => {
  it('shows in the ladder of a connection that is up', async () => {
    const { step } = await connected(settingsOf(broker.ports.mqtts));
    expect(step).toMatchObject({ outcome: 'done' });
    const [own] = step?.certificates ?? [];
    expect(own).toMatchObject({
      subject: 'localhost',
      issuer: 'Topicscope Test CA',
      names: ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1'],
      fingerprint256: fingerprintOf(certificates.server),
      selfSigned: false,
    });
    expect((own?.validTo ?? 0) - Date.now()).toBeGreaterThan(3600 * 24 * 365 * 1000);
    expect(new X509Certificate(own?.pem ?? '').fingerprint256).toBe(own?.fingerprint256);
  });

  it.each([
    ['expired', 'tls.expired', 1],
    ['wrongHost', 'tls.wrong-host', 1],
    ['selfSigned', 'tls.self-signed', 1],
    ['serverWithoutIntermediate', 'tls.unknown-issuer', 1],
  ] as const)('shows where it was refused: %s', async (name, code, count) => {
    const { failure, step, retried } = await refused(settingsOf(await tlsServer(certificates[name])));
    expect(failure.code).toBe(code);
    expect(retried).toBe(false);
    expect(step?.outcome).toBe('failed');
    expect(step?.certificates).toHaveLength(count);
    expect(step?.certificates?.[0]).toMatchObject({
      fingerprint256: fingerprintOf(certificates[name]),
      selfSigned: name === 'selfSigned',
    });
  });

  it('comes in the order in which it was sent, root included', async () => {
    const { serverWithIntermediate: chain, ca } = certificates;
    const port = await tlsServer({ ...chain, certificate: chain.certificate + ca.certificate });
    const { failure, step } = await refused(settingsOf(port, { ca: [certificates.otherCa.certificate] }));
    expect(step?.certificates?.map(({ subject }) => subject)).toEqual([
      'localhost',
      'Topicscope Test Intermediate',
      'Topicscope Test CA',
    ]);
    expect(step?.certificates?.map(({ selfSigned }) => selfSigned)).toEqual([false, false, true]);
    expect(failure.hint).toContain('ends at "Topicscope Test CA"');
  });

  it('names the intermediate that the server leaves out', async () => {
    const port = await tlsServer(certificates.serverWithoutIntermediate);
    const { failure } = await refused(settingsOf(port));
    expect(failure.hint).toMatch(
      /sends its certificate alone: if "Topicscope Test Intermediate" is an intermediate.*fullchain\.pem/,
    );
  });

  it('stays away without TLS, and where the handshake does not get that far', async () => {
    const probe = new Probe();
    const { steps } = await probe.connect(settingsFor(broker.ports.mqtt));
    await probe.connector.dispose();
    expect(steps.some((step) => 'certificates' in step)).toBe(false);
    const { step } = await refused(settingsOf(broker.ports.mqtt));
    expect(step).toMatchObject({ outcome: 'failed' });
    expect(step).not.toHaveProperty('certificates');
  });
});

describe('trust', () => {
  it('in the combination chosen', async () => {
    const none = { trust: { system: false, bundled: false } };
    const own = await connected(settingsOf(broker.ports.mqtts, none));
    expect(own.tls.authorized).toBe(true);
    const both = await connected(settingsOf(broker.ports.mqtts, { trust: { system: true, bundled: true } }));
    expect(both.tls.authorized).toBe(true);
    const nobody = await refused(settingsOf(broker.ports.mqtts, { ...none, ca: [] }));
    expect(nobody.failure.code).toBe('tls.no-trust');
    expect(nobody.step).toBeUndefined();
    const bundled = { system: false, bundled: true };
    const stranger = await refused(settingsOf(broker.ports.mqtts, { trust: bundled, ca: [] }));
    expect(stranger.failure.code).toBe('tls.unknown-issuer');
    const off = await connected(settingsOf(broker.ports.mqtts, { ...none, ca: [], verify: false }));
    expect(off.tls).toMatchObject({ authorized: false, unverifiedBecause: expect.any(String) });
    expect(off.tls).not.toHaveProperty('pinned');
  });

  it.each(['selfSigned', 'expired', 'wrongHost', 'serverWithoutIntermediate'] as const)(
    'in a fingerprint alone: %s',
    async (name) => {
      const port = await tlsServer(certificates[name]);
      const pin = fingerprintOf(certificates[name]);
      const { tls, step } = await connected(
        settingsOf(port, { pin, ca: [], trust: { system: false, bundled: false } }),
      );
      expect(tls).toMatchObject({ authorized: true, pinned: true });
      expect(step?.note).toContain('trusted by its fingerprint');
    },
  );

  it.each([true, false])('in a fingerprint that is not there any more (verify: %s)', async (verify) => {
    const pin = fingerprintOf(certificates.selfSigned);
    const { failure, retried, step } = await refused(settingsOf(broker.ports.mqtts, { pin, verify }));
    expect(failure.code).toBe('tls.pin-changed');
    expect(failure.message).toMatch(/has changed/);
    expect(failure.detail).toContain(pin);
    expect(failure.detail).toContain(fingerprintOf(certificates.server));
    expect(retried).toBe(false);
    expect(step?.certificates?.[0]?.fingerprint256).toBe(fingerprintOf(certificates.server));
  });

  it('a CA of the same name with another key', async () => {
    const again = await createCertificates();
    const { failure } = await refused(settingsOf(broker.ports.mqtts, { ca: [again.ca.certificate] }));
    await again.dispose();
    expect(failure.code).toBe('tls.unknown-issuer');
    expect(failure.hint).toMatch(/named "Topicscope Test CA" is in this connection, but with another key/);
  });
});

describe('listeners of Mosquitto', () => {
  const identities = ['expired', 'wrongHost', 'selfSigned', 'serverWithoutIntermediate'] as const;
  const ports = new Map<string, number>();
  let others: Mosquitto;

  beforeAll(async () => {
    const free = await freePorts(identities.length + 1);
    const listener = (port: number | undefined, { certificateFile, keyFile }: TestIdentity) => [
      `listener ${port} 127.0.0.1`,
      `certfile ${certificateFile}`,
      `keyfile ${keyFile}`,
    ];
    others = await startMosquitto({
      listeners: ['mqtt'],
      extra: [
        ...identities.flatMap((name, index) => listener(free[index], certificates[name])),
        ...listener(free.at(-1), certificates.server),
        'tls_version tlsv1.2',
        'ciphers ECDHE-ECDSA-AES256-GCM-SHA384',
      ],
    });
    for (const [index, name] of [...identities, 'tls12'].entries()) {
      ports.set(name, free[index] ?? 0);
    }
  });
  afterAll(() => others?.stop());

  it.each([
    ['expired', 'tls.expired'],
    ['wrongHost', 'tls.wrong-host'],
    ['selfSigned', 'tls.self-signed'],
    ['serverWithoutIntermediate', 'tls.unknown-issuer'],
  ] as const)('%s: %s, until it is trusted by its fingerprint', async (name, code) => {
    const port = ports.get(name) ?? 0;
    const { failure, step } = await refused(settingsOf(port));
    expect(failure.code).toBe(code);
    const pin = step?.certificates?.[0]?.fingerprint256 ?? '';
    expect(pin).toBe(fingerprintOf(certificates[name]));
    expect((await connected(settingsOf(port, { pin }))).tls).toMatchObject({
      authorized: true,
      pinned: true,
    });
  });

  it('one for TLS 1.2', async () => {
    const { tls } = await connected(settingsOf(ports.get('tls12') ?? 0, { maxVersion: 'TLSv1.2' }));
    expect(tls).toMatchObject({ version: 'TLSv1.2', authorized: true });
    expect(tls.cipher).toMatch(/ECDHE_ECDSA_WITH_AES_256_GCM/);
  });
});

describe('versions of TLS', () => {
  it('1.2 only, on either side', async () => {
    const port = await tlsServer(certificates.server, { maxVersion: 'TLSv1.2' });
    expect((await connected(settingsOf(port))).tls.version).toBe('TLSv1.2');
    const limited = await connected(settingsOf(broker.ports.mqtts, { maxVersion: 'TLSv1.2' }));
    expect(limited.tls.version).toBe('TLSv1.2');
    const { failure, retried } = await refused(settingsOf(port, { minVersion: 'TLSv1.3' }));
    expect(failure.code).toBe('tls.version');
    expect(failure.message).toContain('(TLS 1.3 only)');
    expect(retried).toBe(false);
  });

  it('old ones where they are asked for, and only there', async () => {
    const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const port = await tlsServer(certificates.server, options);
    expect((await refused(settingsOf(port))).failure.code).toBe('tls.version');
    expect((await connected(settingsOf(port, { minVersion: 'TLSv1' }))).tls.version).toBe('TLSv1.1');
    expect((await connected(settingsOf(port, { maxVersion: 'TLSv1.1' }))).tls.version).toBe('TLSv1.1');
  });

  it('a range that is none', async () => {
    const settings = settingsOf(broker.ports.mqtts, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' });
    expect((await refused(settings)).failure.code).toBe('tls.version-range');
  });

  it('a client certificate that is wanted, in both versions', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { failure } = await refused(settingsOf(broker.ports.mqttsClientCertificate, { maxVersion }));
      expect(['tls.client-certificate-required', 'tls.handshake']).toContain(failure.code);
      expect(failure.hint).toMatch(/certificate/);
    }
  });
});

describe('ALPN', () => {
  it('shows what the server chose, or that it passed over it', async () => {
    const port = await tlsServer(certificates.server, { ALPNProtocols: ['mqtt', 'x-amzn-mqtt-ca'] });
    const chosen = await connected(settingsOf(port, { alpn: ['x-amzn-mqtt-ca'] }));
    expect(chosen.tls.alpn).toEqual({ offered: ['x-amzn-mqtt-ca'], chosen: 'x-amzn-mqtt-ca' });
    expect(chosen.step?.note).toContain('ALPN x-amzn-mqtt-ca');
    const none = await connected(settingsOf(await tlsServer(certificates.server), { alpn: ['mqtt'] }));
    expect(none.tls.alpn).toEqual({ offered: ['mqtt'] });
    expect((await connected(settingsOf(port))).tls).not.toHaveProperty('alpn');
  });

  it('explains a server that wants another protocol', async () => {
    const port = await tlsServer(certificates.server, { ALPNProtocols: ['mqtt'] });
    const { failure, retried } = await refused(settingsOf(port, { alpn: ['h2', 'other'] }));
    expect(failure.code).toBe('tls.alpn');
    expect(failure.message).toContain('(h2, other)');
    expect(retried).toBe(false);
  });
});

describe('the server name', () => {
  it('is asked for and checked instead of the host', async () => {
    const asked: (string | false | undefined)[] = [];
    const port = await tlsServer(certificates.wrongHost, {
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    const { tls } = await connected(settingsOf(port, { serverName: 'other.example' }, { host: '127.0.0.1' }));
    expect(tls).toMatchObject({ authorized: true, serverName: 'other.example' });
    const { failure } = await refused(settingsOf(port, { serverName: 'third.example' }));
    expect(failure.code).toBe('tls.wrong-host');
    expect(failure.message).toContain('is for other.example, not for third.example');
    expect(asked).toEqual(['other.example', 'third.example']);
  });

  it('is none for an address, and can not be one', async () => {
    const asked: unknown[] = [];
    const port = await tlsServer(certificates.server, {
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    await connected(settingsOf(port, {}, { host: '127.0.0.1' }));
    expect(asked).toEqual([]);
    const { failure } = await refused(settingsOf(port, { serverName: '127.0.0.1' }));
    expect(failure.code).toBe('tls.server-name');
  });
});

describe('a pre-shared key', () => {
  const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const withKey = (psk: Tls['psk'], more: Tls = {}) =>
    settingsOf(pskPort, { ca: [], ...(psk === undefined ? {} : { psk }), ...more });

  it('takes the place of certificates', async () => {
    const { tls, step } = await connected(withKey({ identity: 'sensor', key }));
    expect(tls).toMatchObject({ version: 'TLSv1.2', authorized: true, preSharedKey: true });
    expect(tls.cipher).toMatch(/PSK/);
    expect(tls).not.toHaveProperty('peer');
    expect(step).not.toHaveProperty('certificates');
  });

  it('is wrong, or its identity is not known', async () => {
    const wrong = await refused(withKey({ identity: 'sensor', key: Buffer.alloc(16) }));
    expect(wrong.failure.code).toBe('tls.psk-key');
    expect(wrong.retried).toBe(false);
    const unknown = await refused(withKey({ identity: 'stranger', key }));
    expect(unknown.failure.code).toMatch(/^tls\.psk-(identity|refused)$/);
    for (const { failure } of [wrong, unknown]) {
      expect(JSON.stringify(failure)).not.toMatch(/0011|0000000/);
    }
  });

  it('is not what the server wants, and nothing else is accepted instead', async () => {
    const { failure, retried } = await refused(
      settingsOf(broker.ports.mqtts, { psk: { identity: 'sensor', key } }),
    );
    expect(failure.code).toMatch(/^tls\.psk-refused$/);
    expect(retried).toBe(false);
    const withCertificate = await refused(settingsOf(pskPort));
    expect(withCertificate.failure.code).toBe('tls.handshake');
    expect(withCertificate.failure.hint).toMatch(/pre-shared key/);
  });

  it('needs TLS 1.2, an identity and a length that can be sent', async () => {
    const psk = { identity: 'sensor', key };
    expect((await refused(withKey(psk, { minVersion: 'TLSv1.3' }))).failure.code).toBe('tls.psk-version');
    expect((await connected(withKey(psk, { maxVersion: 'TLSv1.3' }))).tls.version).toBe('TLSv1.2');
    expect((await refused(withKey({ identity: '', key }))).failure.code).toBe('tls.psk');
    expect((await refused(withKey({ identity: 'ü'.repeat(200), key }))).failure.code).toBe('tls.psk');
    expect((await refused(withKey({ identity: 'x', key: Buffer.alloc(257) }))).failure.code).toBe('tls.psk');
  });
});

describe('the key log', () => {
  const linesOf = async (tls: Tls): Promise<string> => {
    let text = '';
    const probe = new Probe((events) =>
      createConnector({ ...events, onKeyLog: (line) => (text += new TextDecoder().decode(line)) }),
    );
    await probe.connect(settingsOf(broker.ports.mqtts, tls));
    await probe.connector.dispose();
    return text;
  };

  it('has a line for each secret, in both versions of TLS', async () => {
    const text = await linesOf({ wantsKeyLog: true, maxVersion: 'TLSv1.2' });
    expect(text).toMatch(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n$/);
    const newer = await linesOf({ wantsKeyLog: true });
    const labels = newer.split('\n').map((line) => line.split(' ')[0]);
    expect(labels).toContain('CLIENT_TRAFFIC_SECRET_0');
    expect(labels).toContain('SERVER_TRAFFIC_SECRET_0');
    expect(newer.endsWith('\n')).toBe(true);
  });

  it('is not made unless it is wanted', async () => {
    expect(await linesOf({})).toBe('');
  });
});

it('leaves no socket of the server open after a refused certificate', async () => {
  const open = new Set<TLSSocket>();
  const server = createServer(
    { cert: certificates.selfSigned.certificate, key: certificates.selfSigned.key },
    (socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    },
  );
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await refused(settingsOf((server.address() as AddressInfo).port));
  server.close();
  // Resolves only when every connection is closed.
  await once(server, 'close');
  expect(open.size).toBe(0);
});
