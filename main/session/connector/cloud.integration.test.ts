import { createHash, createHmac } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { ConnectionSettings } from '../settings.ts';
import { messageOf, Probe, settingsFor, subscriptionTo } from './connector.fixture.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of cleanUp.splice(0).reverse()) {
    await release();
  }
});

function newProbe(): Probe {
  const probe = new Probe();
  cleanUp.push(() => probe.connector.dispose());
  return probe;
}

async function listen(server: Server | ReturnType<typeof createHttpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const DEVICE_KEY = Buffer.from('the key of device1').toString('base64');

/** What a hub saw of one CONNECT. */
interface Login {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** A broker that checks logins as Azure IoT Hub does, works the signature out by itself, and cuts at the expiry. */
async function startHub(deviceId: string): Promise<{ port: number; logins: Login[] }> {
  const logins: Login[] = [];
  const broker = await Aedes.createBroker();
  cleanUp.push(() => broker.close());
  broker.authenticate = (client, username = '', password = Buffer.alloc(0), done) => {
    const login = { clientId: client.id, username: String(username), password: password.toString() };
    logins.push(login);
    const resource = encodeURIComponent(`127.0.0.1/devices/${deviceId}`);
    const [, sr, sig = '', se] =
      /^SharedAccessSignature sr=([^&]+)&sig=([^&]+)&se=(\d+)$/.exec(login.password) ?? [];
    const expected = createHmac('sha256', Buffer.from(DEVICE_KEY, 'base64'))
      .update(`${resource}\n${se}`)
      .digest('base64');
    const isGood =
      login.clientId === deviceId &&
      login.username === `127.0.0.1/${deviceId}/?api-version=2021-04-12` &&
      sr === resource &&
      decodeURIComponent(sig) === expected &&
      Number(se) * 1000 > Date.now();
    if (isGood) {
      const timer = setTimeout(() => client.conn.destroy(), Number(se) * 1000 - Date.now());
      cleanUp.push(() => clearTimeout(timer));
    }
    done(null, isGood);
  };
  return { port: await listen(createServer(broker.handle)), logins };
}

function hubSettings(port: number, overrides: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return settingsFor(port, {
    mqttVersion: '3.1.1',
    clientId: 'device1',
    credentials: { kind: 'azureSas', deviceId: 'device1', moduleId: '', lifetime: 3600 },
    secrets: { azureDeviceKey: DEVICE_KEY },
    ...overrides,
  });
}

describe('Azure IoT Hub', () => {
  it('lets a device in by its token, and says until when', async () => {
    const hub = await startHub('device1');
    const before = Math.floor(Date.now() / 1000) * 1000;
    const state = await newProbe().connect(hubSettings(hub.port));
    expect(state.credentialsExpireAt).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(state.credentialsExpireAt).toBeLessThan(Date.now() + 3_600_001);
    expect(JSON.stringify(state)).not.toContain('SharedAccessSignature');
  });

  it('gets a fresh token with the reconnect after it cut the connection at the expiry', async () => {
    const hub = await startHub('device1');
    const probe = newProbe();
    const credentials = { kind: 'azureSas', deviceId: 'device1', moduleId: '', lifetime: 2 } as const;
    const first = await probe.connect(hubSettings(hub.port, { credentials }));
    await probe.connector.setSubscriptions([subscriptionTo('a/#')]);
    const waiting = await probe.reach('waiting');
    expect(waiting.failure).toMatchObject({
      code: 'credentials.expired',
      message: 'The token of this connection expired, so the broker closed it.',
    });
    const second = await probe.reach('connected');
    expect(second.credentialsExpireAt).toBeGreaterThan(first.credentialsExpireAt ?? Number.POSITIVE_INFINITY);
    expect(new Set(hub.logins.map(({ password }) => password)).size).toBe(2);
    expect(probe.losses.map(({ reason }) => reason)).toEqual([waiting.failure.message]);
    await probe.connector.publish(messageOf('a/b', 'still here'), () => undefined);
    await probe.received('a/b', 'still here');
  });

  it('refuses the key of another device, with what to check', async () => {
    const hub = await startHub('device1');
    const secrets = { azureDeviceKey: Buffer.from('another key').toString('base64') };
    const { kind, failure } = await newProbe().refused(hubSettings(hub.port, { secrets }));
    expect(kind).toBe('failed');
    expect(failure.code).toBe('connect.refused');
    expect(failure.hint).toMatch(/key is that of this device.*clock/);
  });

  it.each<[string, Partial<ConnectionSettings>, string, RegExp]>([
    ['no device key', { secrets: {} }, 'credentials.azureDeviceKey', /primary or secondary key/],
    [
      'a key that is not Base64',
      { secrets: { azureDeviceKey: 'not base64!' } },
      'credentials.azureDeviceKey',
      /not Base64/,
    ],
    ['another client ID', { clientId: 'other' }, 'credentials.clientId', /only “device1”/],
  ])('is not even dialled with %s', async (_, overrides, code, words) => {
    const hub = await startHub('device1');
    const { kind, failure, steps } = await newProbe().refused(hubSettings(hub.port, overrides));
    expect({ kind, code: failure.code, steps }).toEqual({ kind: 'failed', code, steps: [] });
    expect(failure.message).toMatch(words);
    expect(hub.logins).toEqual([]);
  });
});

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TOKEN = 'session/token+with==';

/** Checks a signed request as AWS IoT does: everything but signature and session token is signed. */
function isSignedRight(request: IncomingMessage): boolean {
  const url = new URL(request.url ?? '', 'ws://x');
  const signature = url.searchParams.get('X-Amz-Signature');
  const [, date = '', region = '', service = ''] = url.searchParams.get('X-Amz-Credential')?.split('/') ?? [];
  const canonicalQuery = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature' && name !== 'X-Amz-Security-Token')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const empty = createHash('sha256').update('').digest('hex');
  const canonical = `GET\n${url.pathname}\n${canonicalQuery}\nhost:${request.headers.host}\n\nhost\n${empty}`;
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    url.searchParams.get('X-Amz-Date'),
    `${date}/${region}/${service}/aws4_request`,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [date, 'eu-central-1', 'iotdevicegateway', 'aws4_request'].reduce<Uint8Array>(
    hmac,
    Buffer.from(`AWS4${SECRET}`),
  );
  return (
    signature === hmac(key, stringToSign).toString('hex') &&
    url.searchParams.get('X-Amz-Security-Token') === TOKEN
  );
}

/** A WebSocket endpoint that lets only rightly signed requests in, with a broker behind it. */
async function startAws(): Promise<{ port: number; urls: string[]; cut: () => void }> {
  const urls: string[] = [];
  const broker = await Aedes.createBroker();
  cleanUp.push(() => broker.close());
  const http = createHttpServer();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
  http.on('upgrade', (request, socket, head) => {
    urls.push(request.url ?? '');
    if (!isSignedRight(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = createWebSocketStream(webSocket);
      stream.on('error', () => undefined);
      broker.handle(stream, request);
    });
  });
  const cut = () => {
    for (const client of sockets.clients) {
      client.terminate();
    }
  };
  cleanUp.push(cut);
  return { port: await listen(http), urls, cut };
}

function awsSettings(port: number, overrides: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return settingsFor(port, {
    protocol: 'ws',
    path: '/mqtt',
    mqttVersion: '3.1.1',
    credentials: { kind: 'awsSigV4', region: 'eu-central-1', accessKeyId: 'ASIAEXAMPLE' },
    secrets: { awsSecretAccessKey: SECRET, awsSessionToken: TOKEN },
    ...overrides,
  });
}

describe('AWS IoT Core over WebSocket', () => {
  it('lets a signed URL in, which shows nowhere', async () => {
    const aws = await startAws();
    const probe = newProbe();
    const state = await probe.connect(awsSettings(aws.port));
    expect(state.endpoint.path).toBe('/mqtt');
    expect(state.credentialsExpireAt).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const told = JSON.stringify(probe.states);
    expect(told).not.toContain('X-Amz');
    expect(told).not.toContain(encodeURIComponent(TOKEN));
  });

  it('signs a path with a query of its own, and anew for each attempt', async () => {
    const aws = await startAws();
    const probe = newProbe();
    await probe.connect(awsSettings(aws.port, { path: '/mqtt?zone=b&a=x%20y' }));
    // Signatures differ by the second.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    aws.cut();
    await probe.reach('waiting');
    await probe.reach('connected');
    expect(aws.urls).toHaveLength(2);
    expect(new Set(aws.urls).size).toBe(2);
    expect(aws.urls[0]).toMatch(/^\/mqtt\?zone=b&a=x%20y&X-Amz-Algorithm=/);
  });

  it('refuses a wrong secret, with what to check and without the signature', async () => {
    const aws = await startAws();
    const secrets = { awsSecretAccessKey: 'wrong', awsSessionToken: TOKEN };
    const { failure } = await newProbe().refused(awsSettings(aws.port, { secrets }));
    expect(failure.code).toBe('websocket.http-403');
    expect(failure.hint).toMatch(/region.*clock.*iot:Connect/);
    expect(JSON.stringify(failure)).not.toContain('X-Amz');
  });

  it('names missing temporary credentials', async () => {
    const { failure } = await newProbe().refused(awsSettings(1, { secrets: { awsSecretAccessKey: SECRET } }));
    expect(failure.code).toBe('credentials.awsSessionToken');
    expect(failure.message).toMatch(/begins with ASIA is a temporary one/);
  });
});
