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
  const system = tls.trust.system ? [...read('system'), ...read('extra')] : [];
  const bundled = tls.trust.bundled ? read('bundled') : [];
  const all = mergeAuthorities([...own, ...bundled, ...system]);
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

export type ReadAuthorities = (kind: 'system' | 'bundled' | 'extra') => readonly string[];

/** Read once, as asking the system takes a fifth of a second. */
const authorities = new Map<string, readonly string[]>();

function readAuthorities(kind: 'system' | 'bundled' | 'extra'): readonly string[] {
  // `tls.getCACertificates` came with Node 22.15; `?.` is for runtimes without it.
  const read = getCACertificates as typeof getCACertificates | undefined;
  const known = authorities.get(kind) ?? read?.(kind) ?? [];
  authorities.set(kind, known);
  return known;
}

/** The list without the doubles that differ only in their line breaks. */
export function mergeAuthorities(certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map((pem) => [pem.replace(/\s/g, ''), pem])).values()];
}
