import { createHash, randomBytes, timingSafeEqual, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** Who may talk to this server: which names it answers to, which pages may open its WebSocket, which token is right. */
export interface AccessRules {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Listens on loopback only. */
  readonly isLocal: boolean;
  /** Names that the server's certificate is for. */
  readonly certificate?: X509Certificate | undefined;
  /** Origins of a development server in front of this one. */
  readonly extraOrigins?: readonly string[] | undefined;
}

/** A per-launch token: 32 random bytes in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that says nothing about where the two differ, nor how long the right one is. */
export function isSameSecret(given: string | undefined, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected)) && given !== undefined;
}

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * Whether a request names this server. A page that points a name of its own at 127.0.0.1 (DNS rebinding) is a page
 * of that name: its requests carry that name as Host.
 */
export function isAllowedHost(header: string | undefined, rules: AccessRules): boolean {
  const host = parseAuthority(header, rules.scheme);
  if (host === undefined) {
    return false;
  }
  if (extraHosts(rules).includes(`${host.name}:${host.port}`)) {
    return true;
  }
  if (host.port !== rules.port) {
    return false;
  }
  if (rules.isLocal) {
    return isLoopback(host.name);
  }
  return (
    isIP(host.name) !== 0 || isLoopback(host.name) || rules.certificate?.checkHost(host.name) !== undefined
  );
}

/** Whether the page that opens a WebSocket came from here. Browsers always send Origin, and pages can't set it. */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  rules: AccessRules,
): boolean {
  if (origin === undefined || host === undefined) {
    return false;
  }
  if (rules.extraOrigins?.includes(origin) === true) {
    return true;
  }
  return origin === `${rules.scheme}://${withoutDefaultPort(host, rules.scheme)}`;
}

/** Browsers leave out the port that belongs to the scheme, in Origin and in Host. */
function withoutDefaultPort(host: string, scheme: 'http' | 'https'): string {
  return host.toLowerCase().replace(scheme === 'http' ? /:80$/ : /:443$/, '');
}

function extraHosts(rules: AccessRules): readonly string[] {
  return (rules.extraOrigins ?? []).flatMap((origin) => {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    const parsed = parseAuthority(url?.host, url?.protocol === 'https:' ? 'https' : 'http');
    return parsed === undefined ? [] : [`${parsed.name}:${parsed.port}`];
  });
}

function parseAuthority(
  header: string | undefined,
  scheme: 'http' | 'https',
): { readonly name: string; readonly port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(header ?? '');
  const name = match?.[1]?.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (match === null || name === undefined) {
    return undefined;
  }
  return { name, port: match[2] === undefined ? (scheme === 'http' ? 80 : 443) : Number(match[2]) };
}
