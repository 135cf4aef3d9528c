import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A name that only the test proxies know: who reaches a broker by it has left DNS to the proxy. */
export const PROXY_ONLY_NAME = 'broker.behind.proxy.test';

/** A proxy on loopback and what it was asked. */
export interface TestProxy {
  readonly port: number;
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export interface TestProxyOptions {
  /** `user:password`; clients without are refused. */
  readonly login?: string;
  /** `::1` for an IPv6 listener. */
  readonly address?: string;
}

/** HTTP CONNECT with Basic authentication. `answer` takes the place of a tunnel: the raw response. */
export function startConnectProxy(
  options: TestProxyOptions & { readonly answer?: string } = {},
): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createHttpServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, stream, head) => {
    const socket = stream as Socket;
    socket.on('error', () => undefined);
    const { login } = options;
    const basic = request.headers['proxy-authorization'];
    asked.push(`${request.url} ${request.headers.host === request.url ? 'with Host' : ''}`.trim());
    if (login !== undefined && basic !== `Basic ${Buffer.from(login).toString('base64')}`) {
      const challenge = 'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm="a, b"';
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${challenge}\r\nContent-Length: 0\r\n\r\n`);
    } else if (options.answer !== undefined) {
      socket.end(options.answer);
    } else {
      const { hostname, port } = new URL(`http://${request.url}`);
      join(socket, hostname, Number(port === '' ? 80 : port), (error) =>
        socket.write(
          error === undefined
            ? 'HTTP/1.1 200 Connection established\r\n\r\n'
            : `HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ${error}\r\n\r\n`,
        ),
      );
      socket.unshift(head);
    }
  });
  return listen(server, options, asked);
}

const replies: Readonly<Record<string, number>> = { ECONNREFUSED: 5, ENOTFOUND: 4, EAI_AGAIN: 4 };

/** SOCKS5 (RFC 1928) with user name and password (RFC 1929). `reply` takes the place of a connection: its code. */
export function startSocksProxy(
  options: TestProxyOptions & { readonly reply?: number } = {},
): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    void serveSocks(socket, options, asked).catch(() => socket.destroy());
  });
  return listen(server, options, asked);
}

async function serveSocks(
  socket: Socket,
  { login, reply }: TestProxyOptions & { readonly reply?: number },
  asked: string[],
): Promise<void> {
  const [, methodCount = 0] = await read(socket, 2);
  const methods = await read(socket, methodCount);
  const method = login === undefined ? 0 : 2;
  if (!methods.includes(method)) {
    socket.end(Uint8Array.of(5, 0xff));
    return;
  }
  socket.write(Uint8Array.of(5, method));
  if (login !== undefined) {
    const [, userLength = 0] = await read(socket, 2);
    const user = await read(socket, userLength);
    const [passwordLength = 0] = await read(socket, 1);
    const isRight = `${user}:${await read(socket, passwordLength)}` === login;
    socket.write(Uint8Array.of(1, isRight ? 0 : 1));
    if (!isRight) {
      socket.end();
      return;
    }
  }
  const [, , , type = 0] = await read(socket, 4);
  const host = await readHost(socket, type);
  const port = (await read(socket, 2)).readUInt16BE();
  asked.push(`${{ 1: 'IPv4', 3: 'name', 4: 'IPv6' }[type]} ${host} ${port}`);
  const answer = (code: number) => socket.write(Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0));
  if (reply !== undefined) {
    answer(reply);
    socket.end();
    return;
  }
  join(socket, host, port, (error) => answer(error === undefined ? 0 : (replies[error] ?? 1)));
}

async function readHost(socket: Socket, type: number): Promise<string> {
  if (type === 3) {
    const [length = 0] = await read(socket, 1);
    return (await read(socket, length)).toString();
  }
  const bytes = await read(socket, type === 1 ? 4 : 16);
  return type === 1 ? bytes.join('.') : (bytes.toString('hex').match(/..../g) ?? []).join(':');
}

async function read(socket: Socket, size: number): Promise<Buffer> {
  for (;;) {
    const chunk: Buffer | null = size === 0 ? Buffer.alloc(0) : socket.read(size);
    if (chunk !== null) {
      return chunk;
    }
    if (socket.readableEnded || socket.destroyed) {
      throw new Error('closed');
    }
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}

/** Connects the client's socket to the host that it asked for. */
function join(
  socket: Socket,
  host: string,
  port: number,
  onReady: (error: string | undefined) => void,
): void {
  const known = host === PROXY_ONLY_NAME ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1');
  const upstream = connect({ host: known, port });
  upstream.once('connect', () => {
    onReady(undefined);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.once('error', (error: NodeJS.ErrnoException) => {
    onReady(error.code ?? 'error');
    socket.end();
  });
  socket.on('error', () => upstream.destroy());
  socket.on('close', () => upstream.destroy());
}

async function listen(server: Server, options: TestProxyOptions, asked: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, options.address ?? '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    stop: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
