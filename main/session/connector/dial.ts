import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint, TlsSummary } from '#app/contract/session-state.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Target } from './explain-network.ts';
import type { Steps } from './steps.ts';
import { openTcp, resolveHost } from './tcp.ts';
import { openTls, prepareTls } from './tls.ts';
import { normalisePath, openWebSocket } from './websocket.ts';

/** A stream to the broker on which CONNECT can be sent. */
export interface Dialled {
  readonly stream: Duplex;
  /** The outermost socket of Node, for counting bytes and for cutting it. */
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  readonly tls: TlsSummary | undefined;
}

/**
 * Reaches the broker stage by stage: DNS, TCP, TLS, WebSocket, as the protocol needs them. Each stage is one function
 * from socket to socket, so that a proxy or another TLS engine is one more. Throws a ConnectError, or the signal's
 * reason once that is aborted; nothing stays open then.
 */
export async function dial(
  settings: ConnectionSettings,
  signal: AbortSignal,
  steps: Steps,
): Promise<Dialled> {
  const target = targetOf(settings);
  const secure = settings.protocol === 'mqtts' || settings.protocol === 'wss';
  // Before the first packet: a wrong key should not need a network to be found.
  const secureContext = secure ? prepareTls(settings.tls) : undefined;

  steps.begin('dns');
  const addresses = await resolveHost(target.host, signal);
  steps.done(addresses.map((entry) => entry.address).join(', '));

  steps.begin('tcp');
  const socket = await openTcp(addresses, target, signal);
  const address = socket.remoteAddress;
  steps.done(address);

  const endpoint = endpointOf(settings, target, address);
  let outer = socket;
  let tls: TlsSummary | undefined;
  if (secureContext !== undefined) {
    steps.begin('tls');
    const secured = await openTls(socket, settings, target, secureContext, signal);
    steps.done(`${secured.summary.version}, ${secured.summary.cipher}`);
    outer = secured.socket;
    tls = secured.summary;
  }
  if (settings.protocol === 'mqtt' || settings.protocol === 'mqtts') {
    return { stream: outer, socket: outer, endpoint, tls };
  }
  steps.begin('websocket');
  const stream = await openWebSocket(outer, settings, target, signal);
  steps.done('101 Switching Protocols');
  return { stream, socket: outer, endpoint, tls };
}

/** Host and port as they are dialled: an IPv6 address without its brackets. */
export function targetOf(settings: ConnectionSettings): Target {
  const host = settings.host.trim().replace(/^\[(.*)\]$/, '$1');
  return { protocol: settings.protocol, host, port: settings.port };
}

function endpointOf(settings: ConnectionSettings, target: Target, address: string | undefined): Endpoint {
  return {
    ...target,
    ...(settings.protocol === 'ws' || settings.protocol === 'wss'
      ? { path: normalisePath(settings.path) }
      : {}),
    ...(address === undefined ? {} : { address }),
  };
}
