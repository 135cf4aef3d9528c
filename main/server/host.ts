import { X509Certificate } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { fail } from '#app/contract/failure.ts';
import { appVersion } from '../services/app-version.ts';
import { Engine, type EngineOptions } from '../services/engine.ts';
import { errnoOf } from '../services/file-failure.ts';
import { openFileKeyVault } from '../services/file-key-vault.ts';
import { type AccessRules, isAllowedHost, isLoopback, newToken } from './access.ts';
import { SocketGateway } from './socket-gateway.ts';
import { sendText, serveStatic } from './static-files.ts';

export interface ServerHostOptions {
  readonly dataDirectory: string;
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Address to listen on; default 127.0.0.1. Beyond loopback `accessPassword` and `tls` are needed. */
  readonly address?: string | undefined;
  /** Built page; default `dist/renderer`. */
  readonly rendererDirectory?: string | undefined;
  /** Origins of a development server that serves the page and passes the WebSocket on. */
  readonly extraOrigins?: readonly string[] | undefined;
  /** Instead of a random one; for tests. */
  readonly token?: string | undefined;
  /** Takes the place of the token: the page asks for it, and the address carries none. */
  readonly accessPassword?: string | undefined;
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** For tests: other workers. */
  readonly workers?: EngineOptions['workers'];
}

export interface ServerHost {
  /** Where the page is, with the token in its fragment unless a password is asked for. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly engine: Engine;
  /** Disconnects sessions, flushes files and ends all connections. */
  close(): Promise<void>;
}

/** The server host: the page and its WebSocket on one port. Throws `server.*`, `data.locked` and `file.*` failures. */
export async function createServerHost(options: ServerHostOptions): Promise<ServerHost> {
  const address = options.address ?? '127.0.0.1';
  checkExposure(address, options);
  const server = createServer(options);
  const port = await listen(server, address, options.port ?? 0);
  let engine: Engine;
  try {
    engine = await openEngine(options);
  } catch (error) {
    server.close();
    throw error;
  }
  const token = options.accessPassword ?? options.token ?? newToken();
  const scheme = options.tls === undefined ? 'http' : 'https';
  const rules: AccessRules = {
    scheme,
    port,
    isLocal: isLoopback(address),
    certificate: options.tls === undefined ? undefined : new X509Certificate(options.tls.cert),
    extraOrigins: options.extraOrigins,
  };
  const root = options.rendererDirectory ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isAllowedHost(request.headers.host, rules)) {
      sendText(
        response,
        421,
        'This address is not known here. Use the one that Topicscope printed when it started.',
      );
      return;
    }
    serveStatic(root, request, response).catch((error: unknown) => {
      engine.logger.log('error', 'A request failed', { error });
      response.destroy();
    });
  });
  // Without a listener, a connection that can't be accepted (no file handle is left) would end the process.
  server.on('error', (error) => engine.logger.log('error', 'A connection could not be accepted', { error }));
  const isPassword = options.accessPassword !== undefined;
  const gateway = new SocketGateway({ server, engine, rules, token, isPassword });
  const base = `${scheme}://${urlHost(address)}:${port}/`;
  let closing: Promise<void> | undefined;
  return {
    url: options.accessPassword === undefined ? `${base}#token=${token}` : base,
    port,
    token,
    engine,
    close() {
      closing ??= close(server, gateway, engine);
      return closing;
    },
  };
}

function openEngine(options: ServerHostOptions): Promise<Engine> {
  return Engine.open({
    host: 'server',
    version: appVersion(),
    dataDirectory: options.dataDirectory,
    createVault: (directory, onNotice) =>
      openFileKeyVault({
        directory: directory.file('vault'),
        keyPath: directory.file('vault.key'),
        onNotice,
      }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  });
}

/** Whoever reaches the page reaches the brokers: beyond this machine only with password and encryption. */
function checkExposure(address: string, { accessPassword, tls }: ServerHostOptions): void {
  if (!isLoopback(address) && (accessPassword === undefined || tls === undefined)) {
    throw fail(
      'server.exposed',
      `Listening on ${address} would let others use your connections.`,
      'Add --access-password-file FILE, --tls-cert FILE and --tls-key FILE, or leave out --host.',
    );
  }
}

function createServer({ tls }: ServerHostOptions): Server {
  // Small limits: a browser needs no more, and nothing is uploaded here.
  const limits = { maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 15_000 };
  if (tls === undefined) {
    return createHttpServer(limits);
  }
  try {
    return createHttpsServer({ ...limits, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw fail(
      'server.tls',
      'The server’s certificate and key can’t be used.',
      'Check --tls-cert and --tls-key: both in PEM, and made for each other.',
      detail,
    );
  }
}

function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, address, port)));
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenFailure(error: Error, address: string, port: number) {
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    EADDRINUSE: [
      `Port ${port} is in use by another program.`,
      'Choose another with --port, or leave it out.',
    ],
    EACCES: [`Port ${port} may not be used.`, 'Choose one above 1023 with --port.'],
    EADDRNOTAVAIL: [`This machine has no address ${address}.`, 'Check --host.'],
    ENOTFOUND: [`The name ${address} is not known.`, 'Check --host.'],
  };
  const [message, hint] = reasons[errnoOf(error) ?? ''] ?? [
    'The server could not be started.',
    'Check --host and --port.',
  ];
  return fail('server.listen', message, hint, error.message);
}

async function close(server: Server, gateway: SocketGateway, engine: Engine): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  gateway.close();
  await engine.close();
  server.closeAllConnections();
  await ended;
}

function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
