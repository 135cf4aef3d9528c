import { get as httpsGet } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { CONTENT_SECURITY_POLICY } from '#app/contract/content-security-policy.ts';
import { createCertificates, type TestCertificates } from '../../e2e/support/certificates.ts';
import { ask, directory, failureOf, start } from '../../e2e/support/server-hosts.fixture.ts';
import { openWebSocketTransport } from '../../e2e/support/ws-transport.ts';

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
