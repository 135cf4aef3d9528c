import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { createWebSocketStream } from 'ws';
import type { ConnectionSettings } from '../settings.ts';
import { formatTarget, type Target } from './explain-network.ts';
import { explainHttpAnswer, explainWebSocketError } from './explain-websocket.ts';
import { ConnectError, errorFacts, lasting } from './verdict.ts';

/** Bytes of one WebSocket message: the largest MQTT packet, which some brokers send in one (MQTT 2.2.3). */
const MAX_PAYLOAD = 256 * 1024 * 1024 + 5;

/** The upgrade to WebSocket over a connected (and perhaps secured) socket. Throws a ConnectError. */
export function openWebSocket(
  socket: Socket,
  settings: ConnectionSettings,
  target: Target,
  signal: AbortSignal,
): Promise<Duplex> {
  const path = normalisePath(settings.path);
  // MQTT 3.1.1 section 6.0 and 5.0 section 6.0 say `mqtt`; brokers for 3.1 came before and chose their own.
  const subprotocol = settings.mqttVersion === '3.1' ? 'mqttv3.1' : 'mqtt';
  return new Promise((resolve, reject) => {
    let webSocket: WebSocket;
    try {
      const address = `${target.protocol}://${formatTarget(target)}${signedPath(path, settings.secretQuery)}`;
      webSocket = new WebSocket(address, subprotocol, {
        createConnection: () => socket,
        perMessageDeflate: false,
        maxPayload: MAX_PAYLOAD,
      });
    } catch (error) {
      socket.destroy();
      reject(
        new ConnectError(
          lasting(
            'websocket.address',
            'Host and path make no valid WebSocket address.',
            'Check both for blanks and special characters.',
            withoutSecret(errorFacts(error).detail, settings.secretQuery),
          ),
        ),
      );
      return;
    }
    const stream = createWebSocketStream(webSocket);
    stream.on('error', () => undefined);
    // When the peer has closed and all that it sent is read. By itself the stream would stay open for writing, and the
    // loss would show only when keep alive gives up.
    stream.once('end', () => stream.destroy());
    const finish = () => {
      signal.removeEventListener('abort', onAbort);
      webSocket.removeListener('error', onError);
      webSocket.on('error', () => undefined);
    };
    const give = (error: unknown) => {
      finish();
      webSocket.terminate();
      socket.destroy();
      reject(error);
    };
    const onAbort = () => give(signal.reason);
    const onError = (error: Error) =>
      give(new ConnectError(explainWebSocketError(error, target, subprotocol)));
    webSocket.once('error', onError);
    webSocket.once('unexpected-response', (_request, response) => {
      const answer = { status: response.statusCode ?? 0, statusText: response.statusMessage ?? '' };
      give(new ConnectError(explainHttpAnswer(answer, target, path)));
    });
    webSocket.once('open', () => {
      finish();
      resolve(stream);
    });
    if (signal.aborted) {
      onAbort();
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
}

/** Begins with a slash; a fragment is never sent (RFC 6455 section 3), so `#` is taken as part of the path. */
export function normalisePath(path: string): string {
  const trimmed = path.trim().replaceAll('#', '%23');
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

function signedPath(path: string, secretQuery: string | undefined): string {
  return secretQuery === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${secretQuery}`;
}

/** The library repeats the address in its message. */
function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined ? text : text.replaceAll(secret, '…');
}
