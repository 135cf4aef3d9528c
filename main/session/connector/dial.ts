import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint, TlsSummary } from '#app/contract/session-state.ts';
import type { ConnectionSettings } from '../settings.ts';
import { explainDns, explainFamily, explainTcp, type Target } from './explain-network.ts';
import { explainProxyDns, explainProxyTcp } from './explain-proxy.ts';
import { passProxy } from './proxy.ts';
import { openSocketPath } from './socket-path.ts';
import type { Steps } from './steps.ts';
import { type AddressWords, openTcp, resolveHost } from './tcp.ts';
import { openTls } from './tls.ts';
import { prepareTls } from './tls-options.ts';
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
 * Reaches the broker stage by stage: DNS, TCP (or a Unix socket), proxy, TLS, WebSocket, as the settings need them. Each
 * stage is one function from socket to socket, so that another TLS engine is one more. `onKeyLog` gets each line of the
 * TLS key log. Throws a ConnectError, or the signal's reason once that is aborted; nothing stays open then.
 */
export async function dial(
  settings: ConnectionSettings,
  signal: AbortSignal,
  steps: Steps,
  onKeyLog: (line: Uint8Array) => void = () => undefined,
): Promise<Dialled> {
  const target = targetOf(settings);
  const secure = settings.protocol === 'mqtts' || settings.protocol === 'wss';
  // Before the first packet: a wrong key should not need a network to be found.
  const prepared = secure ? prepareTls(settings, target) : undefined;

  const socket = await reach(settings, target, signal, steps);
  const endpoint = endpointOf(settings, target, socket.remoteAddress);
  let outer = socket;
  let tls: TlsSummary | undefined;
  if (prepared !== undefined) {
    steps.begin('tls');
    const secured = await openTls(socket, prepared, signal, {
      onCertificates: (certificates) => steps.present(certificates),
      onKeyLog,
    });
    steps.done(noteOf(secured.summary));
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

/** A socket whose other end is the broker, by whatever leads there. */
async function reach(
  settings: ConnectionSettings,
  target: Target,
  signal: AbortSignal,
  steps: Steps,
): Promise<Socket> {
  if (target.socketPath !== undefined) {
    steps.begin('socket');
    const socket = await openSocketPath(target.socketPath, signal);
    steps.done(target.socketPath);
    return socket;
  }
  const { proxy } = settings;
  const first = target.proxy ?? target;
  const words = wordsFor(target);
  const suffix = target.proxy === undefined ? '' : ' (proxy)';

  steps.begin('dns');
  const addresses = await resolveHost(first.host, settings.addressFamily, words, signal);
  steps.done(`${addresses.map((entry) => entry.address).join(', ')}${suffix}`);

  steps.begin('tcp');
  const socket = await openTcp(addresses, first.port, words, signal);
  steps.done(socket.remoteAddress === undefined ? undefined : `${socket.remoteAddress}${suffix}`);

  if (proxy !== undefined && target.proxy !== undefined) {
    steps.begin('proxy');
    steps.done(await passProxy(socket, proxy, { ...target, proxy: target.proxy }, signal));
  }
  return socket;
}

function wordsFor(target: Target): AddressWords {
  const { proxy } = target;
  return proxy === undefined
    ? {
        dns: (error) => explainDns(error, target.host),
        family: (family, found) => explainFamily(target.host, family, found),
        tcp: (error) => explainTcp(error, target),
      }
    : {
        dns: (error) => explainProxyDns(error, proxy),
        family: (family, found) => explainFamily(proxy.host, family, found, true),
        tcp: (error) => explainProxyTcp(error, { ...target, proxy }),
      };
}

/** Host and port as they are dialled, and what leads there: an IPv6 address without its brackets. */
export function targetOf(settings: ConnectionSettings): Target {
  const { protocol, port, proxy, socketPath } = settings;
  return {
    protocol,
    host: bareHost(settings.host),
    port,
    // A socket is on this machine: no proxy leads to it.
    ...(socketPath !== ''
      ? { socketPath }
      : proxy === undefined
        ? {}
        : { proxy: { kind: proxy.kind, host: bareHost(proxy.host), port: proxy.port } }),
  };
}

function bareHost(host: string): string {
  return host.trim().replace(/^\[(.*)\]$/, '$1');
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

/** `TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN mqtt, trusted by its fingerprint`. */
function noteOf({ version, cipher, alpn, pinned, preSharedKey }: TlsSummary): string {
  return [
    version,
    cipher,
    ...(alpn === undefined ? [] : [alpn.chosen === undefined ? 'ALPN passed over' : `ALPN ${alpn.chosen}`]),
    ...(pinned === true ? ['trusted by its fingerprint'] : []),
    ...(preSharedKey === true ? ['pre-shared key'] : []),
  ].join(', ');
}
