import { BlockList, isIP } from 'node:net';
import { fail } from '#app/contract/failure.ts';
import type { Protocol } from '#app/profile/profile.ts';
import type { ConnectionSettings } from '../../session/settings.ts';

/** A proxy as a session is told it. */
export type ProxyAddress = NonNullable<ConnectionSettings['proxy']>;

/** Where a connection is to go. */
export interface ProxyTarget {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/**
 * The proxy that the system has for a target; `undefined`: straight there. Throws `proxy.system` where it names one that
 * Topicscope can't use.
 */
export type SystemProxy = (target: ProxyTarget) => Promise<ProxyAddress | undefined>;

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<ProxyAddress['kind'], number>> = { http: 80, socks5: 1080 };

/**
 * The proxy of the environment: HTTPS_PROXY for connections with TLS, HTTP_PROXY for those without, ALL_PROXY where the
 * one is not set, none for what NO_PROXY names and for this machine. Names in lower case go first, as in curl.
 */
export function proxyFromEnvironment(
  target: ProxyTarget,
  environment: Environment = process.env,
): ProxyAddress | undefined {
  const isSecure = target.protocol === 'mqtts' || target.protocol === 'wss';
  const value = firstOf(environment, isSecure ? 'https_proxy' : 'http_proxy', 'all_proxy');
  if (value === undefined || isLoopback(target.host) || isExempt(target, firstOf(environment, 'no_proxy'))) {
    return undefined;
  }
  return parseProxyUrl(value);
}

function firstOf(environment: Environment, ...names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => [environment[name], environment[name.toUpperCase()]])
    .find((value) => value !== undefined && value.trim() !== '')
    ?.trim();
}

/** `http://user:password@host:port`, `socks5://host`, `host:port`. Throws `proxy.system` for other kinds. */
export function parseProxyUrl(text: string): ProxyAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const kinds: Readonly<Record<string, ProxyAddress['kind']>> = {
    http: 'http',
    socks: 'socks5',
    socks5: 'socks5',
    socks5h: 'socks5',
  };
  const kind = scheme === undefined ? 'http' : kinds[scheme];
  if (kind === undefined) {
    throw unusable(`a proxy of the kind “${scheme}”`);
  }
  // `URL` knows the rules of hosts and ports for its own schemes only, and drops their usual port.
  const rest = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : undefined;
  if (url === undefined || url.hostname === '') {
    throw unusable('a proxy whose address can’t be read');
  }
  const hasPort80 = /^[^/?#]*:0*80(?:[/?#]|$)/.test(rest);
  const password = decode(url.password);
  return {
    kind,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port !== '' ? Number(url.port) : hasPort80 ? 80 : DEFAULT_PORTS[kind],
    username: decode(url.username),
    ...(password === '' ? {} : { password }),
  };
}

/** The address itself is left out: it may hold a password. */
function unusable(what: string) {
  return fail(
    'proxy.system',
    `The system names ${what}, which Topicscope can’t use.`,
    'Choose an HTTP or SOCKS5 proxy by hand in the settings or in this connection, or “None”.',
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** This machine by name or address. */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  return (
    bare === 'localhost' ||
    bare.endsWith('.localhost') ||
    bare === '::1' ||
    bare.startsWith('::ffff:127.') ||
    (isIP(bare) === 4 && bare.startsWith('127.'))
  );
}

/**
 * NO_PROXY as curl and Go read it: a list parted by commas or spaces of host names (which stand for all below them, with
 * or without a dot before), addresses, networks (`10.0.0.0/8`), each with a port or without, or `*` for all.
 */
export function isExempt(target: Pick<ProxyTarget, 'host' | 'port'>, list: string | undefined): boolean {
  const host = bareHost(target.host);
  return (list ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, host, target.port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return isInNetwork(entry, host);
  }
  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort !== null && Number(withPort[2]) !== port) {
    return false;
  }
  const name = bareHost(withPort?.[1] ?? entry).replace(/^\*?\./, '');
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}

function isInNetwork(entry: string, host: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  const family = isIP(address);
  const isNumber = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (family === 0 || !isNumber || isIP(host) !== family) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits), type);
  return network.check(host, type);
}

/** Without brackets, zone and the dot at the end, in lower case. */
function bareHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/\.$/, '');
}
