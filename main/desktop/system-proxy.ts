import type { Session } from 'electron';
import { fail } from '#app/contract/failure.ts';
import {
  isLoopback,
  type ProxyAddress,
  type ProxyTarget,
  proxyFromEnvironment,
} from '../services/network/system-proxy.ts';

/**
 * The proxy of the operating system's settings, as Chromium reads them (with PAC scripts). The environment goes first:
 * whoever set it did so for this run. Throws `proxy.system` where there is none that Topicscope can use.
 */
export async function desktopProxy(
  session: Pick<Session, 'resolveProxy'>,
  target: ProxyTarget,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ProxyAddress | undefined> {
  const fromEnvironment = proxyFromEnvironment(target, environment);
  if (fromEnvironment !== undefined || isLoopback(target.host)) {
    return fromEnvironment;
  }
  const host = target.host.includes(':') ? `[${target.host.replace(/^\[|\]$/g, '')}]` : target.host;
  // Of the proxies by scheme, the one for https is the one that opens tunnels.
  return parseProxyList(await ask(session, `https://${host}:${target.port}/`));
}

async function ask(session: Pick<Session, 'resolveProxy'>, url: string): Promise<string> {
  try {
    return await session.resolveProxy(url);
  } catch (error) {
    throw fail(
      'proxy.system',
      'The proxy settings of the system could not be read.',
      'Choose a proxy by hand in the settings or in this connection, or “None”.',
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** The first entry of a PAC result (`PROXY a:80; SOCKS5 b:1080; DIRECT`) that can be used. */
export function parseProxyList(list: string): ProxyAddress | undefined {
  const entries = list.split(';').map((entry) => entry.trim());
  for (const entry of entries) {
    const [kind = '', address = ''] = entry.split(/\s+/);
    const proxy = addressOf(kind.toUpperCase(), address);
    if (kind.toUpperCase() === 'DIRECT' || proxy !== undefined) {
      return proxy;
    }
  }
  if (entries.every((entry) => entry === '')) {
    return undefined;
  }
  throw fail(
    'proxy.system',
    'The system names only proxies that Topicscope can’t use.',
    'Choose an HTTP or SOCKS5 proxy by hand in the settings or in this connection, or “None”.',
    list.slice(0, 500),
  );
}

function addressOf(kind: string, address: string): ProxyAddress | undefined {
  const parts = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    return undefined;
  }
  switch (kind) {
    case 'PROXY':
    case 'HTTP':
      return { kind: 'http', host, port, username: '' };
    // `SOCKS` alone means version 4, but what answers there nearly always speaks 5 as well.
    case 'SOCKS':
    case 'SOCKS5':
      return { kind: 'socks5', host, port, username: '' };
    default:
      return undefined;
  }
}
