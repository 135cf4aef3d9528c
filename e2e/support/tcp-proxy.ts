import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that fails on demand: the network between a client and its broker. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open at the moment. */
  readonly connections: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Nothing passes any more, in either direction, and nothing is closed; `resume` lets all of it through. */
  pause(): void;
  resume(): void;
  /** As `pause`, but what comes is thrown away: the peer is gone without a word. Also for new connections. */
  blackHole(): void;
  /** Milliseconds that each chunk waits in each direction. */
  setDelay(milliseconds: number): void;
  /** Destroys all connections, with a reset (RST) or an orderly end (FIN). */
  cut(how?: 'reset' | 'end'): void;
  /** Stops listening: new connections are refused. `accept` listens again on the same port. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy to a port of loopback. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'open' | 'paused' | 'black hole' = 'open';
  let delay = 0;
  let accepted = 0;

  const forward = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (mode === 'black hole') {
        return;
      }
      if (delay > 0) {
        setTimeout(() => to.write(chunk), delay);
      } else if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => mode !== 'paused' && from.resume());
      }
    });
    from.on('end', () => mode === 'open' && setTimeout(() => to.end(), delay));
    from.on('error', () => undefined);
  };

  const server = createServer((client) => {
    accepted += 1;
    const upstream = connect(targetPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    forward(client, upstream);
    forward(upstream, client);
    if (mode === 'paused') {
      client.pause();
    }
    // A black hole keeps the client's side open whatever happens behind it.
    upstream.on('close', () => mode === 'open' && client.destroy());
    client.on('close', () => {
      upstream.destroy();
      pairs.delete(pair);
    });
  });

  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = async () => {
    if (server.listening) {
      // Existing connections go on, so do not wait for the server's `close`.
      server.close();
    }
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const eachSocket = (act: (socket: Socket) => void) => {
    for (const [client, upstream] of pairs) {
      act(client);
      act(upstream);
    }
  };
  const cut = (how: 'reset' | 'end' = 'reset') =>
    eachSocket((socket) => (how === 'reset' ? socket.resetAndDestroy() : socket.destroy()));
  return {
    port,
    get connections() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    pause() {
      mode = 'paused';
      eachSocket((socket) => socket.pause());
    },
    resume() {
      mode = 'open';
      eachSocket((socket) => socket.resume());
    },
    blackHole() {
      mode = 'black hole';
    },
    setDelay(milliseconds) {
      delay = milliseconds;
    },
    cut,
    refuse: close,
    accept: () => (server.listening ? Promise.resolve() : listen(port)),
    async stop() {
      await close();
      cut();
    },
  };
}
