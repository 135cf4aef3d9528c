import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { PresentedCertificate } from '#app/contract/session-state.ts';

/** What a server presented, and what is known of how it hangs together. */
export interface PresentedChain {
  /** Its own certificate first, the others in the order in which they came. */
  readonly certificates: readonly PresentedCertificate[];
  /** The issuer whose certificate would come next and was not presented; absent: the chain ends at a root. */
  readonly missingIssuer?: string;
  /** The name of the issuer at the end, where one of the connection's own CA certificates has it, but another key. */
  readonly renewedIssuer?: string;
}

/** More of a chain than anybody uses: the rest is not shown. */
const MAX_CERTIFICATES = 10;
const MAX_NAMES = 100;
const MAX_TEXT = 300;
/** Characters of all together; a certificate of 8192 bit RSA has 5000. A server may send hundreds of kilobytes. */
const MAX_PEM = 32_768;

/** The chain as it was presented. To be read once for a connection: Node takes it apart while reading. */
export function presentedChain(socket: TLSSocket, ownAuthorities: readonly string[] = []): PresentedChain {
  const chain: X509Certificate[] = [];
  let next: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MAX_CERTIFICATES) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  const top = topOf(chain);
  const issuerIsMissing = top !== undefined && !isSelfSigned(top);
  return {
    certificates: describeAll(chain),
    ...(issuerIsMissing ? { missingIssuer: nameOf(top, 'issuer') } : {}),
    ...(top !== undefined && ownAuthorities.some((pem) => isOtherKey(top, new X509Certificate(pem)))
      ? { renewedIssuer: nameOf(top, 'issuer') }
      : {}),
  };
}

/** The last certificate that can be reached from the server's own by going from issuer to issuer within the chain. */
function topOf(chain: readonly X509Certificate[]): X509Certificate | undefined {
  let top = chain[0];
  for (let steps = 0; steps < chain.length && top !== undefined; steps += 1) {
    const current: X509Certificate = top;
    const issuer = chain.find((other) => other !== current && isIssuedBy(current, other));
    if (issuer === undefined) {
      break;
    }
    top = issuer;
  }
  return top;
}

function isOtherKey(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.subject === certificate.issuer && !isIssuedBy(certificate, authority);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that this build of OpenSSL does not know.
    return false;
  }
}

function describeAll(chain: readonly X509Certificate[]): readonly PresentedCertificate[] {
  let room = MAX_PEM;
  return chain.map((certificate) => {
    const pem = certificate.toString();
    room -= pem.length;
    return describeOne(certificate, room < 0 ? undefined : pem);
  });
}

function describeOne(certificate: X509Certificate, pem: string | undefined): PresentedCertificate {
  return {
    subject: nameOf(certificate, 'subject'),
    issuer: nameOf(certificate, 'issuer'),
    names: namesOf(certificate),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
    selfSigned: isSelfSigned(certificate),
    ...(pem === undefined ? {} : { pem }),
  };
}

/** The common name, or what else a distinguished name has. */
function nameOf(certificate: X509Certificate, which: 'subject' | 'issuer'): string {
  const name: Readonly<Record<string, string | string[] | undefined>> = certificate.toLegacyObject()[which];
  // A certificate may do without a subject when it has alternative names.
  const value = name?.CN ?? name?.O ?? name?.OU ?? Object.values(name ?? {})[0] ?? 'unnamed';
  return (Array.isArray(value) ? value.join(', ') : value).slice(0, MAX_TEXT);
}

/** Alternative names as entered (`DNS:a, IP Address:1.2.3.4`); the common name only where there are none, as in RFC 6125. */
function namesOf(certificate: X509Certificate): readonly string[] {
  const alternatives = [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)];
  return alternatives.length > 0
    ? alternatives.slice(0, MAX_NAMES).map((match) => (match[1] ?? '').replaceAll('"', '').slice(0, MAX_TEXT))
    : [nameOf(certificate, 'subject')];
}
