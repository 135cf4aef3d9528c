import { WebSocket } from 'ws';
import { Emitter } from '#app/base/event.ts';
import type { Transport } from '#app/contract/transport.ts';

export interface WebSocketOptions {
  /** Default: the origin of the address, as a browser would send it. */
  readonly origin?: string;
  /** Sent instead of the address's own host. */
  readonly host?: string;
  /** PEM of the certificate to trust. */
  readonly ca?: string;
}

/**
 * Opens the contract's WebSocket of a server host from Node, given the page's address. Rejects with the HTTP status
 * in the message when the host refuses the connection.
 */
export function openWebSocketTransport(pageUrl: string, options: WebSocketOptions = {}): Promise<Transport> {
  const page = new URL(pageUrl);
  const url = `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/contract`;
  const socket = new WebSocket(url, {
    origin: options.origin ?? page.origin,
    perMessageDeflate: false,
    ...(options.host === undefined ? {} : { headers: { Host: options.host } }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const frames = new Emitter<Uint8Array>();
  const closed = new Emitter<void>();
  socket.on('message', (data) => {
    if (data instanceof Uint8Array) {
      frames.fire(data);
    }
  });
  socket.on('close', () => closed.fire());
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('unexpected-response', (_, response) => {
      reject(new Error(`The host answered ${response.statusCode}.`));
      socket.terminate();
    });
    socket.once('open', () =>
      resolve({
        send: (frame) => {
          if (socket.readyState === WebSocket.OPEN) {
            socket.send(frame);
          }
        },
        onFrame: frames.event,
        onClose: closed.event,
        close: () => socket.close(),
      }),
    );
  });
}

/** The access token in a page's address, as the host printed it. */
export function tokenOf(pageUrl: string): string | undefined {
  return /^#token=([\w-]+)$/.exec(new URL(pageUrl).hash)?.[1];
}
