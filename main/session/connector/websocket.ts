import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { createWebSocketStream } from 'ws';
import type { ConnectionSettings } from '../settings.ts';
import { formatAuthority, type Target } from './explain-network.ts';
import { explainHttpAnswer, explainWebSocketError } from './explain-websocket.ts';
import { ConnectError, errorFacts, lasting, type Verdict } from './verdict.ts';

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
  const subprotocol = subprotocolOf(settings);
  let chosen: string | undefined;
  return new Promise((resolve, reject) => {
    let webSocket: WebSocket;
    try {
      const authority = formatAuthority({ ...target, host: withoutZone(target.host) });
      const address = `${target.protocol}://${authority}${signedPath(path, settings.secretQuery)}`;
      webSocket = new WebSocket(address, subprotocol, {
        createConnection: () => socket,
        headers: headersOf(settings.webSocket.headers),
        perMessageDeflate: false,
        maxPayload: MAX_PAYLOAD,
      });
    } catch (error) {
      socket.destroy();
      reject(new ConnectError(explainRequest(error, settings, subprotocol)));
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
      give(new ConnectError(explainWebSocketError(error, target, subprotocol, chosen)));
    webSocket.once('error', onError);
    webSocket.once('upgrade', (response) => {
      chosen = response.headers['sec-websocket-protocol'];
    });
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

/** MQTT 3.1.1 and 5.0 (section 6.0) say `mqtt`; brokers for 3.1 came before and chose their own. */
function subprotocolOf({ webSocket, mqttVersion }: ConnectionSettings): string {
  const { subprotocol } = webSocket;
  return subprotocol !== '' ? subprotocol : mqttVersion === '3.1' ? 'mqttv3.1' : 'mqtt';
}

/** Headers of one name in one line, as HTTP has them mean the same (RFC 9110 section 5.3). */
function headersOf(headers: ConnectionSettings['webSocket']['headers']): Record<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of headers) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}

/** The zone of an IPv6 address (`fe80::1%eth0`) is of this machine only, and no part of a URL in WHATWG's eyes. */
function withoutZone(host: string): string {
  return host.includes(':') ? host.replace(/%.*$/, '') : host;
}

/** Why the request could not even be made. */
function explainRequest(error: unknown, settings: ConnectionSettings, subprotocol: string): Verdict {
  const facts = errorFacts(error);
  if (facts.code === 'ERR_INVALID_CHAR' || facts.code === 'ERR_INVALID_HTTP_TOKEN') {
    return lasting(
      'websocket.header',
      'A header of this connection has a name or value that HTTP does not allow.',
      'Header names are made of letters, digits and hyphens; values are one line of Latin characters.',
      facts.detail,
    );
  }
  if (facts.text.includes('subprotocol')) {
    return lasting(
      'websocket.subprotocol-name',
      `"${subprotocol}" is no valid WebSocket subprotocol.`,
      'A subprotocol is one word without spaces or commas, such as "mqtt".',
    );
  }
  return lasting(
    'websocket.address',
    'Host and path make no valid WebSocket address.',
    'Check both for blanks and special characters.',
    withoutSecret(facts.detail, settings.secretQuery),
  );
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
