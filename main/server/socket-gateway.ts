import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import { serveClient } from '../services/client-connection.ts';
import type { Engine } from '../services/engine.ts';
import { type AccessRules, isAllowedHost, isAllowedOrigin, isSameSecret } from './access.ts';
import { FailedAttempts } from './attempts.ts';
import { socketTransport } from './socket-transport.ts';

/** Where the page opens its WebSocket. */
const CONTRACT_PATH = '/contract';
const MAX_CLIENTS = 100;
/** Milliseconds: a wrong token is answered late, a silent connection is dropped after two of the second. */
const REFUSAL_DELAY = 300;
const HEARTBEAT = 30_000;

export interface GatewayOptions {
  readonly server: Server;
  readonly engine: Engine;
  readonly rules: AccessRules;
  readonly token: string;
  /**
   * The token was chosen by a person: who guesses has to wait. A drawn one can't be guessed, and then waiting would
   * only let any process of this machine lock its user out, who has the same address.
   */
  readonly isPassword: boolean;
}

/** Takes WebSockets of our own page and makes them clients of the engine. */
export class SocketGateway {
  readonly #options: GatewayOptions;
  /** Kept for passwords only. */
  readonly #attempts: FailedAttempts | undefined;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  readonly #alive = new WeakSet<WebSocket>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#attempts = options.isPassword ? new FailedAttempts() : undefined;
    options.server.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head));
    this.#heartbeat = setInterval(() => this.#checkAlive(), HEARTBEAT);
    this.#heartbeat.unref();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const socket of this.#sockets.clients) {
      socket.close(1001, 'Topicscope ends');
    }
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#serve(socket, request));
  }

  #refusal(request: IncomingMessage): string | undefined {
    const { rules } = this.#options;
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, rules)) {
      return '421 Misdirected Request';
    }
    if (!isAllowedOrigin(origin, host, rules)) {
      return '403 Forbidden';
    }
    if (request.url !== CONTRACT_PATH) {
      return '404 Not Found';
    }
    if (this.#attempts?.isBlocked(addressOf(request)) === true || this.#sockets.clients.size >= MAX_CLIENTS) {
      return '429 Too Many Requests';
    }
    return undefined;
  }

  #serve(socket: WebSocket, request: IncomingMessage): void {
    const address = addressOf(request);
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    serveClient(socketTransport(socket), this.#options.engine, {
      checkToken: async (token) => {
        if (isSameSecret(token, this.#options.token)) {
          this.#attempts?.forget(address);
          return true;
        }
        this.#attempts?.add(address);
        await delay(REFUSAL_DELAY);
        return false;
      },
    });
  }

  /** Ends connections whose other end went away without a word. */
  #checkAlive(): void {
    for (const socket of this.#sockets.clients) {
      if (this.#alive.delete(socket)) {
        socket.ping();
      } else {
        socket.terminate();
      }
    }
  }
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown';
}
