import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import { judge } from './doctor.ts';
import type { Found } from './identify.ts';

/** Where the objects of a drop belong. */
export interface Placed {
  readonly ca: readonly Found[];
  /** The client's own certificate first, then those that lead to a root. */
  readonly chain: readonly Found[];
  readonly key?: Found;
  /** The certificate of a broker, dropped by itself: of no use in any place. */
  readonly servers: readonly Found[];
}

export interface Sorted extends Placed {
  readonly advice: readonly CertificateAdvice[];
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Puts every object into its place and says what is missing or wrong with them together. */
export function sort(found: readonly Found[], host: string): Sorted {
  const placed = place(found);
  return { ...placed, advice: judge(placed, found, host) };
}

function place(found: readonly Found[]): Placed {
  const certificates = found.filter(({ certificate }) => certificate !== undefined);
  const keys = found.filter(({ info, pem }) => info.kind === 'private-key' && pem !== undefined);
  const keyIds = new Set(keys.map(({ info }) => info.publicKeyId));
  const isOwn = ({ info }: Found): boolean => info.publicKeyId !== undefined && keyIds.has(info.publicKeyId);
  const leaves = certificates.filter(({ info }) => info.kind === 'leaf');
  const others = leaves.filter((leaf) => !isOwn(leaf));
  // A key for a certificate that calls itself a CA is the key of a self-signed client, where there is no better one.
  const leaf =
    leaves.find(isOwn) ??
    others.find((other) => !isServer(other) && !isSelfIssued(other)) ??
    certificates.find(isOwn);
  const chain = leaf === undefined ? [] : chainOf(leaf, certificates);
  const key = keys.find(({ info }) => info.publicKeyId === leaf?.info.publicKeyId) ?? keys[0];
  const free = certificates.filter((one) => !chain.includes(one));
  return {
    chain,
    ...(key === undefined ? {} : { key }),
    ca: free.filter((one) => one.info.kind !== 'leaf' || isSelfIssued(one)),
    servers: free.filter((one) => one.info.kind === 'leaf' && !isSelfIssued(one)),
  };
}

/** The leaf and the intermediates above it; the root stays out, as whoever verifies has it. */
function chainOf(leaf: Found, certificates: readonly Found[]): readonly Found[] {
  const chain = [leaf];
  for (let last: Found | undefined = leaf; last !== undefined; ) {
    const child: Found = last;
    last = certificates.find(
      (one) => one.info.kind === 'intermediate' && !chain.includes(one) && isIssuedBy(child, one),
    );
    if (last !== undefined) {
      chain.push(last);
    }
  }
  return chain;
}

/** True when the signature says so, not the names alone. */
export function isIssuedBy({ certificate }: Found, issuer: Found): boolean {
  try {
    return (
      certificate !== undefined &&
      issuer.certificate !== undefined &&
      certificate.checkIssued(issuer.certificate) &&
      certificate.verify(issuer.certificate.publicKey)
    );
  } catch {
    return false;
  }
}

export function isSelfIssued({ info }: Found): boolean {
  return info.subject !== undefined && info.subject === info.issuer;
}

/** Uses that the certificate is limited to; none means any. */
export function usesOf({ certificate }: Found): readonly string[] {
  const usage: unknown = certificate?.keyUsage;
  return Array.isArray(usage) ? usage.map(String) : [];
}

function isServer(found: Found): boolean {
  const uses = usesOf(found);
  return uses.includes(SERVER_AUTH) && !uses.includes(CLIENT_AUTH);
}
