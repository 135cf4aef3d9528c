import { getCACertificates } from 'node:tls';
import type { ConnectionSettings } from '../settings.ts';
import { ConnectError, lasting } from './verdict.ts';

/**
 * The issuers that a connection trusts, in the combination chosen: the system's (with those of NODE_EXTRA_CA_CERTS,
 * which its administrator adds), those that come with Topicscope, its own. Throws a ConnectError when there are none,
 * unless something else than an issuer decides. `read` is for tests.
 */
export function trustedAuthorities(
  tls: ConnectionSettings['tls'],
  own: readonly string[],
  read: ReadAuthorities = readAuthorities,
): readonly string[] {
  const all = [...own, ...common(tls.trust, read)];
  if (all.length > 0 || !tls.verify || tls.pin !== undefined || tls.psk !== undefined) {
    return all;
  }
  throw new ConnectError(
    tls.trust.system || tls.trust.bundled
      ? lasting(
          'tls.no-system-ca',
          'No CA certificates of the operating system could be read.',
          'Choose the bundled CAs as well under Security, or drop the CA certificate of the broker there.',
        )
      : lasting(
          'tls.no-trust',
          'This connection trusts no issuer, so no certificate can be verified.',
          "Choose the system's or the bundled CAs under Security, or drop the CA certificate of the broker there.",
        ),
  );
}

/** Certificates of one source. */
export type ReadAuthorities = (kind: 'system' | 'bundled' | 'extra') => readonly string[];

/** Some 800 certificates: merged once for each combination, as every attempt to connect needs them. */
const combinations = new Map<string, readonly string[]>();

function common(
  { system, bundled }: ConnectionSettings['tls']['trust'],
  read: ReadAuthorities,
): readonly string[] {
  const key = `${system} ${bundled}`;
  const known = read === readAuthorities ? combinations.get(key) : undefined;
  const merged =
    known ??
    mergeAuthorities([
      ...(bundled ? read('bundled') : []),
      ...(system ? [...read('system'), ...read('extra')] : []),
    ]);
  if (read === readAuthorities) {
    combinations.set(key, merged);
  }
  return merged;
}

function readAuthorities(kind: 'system' | 'bundled' | 'extra'): readonly string[] {
  // `tls.getCACertificates` came with Node 22.15; `?.` is for runtimes without it.
  const read = getCACertificates as typeof getCACertificates | undefined;
  return read?.(kind) ?? [];
}

/** The list without the doubles that differ only in their line breaks. */
export function mergeAuthorities(certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map((pem) => [pem.replace(/\s/g, ''), pem])).values()];
}
