import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { CONTENT_SECURITY_POLICY } from '#app/contract/content-security-policy.ts';
import type { Failure } from '#app/contract/failure.ts';
import { encodeFrame, FrameKind, MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { createCertificates, type TestCertificates } from '../../e2e/support/certificates.ts';
import { openWebSocketTransport, tokenOf } from '../../e2e/support/ws-transport.ts';
import { fakeWorkers, waitFor } from '../services/engine.fixture.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';
import { createServerHost, type ServerHost, type ServerHostOptions } from './host.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let hosts: ServerHost[];
beforeEach(async () => {
  directory = await testDirectory();
  hosts = [];
  const page = directory.file('page');
  await mkdir(`${page}/assets`, { recursive: true });
  await writeFile(`${page}/index.html`, '<!doctype html><title>Topicscope</title>');
  await writeFile(`${page}/assets/index-AbCd1234.js`, 'export {};');
  await writeFile(`${page}/.hidden`, 'hidden');
  await writeFile(directory.file('secret.txt'), 'secret');
  await symlink(directory.file('secret.txt'), `${page}/link.txt`);
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await directory.dispose();
});

async function start(options: Partial<ServerHostOptions> = {}): Promise<ServerHost> {
  const host = await createServerHost({
    dataDirectory: directory.file('data'),
    rendererDirectory: directory.file('page'),
    workers: fakeWorkers,
    ...options,
  });
  hosts.push(host);
  return host;
}

async function connectClient(
  host: ServerHost,
  token: string | undefined = host.token,
  options: Parameters<typeof openWebSocketTransport>[1] = {},
): Promise<ContractClient> {
  const client = new ContractClient(await openWebSocketTransport(host.url, options));
  await client.connect(token);
  return client;
}

const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => ({ code: 'none', message: '' }),
    (error: { failure?: Failure; message: string }) =>
      error.failure ?? { code: 'error', message: error.message },
  );

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A raw request: `fetch` would tidy the path up and choose the Host itself. */
function ask(
  host: ServerHost,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: host.port, path, method, headers, agent: false },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

describe('the page', () => {
  it('is served with its type and the security headers', async () => {
    const host = await start();
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    const page = await ask(host, '/');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Topicscope') });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    const script = await ask(host, '/assets/index-AbCd1234.js?v=1');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    });
    const etag = String(page.headers.etag);
    expect(await ask(host, '/', { 'If-None-Match': etag })).toMatchObject({ status: 304, body: '' });
    expect(await ask(host, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await ask(host, '/', {}, 'POST')).status).toBe(405);
  });

  it('never leaves its folder', async () => {
    const host = await start();
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/..\\secret.txt',
      '/%5c..%5csecret.txt',
      '//etc/passwd',
      '/link.txt',
      '/.hidden',
      '/%00',
      '/%zz',
      '/assets',
      '/nothing.js',
    ]) {
      const answer = await ask(host, path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.body).not.toContain('secret');
      expect(answer.headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    }
  });

  it('answers to its own names only', async () => {
    const host = await start();
    for (const name of [
      'evil.example',
      `evil.example:${host.port}`,
      '127.0.0.1',
      `127.0.0.1:${host.port + 1}`,
    ]) {
      expect((await ask(host, '/', { Host: name })).status).toBe(421);
    }
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      expect((await ask(host, '/', { Host: `${name}:${host.port}` })).status).toBe(200);
    }
  });
});

describe('the WebSocket', () => {
  it('serves a client that has the token', async () => {
    const host = await start();
    const client = await connectClient(host, tokenOf(host.url));
    expect(await client.main('app.info', {})).toMatchObject({
      host: 'server',
      dataDirectory: directory.file('data'),
    });
    client.dispose();
  });

  it('refuses a wrong or missing token and closes', async () => {
    const host = await start();
    for (const token of ['', 'wrong', `${host.token}x`, host.token.slice(1), undefined]) {
      const transport = await openWebSocketTransport(host.url);
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      const client = new ContractClient(transport);
      expect(await failureOf(client.connect(token))).toMatchObject({ code: 'access.denied' });
      await closed;
    }
  });

  it('makes who guesses wait', async () => {
    const host = await start();
    await Promise.all(Array.from({ length: 10 }, () => failureOf(connectClient(host, 'guess'))));
    expect((await failureOf(connectClient(host))).message).toContain('429');
  });

  it('refuses other pages, other names and other paths', async () => {
    const host = await start();
    const refused = async (options: Parameters<typeof openWebSocketTransport>[1]) =>
      (await failureOf(connectClient(host, host.token, options))).message;
    expect(await refused({ origin: 'http://evil.example' })).toContain('403');
    expect(await refused({ origin: `http://127.0.0.1:${host.port + 1}` })).toContain('403');
    expect(await refused({ origin: `https://127.0.0.1:${host.port}` })).toContain('403');
    expect(await refused({ origin: 'null' })).toContain('403');
    expect(
      await refused({ host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` }),
    ).toContain('421');
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    expect((await ask(host, '/contract', upgrade)).status).toBe(403);
    const origin = { ...upgrade, Origin: `http://127.0.0.1:${host.port}` };
    expect((await ask(host, '/other', origin)).status).toBe(404);
  });

  it('takes the pages of a development server that it was told of', async () => {
    const host = await start({ extraOrigins: ['http://127.0.0.1:5999'] });
    const client = await connectClient(host, host.token, { origin: 'http://127.0.0.1:5999' });
    expect((await client.main('app.info', {})).host).toBe('server');
    client.dispose();
    expect((await ask(host, '/', { Host: '127.0.0.1:5999' })).status).toBe(200);
  });

  it('serves nothing before the token, and closes who does not keep to the contract', async () => {
    const host = await start();
    const good = await connectClient(host);
    const hello = encodeFrame({
      kind: FrameKind.hello,
      channel: 0,
      target: 'main',
      body: { version: 1, token: host.token },
    });
    const request = encodeFrame({
      kind: FrameKind.request,
      channel: 1,
      target: 'main',
      body: { operation: 'app.info', input: {} },
    });
    const attacks: Uint8Array[][] = [
      [request],
      [new Uint8Array()],
      [new Uint8Array([99, 0, 0, 0, 0, 0])],
      [hello, request],
      [new Uint8Array(MAX_FRAME_BYTES + 1)],
    ];
    for (const frames of attacks) {
      const transport = await openWebSocketTransport(host.url);
      const answers: Uint8Array[] = [];
      transport.onFrame((frame) => answers.push(frame));
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      for (const frame of frames) {
        transport.send(frame);
      }
      await closed;
      expect(answers.filter(([kind]) => kind === FrameKind.response)).toEqual([]);
    }
    // After the welcome too: an oversized and a malformed frame end that client, and nobody else.
    for (const bad of [new Uint8Array(MAX_FRAME_BYTES + 1), new Uint8Array([3, 0, 0])]) {
      const transport = await openWebSocketTransport(host.url);
      const client = new ContractClient(transport);
      await client.connect(host.token);
      const closed = new Promise<void>((resolve) => transport.onClose(resolve));
      transport.send(bad);
      await closed;
    }
    expect((await good.main('app.info', {})).host).toBe('server');
    good.dispose();
  });

  it('drops a stream that is no WebSocket without harm', async () => {
    const host = await start();
    await new Promise<void>((resolve) => {
      const socket = connect(host.port, '127.0.0.1', () => socket.end('\0\x01garbage\r\n\r\n'));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect((await ask(host, '/')).status).toBe(200);
  });

  it('shows the same engine to two clients, and to one that comes back', async () => {
    const host = await start();
    const first = await connectClient(host);
    const second = await connectClient(host);
    await first.main('profiles.save', { profile: newProfile({ id: 'p', name: 'shared', host: 'h' }) });
    expect(
      (await waitFor(second, 'profiles', ({ profiles }) => profiles.length === 1)).profiles[0]?.name,
    ).toBe('shared');
    const { sessionId } = await first.main('sessions.open', { profileId: 'p' });
    first.dispose();
    second.dispose();
    const third = await connectClient(host);
    const { sessions } = await waitFor(third, 'sessions', ({ sessions: all }) => all.length === 1);
    expect(sessions[0]).toMatchObject({ sessionId, generation: 1 });
    const answer = await third.session(sessionId, 'message.get', { sequence: 1 });
    expect(JSON.stringify(answer)).toContain('"host":"h"');
    third.dispose();
  });

  it('ends all clients when it closes, and frees port and data', async () => {
    const host = await start();
    const client = await connectClient(host);
    const lost = new Promise<void>((resolve) => client.onDidClose(resolve));
    await host.close();
    await lost;
    await start({ port: host.port });
  });
});

describe('starting', () => {
  it('is refused beyond this machine without password and encryption', async () => {
    for (const options of [{}, { accessPassword: 'long enough' }]) {
      expect(await failureOf(start({ address: '0.0.0.0', ...options }))).toMatchObject({
        code: 'server.exposed',
        hint: expect.stringContaining('--tls-cert'),
      });
    }
  });

  it('says when port or data are taken', async () => {
    const host = await start();
    expect(await failureOf(start({ port: host.port, dataDirectory: directory.file('other') }))).toMatchObject(
      { code: 'server.listen' },
    );
    expect(await failureOf(start())).toMatchObject({ code: 'data.locked' });
    expect(
      await failureOf(start({ address: '192.0.2.1', accessPassword: 'x', tls: { cert: 'x', key: 'x' } })),
    ).toMatchObject({ code: 'server.tls' });
  });

  describe('with password and certificate', () => {
    let certificates: TestCertificates;
    beforeAll(async () => {
      certificates = await createCertificates();
    });
    afterAll(() => certificates.dispose());

    it('serves over TLS, asks for the password, and answers to the names of its certificate', async () => {
      const { certificate: cert, key } = certificates.server;
      const ca = certificates.ca.certificate;
      const host = await start({ address: '0.0.0.0', accessPassword: 'open sesame', tls: { cert, key } });
      expect(host.url).toBe(`https://0.0.0.0:${host.port}/`);
      const url = `https://localhost:${host.port}/`;
      const status = (name: string) =>
        new Promise<number>((resolve, reject) => {
          httpsGet(
            {
              host: '127.0.0.1',
              port: host.port,
              path: '/',
              ca,
              servername: 'localhost',
              headers: { Host: `${name}:${host.port}` },
            },
            (response) => {
              response.resume();
              resolve(response.statusCode ?? 0);
            },
          ).on('error', reject);
        });
      expect(await status('localhost')).toBe(200);
      expect(await status('evil.example')).toBe(421);
      const client = new ContractClient(await openWebSocketTransport(url, { ca }));
      await client.connect('open sesame');
      expect((await client.main('app.info', {})).host).toBe('server');
      client.dispose();
      const stranger = new ContractClient(await openWebSocketTransport(url, { ca }));
      expect(await failureOf(stranger.connect('open'))).toMatchObject({ code: 'access.denied' });
    });
  });
});
