import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import type { Failure } from '#app/contract/failure.ts';
import { createServerHost, type ServerHost, type ServerHostOptions } from '../../main/server/host.ts';
import { fakeWorkers } from '../../main/services/engine.fixture.ts';
import { testDirectory } from '../../main/services/test-directory.fixture.ts';
import { openWebSocketTransport } from './ws-transport.ts';

/** Server hosts on a page and data of their own, new for each test of the file that imports this. */
export let directory: Awaited<ReturnType<typeof testDirectory>>;
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

/** Starts a host; it is closed at the end of the test. */
export async function start(options: Partial<ServerHostOptions> = {}): Promise<ServerHost> {
  const host = await createServerHost({
    dataDirectory: directory.file('data'),
    rendererDirectory: directory.file('page'),
    workers: fakeWorkers,
    ...options,
  });
  hosts.push(host);
  return host;
}

/** A client that has shown its token. */
export async function connectClient(
  host: ServerHost,
  token: string | undefined = host.token,
  options: Parameters<typeof openWebSocketTransport>[1] = {},
): Promise<ContractClient> {
  const client = new ContractClient(await openWebSocketTransport(host.url, options));
  await client.connect(token);
  return client;
}

/** The failure, or the error's message, that a call ends with. */
export const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
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
export function ask(
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
