import { request } from 'node:http';
import type { Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import { SocksClient } from 'socks';
import type { ConnectionSettings } from '../settings.ts';
import { formatAuthority } from './explain-network.ts';
import {
  explainConnectAnswer,
  explainConnectError,
  explainProxyInput,
  explainSocksError,
  type ProxiedTarget,
} from './explain-proxy.ts';
import { ConnectError } from './verdict.ts';

type Proxy = NonNullable<ConnectionSettings['proxy']>;

/** Milliseconds; longer than any connect timeout, which ends the attempt. The library has no way to say "never". */
const LIBRARY_TIMEOUT = 660_000;

/**
 * Has a proxy connect the socket to the broker, whose name it looks up itself. Resolves with the number of the reply
 * in words. Throws a ConnectError, or the signal's reason; the socket is destroyed then.
 */
export async function passProxy(
  socket: Socket,
  proxy: Proxy,
  target: ProxiedTarget,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const onAbort = () => socket.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const destination = { host: hostFor(target.host), port: target.port };
    return proxy.kind === 'http'
      ? await openTunnel(socket, proxy, target, destination)
      : await openSocks(socket, proxy, target, destination);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** HTTP CONNECT with Basic authentication (RFC 9110 section 9.3.6, RFC 7617). */
function openTunnel(
  socket: Socket,
  proxy: Proxy,
  target: ProxiedTarget,
  destination: { readonly host: string; readonly port: number },
): Promise<string> {
  const authority = formatAuthority(destination);
  const { username, password = '' } = proxy;
  const hasLogin = username !== '' || password !== '';
  if (username.includes(':')) {
    return Promise.reject(new ConnectError(explainProxyInput('user name', target)));
  }
  return new Promise((resolve, reject) => {
    let connecting: ReturnType<typeof request>;
    try {
      connecting = request({
        method: 'CONNECT',
        path: authority,
        createConnection: () => socket,
        headers: {
          Host: authority,
          Connection: 'keep-alive',
          ...(hasLogin
            ? { 'Proxy-Authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
            : {}),
        },
      });
    } catch {
      // Only the characters of the host can be wrong here.
      reject(new ConnectError(explainProxyInput('host name', target)));
      return;
    }
    connecting.once('connect', (response, _socket, head) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) {
        const answer = {
          status,
          statusText: response.statusMessage ?? '',
          schemes: schemesOf(response.headersDistinct['proxy-authenticate'] ?? []),
          // Squid names its reason here: `ERR_DNS_FAIL 0`.
          reason: headerText(response.headers['x-squid-error']),
        };
        reject(new ConnectError(explainConnectAnswer(answer, target, hasLogin)));
        return;
      }
      if (head.length > 0) {
        socket.unshift(head);
      }
      resolve(`HTTP ${status} ${response.statusMessage ?? ''}`.trim());
    });
    connecting.on('error', (error) => reject(new ConnectError(explainConnectError(error, target))));
    // An answer that is no answer to CONNECT, such as 101.
    connecting.once('upgrade', () =>
      reject(new ConnectError(explainConnectError(new Error('Parse Error: upgrade'), target))),
    );
    connecting.end();
  });
}

/** SOCKS5 with user name and password (RFC 1928, RFC 1929). */
async function openSocks(
  socket: Socket,
  proxy: Proxy,
  target: ProxiedTarget,
  destination: { readonly host: string; readonly port: number },
): Promise<string> {
  const { username, password = '' } = proxy;
  const hasLogin = username !== '' || password !== '';
  // The library would throw where nobody can catch it.
  for (const [what, text] of [
    ['user name', username],
    ['password', password],
    ['host name', destination.host],
  ] as const) {
    if (Buffer.byteLength(text) > 255) {
      throw new ConnectError(explainProxyInput(what, target));
    }
  }
  try {
    await SocksClient.createConnection({
      command: 'connect',
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(hasLogin ? { userId: username, password } : {}),
      },
      destination,
      existing_socket: socket,
      timeout: LIBRARY_TIMEOUT,
    });
  } catch (error) {
    throw new ConnectError(explainSocksError(error, target, hasLogin));
  }
  return 'SOCKS5 succeeded';
}

/** As the proxy is told it: international names in ASCII, addresses without a zone, which is one of this machine. */
function hostFor(host: string): string {
  const bare = host.replace(/%.*$/, '');
  return bare.includes(':') ? bare : domainToASCII(bare) || bare;
}

/** Names of the schemes in `WWW-Authenticate`-like headers: `Negotiate`, `Basic`. */
export function schemesOf(headers: readonly string[]): readonly string[] {
  const names = headers.flatMap((header) =>
    header.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => {
      const [word = ''] = part.trim().split(/\s+/);
      return word === '' || word.includes('=') ? [] : [word.slice(0, 40)];
    }),
  );
  return [...new Set(names)].slice(0, 8);
}

function headerText(value: string | readonly string[] | undefined): string | undefined {
  const text = typeof value === 'string' ? value : value?.join(', ');
  return text?.slice(0, 200);
}
