import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import { isForServers, isIssuedBy, isSelfIssued, isServer, judgeServer } from './doctor.ts';
import type { Found } from './identify.ts';

/** Where the objects of a drop belong. */
export interface Sorted {
  readonly ca: readonly Found[];
  /** The client's own certificate first, then those that lead to a root. */
  readonly chain: readonly Found[];
  readonly key?: Found;
  /** Certificates of a broker, of no use in any place, with what is to be done about them. */
  readonly servers: ReadonlyMap<Found, readonly CertificateAdvice[]>;
}

/** Puts every object into its place; `host` is the name of the broker, empty where it is not known. */
export function sort(found: readonly Found[], host: string): Sorted {
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
    certificates.find(isOwn) ??
    // A key of another certificate came along: the pair is meant, and that it does not fit is said where it stands.
    (keys.length === 0 ? undefined : others.find((other) => !isForServers(other) && !isSelfIssued(other)));
  const chain = leaf === undefined ? [] : chainOf(leaf, certificates);
  const key = keys.find(({ info }) => info.publicKeyId === leaf?.info.publicKeyId) ?? keys[0];
  const free = certificates.filter((one) => !chain.includes(one));
  const servers = free.filter((one) => one.info.kind === 'leaf' && !isSelfIssued(one));
  return {
    chain,
    ...(key === undefined ? {} : { key }),
    ca: free.filter((one) => !servers.includes(one)),
    servers: new Map(servers.map((one) => [one, judgeServer(one, certificates, host)])),
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
