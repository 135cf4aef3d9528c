import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that speaks HTTP CONNECT (RFC 9110 section 9.3.6). */
export interface ConnectProxy {
  readonly port: number;
  /** `host:port` of each tunnel that was asked for and let through, in order. */
  readonly tunnels: readonly string[];
  stop(): Promise<void>;
}

export interface ConnectProxyOptions {
  /** `user:password`, asked for by Basic authentication. */
  readonly login?: string;
  /** Names that only the proxy knows, with the addresses behind them. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Starts one on a free port of loopback. */
export async function startConnectProxy({ login, hosts = {} }: ConnectProxyOptions): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, client: Socket, head) => {
    sockets.add(client);
    client.on('error', () => undefined);
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const target = request.url ?? '';
    const { hostname, port } = new URL(`tcp://${target}`);
    tunnels.push(target);
    const upstream = connect(Number(port), hosts[hostname] ?? hostname.replace(/^\[|\]$/g, ''));
    sockets.add(upstream);
    upstream.on('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    async stop() {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
