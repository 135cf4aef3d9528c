import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Failure } from '#app/contract/failure.ts';
import type { DialStep } from '#app/contract/session-state.ts';
import { freePorts } from '../../../e2e/support/free-ports.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { plainTls } from '../plain-settings.ts';
import type { ConnectionSettings } from '../settings.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';
import {
  PROXY_ONLY_NAME,
  startConnectProxy,
  startSocksProxy,
  type TestProxy,
  type TestProxyOptions,
} from './proxies.fixture.ts';

let broker: Mosquitto;
let directory: string;
let socketPath: string;
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicscope-transport-'));
  socketPath = join(directory, 'mqtt.sock');
  const [port6 = 0] = await freePorts(1);
  broker = await startMosquitto({
    extra: [`listener 0 ${socketPath}`, `listener ${port6} ::1`],
  });
  ipv6Port = port6;
});
let ipv6Port = 0;
afterAll(async () => {
  for (const release of cleanUp) {
    await release();
  }
  await broker?.stop();
  await rm(directory, { recursive: true, force: true });
});

function keep<T extends { stop(): unknown }>(server: T): T {
  cleanUp.push(() => server.stop());
  return server;
}

/** Connects, sends a message to itself, and gives back the rungs of the ladder. */
async function roundTrip(settings: ConnectionSettings, payload = 'hello'): Promise<readonly DialStep[]> {
  const probe = new Probe();
  try {
    await probe.connector.setSubscriptions([subscriptionTo(`here/${settings.clientId}`)]);
    const state = await probe.connect(settings);
    await probe.connector.publish(
      messageOf(`here/${settings.clientId}`, payload, { qos: 1 }),
      () => undefined,
    );
    await probe.received(`here/${settings.clientId}`, payload);
    return state.steps;
  } finally {
    await probe.connector.dispose();
  }
}

async function failureOf(
  settings: ConnectionSettings,
): Promise<Failure & { readonly retried: boolean; readonly stage: string | undefined }> {
  const probe = new Probe();
  const state = await probe.refused(settings);
  await probe.connector.dispose();
  expect(state.failure.hint).toMatch(/\.$/);
  expect(state.failure.message).toMatch(/^\S.*\.$/);
  const last = state.steps.at(-1);
  expect(last?.outcome ?? 'failed').toBe('failed');
  return { ...state.failure, retried: state.kind === 'waiting', stage: last?.stage };
}

const proxyKinds = ['http', 'socks5'] as const;

describe.each(proxyKinds)('a proxy of the kind %s', (kind) => {
  const start = async (options: TestProxyOptions = {}): Promise<TestProxy> =>
    keep(await (kind === 'http' ? startConnectProxy(options) : startSocksProxy(options)));
  const through = (
    proxy: { readonly port: number },
    overrides: Partial<ConnectionSettings> = {},
    login: { readonly username: string; readonly password?: string } = { username: '' },
  ): ConnectionSettings =>
    settingsFor(broker.ports.mqtt, {
      host: PROXY_ONLY_NAME,
      proxy: { kind, host: '127.0.0.1', port: proxy.port, ...login },
      ...overrides,
    });

  it('leads to a broker whose name only the proxy knows', async () => {
    const proxy = await start();
    const steps = await roundTrip(through(proxy));
    expect(steps.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual([
      'dns done',
      'tcp done',
      'proxy done',
      'connect done',
    ]);
    expect(steps[1]?.note).toBe('127.0.0.1 (proxy)');
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toContain(kind === 'http' ? `${PROXY_ONLY_NAME}:` : `name ${PROXY_ONLY_NAME} `);
  });

  it('leads to TLS and WebSocket behind it', async () => {
    const proxy = await start();
    const ca = [broker.certificates?.ca.certificate ?? ''];
    const steps = await roundTrip(
      through(proxy, { host: 'localhost', port: broker.ports.wss, protocol: 'wss', tls: plainTls({ ca }) }),
    );
    expect(steps.map(({ stage }) => stage)).toEqual(['dns', 'tcp', 'proxy', 'tls', 'websocket', 'connect']);
    // Mosquitto takes large messages slowly by WebSocket, with and without a proxy.
    await roundTrip(
      through(proxy, {
        host: 'localhost',
        port: broker.ports.mqtts,
        protocol: 'mqtts',
        tls: plainTls({ ca }),
      }),
      'x'.repeat(1_000_000),
    );
  });

  it('takes addresses of both families, and may have either itself', async () => {
    const proxy = await start({ address: '::1' });
    const own = { kind, host: '[::1]', port: proxy.port, username: '' };
    await roundTrip(through(proxy, { host: '127.0.0.1', proxy: own }));
    await roundTrip(through(proxy, { host: '[::1]', port: ipv6Port, proxy: own }));
    expect(proxy.asked).toEqual(
      kind === 'http'
        ? [`127.0.0.1:${broker.ports.mqtt} with Host`, `[::1]:${ipv6Port} with Host`]
        : [`IPv4 127.0.0.1 ${broker.ports.mqtt}`, `IPv6 0000:0000:0000:0000:0000:0000:0000:0001 ${ipv6Port}`],
    );
  });

  it('wants a login, and gets the right one, a wrong one and none', async () => {
    const proxy = await start({ login: 'mé:s3cret' });
    await roundTrip(through(proxy, {}, { username: 'mé', password: 's3cret' }));
    const wrong = await failureOf(through(proxy, {}, { username: 'mé', password: 'no' }));
    expect(wrong).toMatchObject({ code: 'proxy.login', retried: false, stage: 'proxy' });
    const none = await failureOf(through(proxy));
    expect(none).toMatchObject({ code: 'proxy.login-required', retried: false, stage: 'proxy' });
    expect(none.message).toContain(`127.0.0.1:${proxy.port}`);
  });

  it('can not reach the broker', async () => {
    const [closed = 0] = await freePorts(1);
    const failure = await failureOf(through(await start(), { port: closed }));
    expect(failure).toMatchObject({ code: 'proxy.no-way', retried: true, stage: 'proxy' });
    expect(failure.message).toContain(`${PROXY_ONLY_NAME}:${closed}`);
  });

  it('is not there, or its name is not known', async () => {
    const [port = 0] = await freePorts(1);
    const refused = await failureOf(through({ port }));
    expect(refused).toMatchObject({ code: 'proxy.unreachable', retried: true, stage: 'tcp' });
    expect(refused.message).toContain(`proxy 127.0.0.1:${port}`);
    const unknown = { kind, host: 'no-such-proxy.invalid', port, username: '' };
    const missing = await failureOf(through({ port }, { proxy: unknown }));
    expect(missing).toMatchObject({ code: 'proxy.dns', retried: true, stage: 'dns' });
    expect(missing.message).toContain('no-such-proxy.invalid');
  });

  it('says nothing, closes at once, or speaks something else', async () => {
    const serve = async (onConnection: (socket: Socket) => void) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        onConnection(socket);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      cleanUp.push(() => server.close());
      return { port: (server.address() as AddressInfo).port };
    };
    const silent = await serve(() => undefined);
    const timedOut = await failureOf(through(silent, { connectTimeout: 0.4 }));
    expect(timedOut).toMatchObject({ code: 'proxy.timeout', retried: true, stage: 'proxy' });
    const closing = await serve((socket) => socket.once('data', () => socket.end()));
    expect(await failureOf(through(closing))).toMatchObject({ code: 'proxy.closed', retried: true });
    const other = await serve((socket) => socket.write('220 mail ready\r\n'));
    expect(await failureOf(through(other))).toMatchObject({
      code: kind === 'http' ? 'proxy.not-http' : 'proxy.not-socks',
      retried: false,
    });
  });

  it('is told apart from the other kind', async () => {
    const other = keep(await (kind === 'http' ? startSocksProxy() : startConnectProxy()));
    const failure = await failureOf(through(other, { connectTimeout: 1 }));
    expect(['proxy.closed', 'proxy.not-http', 'proxy.not-socks', 'proxy.timeout']).toContain(failure.code);
    expect(failure.stage).toBe('proxy');
  });
});

describe('answers of an HTTP proxy', () => {
  const answered = async (answer: string) => {
    const { port } = keep(await startConnectProxy({ answer }));
    const proxy = { kind: 'http', host: '127.0.0.1', port, username: 'me', password: 'secret' } as const;
    return failureOf(settingsFor(broker.ports.mqtt, { proxy }));
  };

  it.each([
    [403, 'proxy.forbidden', false],
    [405, 'proxy.no-connect', false],
    [501, 'proxy.no-connect', false],
    [502, 'proxy.no-way', true],
    [504, 'proxy.no-way', true],
    [500, 'proxy.failed', true],
    [302, 'proxy.refused', false],
  ])('%i: %s', async (status, code, retried) => {
    const failure = await answered(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
    expect(failure).toMatchObject({ code, retried, detail: `HTTP ${status} Whatever` });
  });

  it('a login that is not Basic', async () => {
    const failure = await answered(
      'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate, NTLM realm="x, Basic y"\r\n\r\n',
    );
    expect(failure.code).toBe('proxy.scheme');
    expect(failure.message).toContain('(Negotiate, NTLM)');
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('what can not be sent', async () => {
    const { port } = keep(await startConnectProxy());
    const http = { kind: 'http', host: '127.0.0.1', port } as const;
    const colon = settingsFor(1, { proxy: { ...http, username: 'a:b' } });
    expect((await failureOf(colon)).code).toBe('proxy.input');
    const socks = { ...http, kind: 'socks5', username: 'ü'.repeat(200), password: 'x' } as const;
    expect((await failureOf(settingsFor(1, { proxy: socks }))).code).toBe('proxy.input');
    const long = { ...socks, username: '' };
    expect((await failureOf(settingsFor(1, { host: 'a'.repeat(256), proxy: long }))).code).toBe(
      'proxy.input',
    );
  });
});

describe('replies of a SOCKS5 proxy', () => {
  it.each([
    [1, 'proxy.failed', true],
    [2, 'proxy.forbidden', false],
    [3, 'proxy.no-way', true],
    [4, 'proxy.no-way', true],
    [5, 'proxy.no-way', true],
    [6, 'proxy.no-way', true],
    [7, 'proxy.no-connect', false],
    [8, 'proxy.address', false],
    [99, 'proxy.failed', true],
  ])('%i: %s', async (reply, code, retried) => {
    const { port } = keep(await startSocksProxy({ reply }));
    const proxy = { kind: 'socks5', host: '127.0.0.1', port, username: '' } as const;
    const failure = await failureOf(settingsFor(broker.ports.mqtt, { proxy }));
    expect(failure).toMatchObject({ code, retried });
    expect(failure.message).not.toMatch(/undefined/);
  });
});

describe('a WebSocket endpoint that is particular', () => {
  let port = 0;
  const seen: string[] = [];

  beforeAll(async () => {
    const http = createHttpServer();
    const webSockets = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) =>
        offered.has('mqtt.v9') ? 'mqtt.v9' : offered.has('odd') ? 'other' : false,
    });
    http.on('upgrade', (request, socket, head) => {
      seen.push(`${request.url} ${request.headers['x-tenant']}`);
      if (request.headers['x-api-key'] !== 'k3y') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const client = createWebSocketStream(webSocket);
        const upstream = connect(broker.ports.mqtt, '127.0.0.1');
        client.on('error', () => undefined);
        upstream.on('error', () => undefined);
        client.pipe(upstream).pipe(client);
        client.on('close', () => upstream.destroy());
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    port = (http.address() as AddressInfo).port;
    cleanUp.push(() => http.closeAllConnections());
    cleanUp.push(() => http.close());
  });

  const withHeaders = (
    subprotocol: string,
    headers: ConnectionSettings['webSocket']['headers'] = [
      { name: 'X-Api-Key', value: 'k3y' },
      { name: 'X-Tenant', value: 'a' },
      { name: 'X-Tenant', value: 'b' },
    ],
  ) => settingsFor(port, { protocol: 'ws', path: 'deep/path?x=1', webSocket: { headers, subprotocol } });

  it('gets its headers, subprotocol and path', async () => {
    await roundTrip(withHeaders('mqtt.v9'));
    expect(seen.at(-1)).toBe('/deep/path?x=1 a, b');
  });

  it('says no without its header', async () => {
    const failure = await failureOf(withHeaders('mqtt.v9', []));
    expect(failure).toMatchObject({ code: 'websocket.http-401', stage: 'websocket' });
    expect(failure.hint).toMatch(/WebSocket headers/);
  });

  it('knows no such subprotocol, or chooses another one', async () => {
    const refused = await failureOf(withHeaders(''));
    expect(refused.code).toBe('websocket.subprotocol');
    expect(refused.message).toContain('not with the subprotocol "mqtt"');
    const other = await failureOf(withHeaders('odd'));
    expect(other.code).toBe('websocket.subprotocol');
    expect(other.message).toContain('chose the WebSocket subprotocol "other" instead of "odd"');
  });

  it('headers and subprotocols that can not be sent', async () => {
    const bad = { name: 'X-Api-Key', value: 'k3y\nInjected: yes' };
    const failure = await failureOf(withHeaders('', [bad]));
    expect(failure.code).toBe('websocket.header');
    expect(JSON.stringify(failure)).not.toContain('k3y');
    expect((await failureOf(withHeaders('', [{ name: 'a b', value: '' }]))).code).toBe('websocket.header');
    expect((await failureOf(withHeaders('a b'))).code).toBe('websocket.subprotocol-name');
  });
});

describe('addresses', () => {
  it('an IPv6 literal with brackets and without, plain and as WebSocket', async () => {
    await roundTrip(settingsFor(ipv6Port, { host: '::1' }));
    const steps = await roundTrip(settingsFor(ipv6Port, { host: '[::1]', addressFamily: 'ipv6' }));
    expect(steps[0]?.note).toBe('::1');
    const failure = await failureOf(settingsFor(ipv6Port, { host: '::1', protocol: 'ws' }));
    expect(failure.message).toContain(`[::1]:${ipv6Port}`);
  });

  it('only those of the family that was chosen', async () => {
    const steps = await roundTrip(
      settingsFor(broker.ports.mqtt, { host: 'localhost', addressFamily: 'ipv4' }),
    );
    expect(steps[0]?.note).toBe('127.0.0.1');
    const none = await failureOf(settingsFor(ipv6Port, { host: '::1', addressFamily: 'ipv4' }));
    expect(none).toMatchObject({ code: 'dns.family', retried: false, stage: 'dns', detail: 'Found: ::1' });
    const proxy = { kind: 'http', host: '127.0.0.1', port: 1, username: '' } as const;
    const ofProxy = await failureOf(settingsFor(1, { proxy, addressFamily: 'ipv6' }));
    expect(ofProxy.message).toMatch(/^The proxy "127.0.0.1" has no IPv6 address/);
  });
});

describe.skipIf(process.platform === 'win32')('a Unix socket', () => {
  it('takes the place of host and port, and of a proxy', async () => {
    const proxy = { kind: 'http', host: '127.0.0.1', port: 1, username: '' } as const;
    const steps = await roundTrip(settingsFor(1, { socketPath, proxy, host: 'unused.invalid' }));
    expect(steps.map(({ stage, note }) => `${stage} ${note ?? ''}`.trim())).toEqual([
      `socket ${socketPath}`,
      'connect',
    ]);
  });

  it('shows in the endpoint', async () => {
    const probe = new Probe();
    const state = await probe.connect(settingsFor(1, { socketPath }));
    expect(state.endpoint).toMatchObject({ socketPath });
    expect(state.endpoint).not.toHaveProperty('address');
    await probe.connector.dispose();
  });

  it('is not there, is left over, or is none', async () => {
    const missing = await failureOf(settingsFor(1, { socketPath: join(directory, 'none.sock') }));
    expect(missing).toMatchObject({ code: 'socket.not-found', retried: true, stage: 'socket' });
    const none = await failureOf(settingsFor(1, { socketPath: import.meta.filename }));
    expect(none.code).toMatch(/^socket\.(refused|no-socket)$/);
    const long = await failureOf(settingsFor(1, { socketPath: `/${'a'.repeat(200)}` }));
    expect(long).toMatchObject({ code: 'socket.path', retried: false });
    const folder = await failureOf(settingsFor(1, { socketPath: directory }));
    expect(folder.code).toMatch(/^socket\./);
  });
});
