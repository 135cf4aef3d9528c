import { isIP } from 'node:net';
import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import { ANY_USE, CLIENT_AUTH, SERVER_AUTH } from '../certificate-usage.ts';
import type { ParsedObject } from '../certificates.ts';

/** What is looked at here: an object of a drop or of a stored file. */
export interface Patient extends Pick<ParsedObject, 'certificate' | 'extendedKeyUsage'> {
  readonly info: Omit<ParsedObject['info'], 'kind'>;
}

const DAY = 86_400_000;
/** Days before the end that are worth a word. */
const SOON = 30;

/** Findings with ids that are unique among them. */
export function withIds<A extends CertificateAdvice>(advice: readonly A[]): readonly A[] {
  const counts = new Map<string, number>();
  return advice.map((one) => {
    const count = (counts.get(one.id) ?? 0) + 1;
    counts.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id}-${count}` };
  });
}

/** Age and strength of a certificate; `name` as it stands in the sentences. */
export function judgeCertificate(
  name: string,
  { info }: Patient,
  now: number = Date.now(),
): readonly CertificateAdvice[] {
  const advice: CertificateAdvice[] = [];
  const { validFrom = 0, validTo = Number.POSITIVE_INFINITY } = info;
  if (validTo < now) {
    const message = `${name} expired on ${day(validTo)}, ${days(now - validTo)} ago: get a new one.`;
    advice.push({ id: 'expired', severity: 'error', message });
  } else if (validFrom > now) {
    const message = `${name} is valid only from ${day(validFrom)} on: wait, or check the clock of this machine.`;
    advice.push({ id: 'not-yet-valid', severity: 'error', message });
  } else if (validTo - now <= SOON * DAY) {
    const message = `${name} expires on ${day(validTo)}, in ${days(validTo - now)}: renew it.`;
    advice.push({ id: 'expires-soon', severity: 'warning', message });
  }
  if (info.weaknesses !== undefined) {
    const message = `${name} is weak (${info.weaknesses.join(', ')}): ask for a new one.`;
    advice.push({ id: 'weak', severity: 'warning', message });
  }
  return advice;
}

/** A client's certificate that is limited to other uses. */
export function judgeUse(name: string, client: Patient): readonly CertificateAdvice[] {
  const uses = client.extendedKeyUsage ?? [];
  const isFit = uses.length === 0 || uses.includes(CLIENT_AUTH) || uses.includes(ANY_USE);
  const message = `${name} was not issued for clients and many brokers refuse it: ask for one with the use “clientAuth”.`;
  return isFit ? [] : [{ id: 'not-for-clients', severity: 'warning', message }];
}

/** Whether the chain of a client's certificate ends early; `others` are all certificates at hand. */
export function judgeChain(
  name: string,
  leaf: Patient,
  others: readonly Patient[],
): readonly CertificateAdvice[] {
  const seen = new Set<Patient>();
  let last = leaf;
  while (!seen.has(last) && !isSelfIssued(last)) {
    seen.add(last);
    last = others.find((other) => isIssuedBy(last, other)) ?? last;
  }
  const issuer = last.info.issuer ?? '';
  // AWS signs devices' certificates itself and never hands that issuer out.
  if (isSelfIssued(last) || /Amazon Web Services/.test(issuer)) {
    return [];
  }
  const message = `The issuer of ${name} (${issuer}) is missing: drop chain.pem or fullchain.pem as well, unless the broker knows that issuer.`;
  // With a root at hand that it does not lead to, a part of the chain is probably missing; else nobody can tell.
  return [{ id: 'issuer-missing', severity: others.some(isSelfIssued) ? 'warning' : 'info', message }];
}

/** A broker's certificate that names another host; nothing to say where `host` is empty. */
export function judgeHost(name: string, server: Patient, host: string): readonly CertificateAdvice[] {
  if (host === '' || isFor(server, host)) {
    return [];
  }
  const names = server.info.subjectAltNames ?? [];
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ' and others' : '');
  const message = `${name} is not for “${host}” but for ${shown === '' ? (server.info.subject ?? 'no name') : shown}: correct the host, or get another certificate.`;
  return [{ id: 'wrong-host', severity: 'warning', message }];
}

/** A broker's certificate that has no place, in sentences below its name; `others` are all certificates at hand. */
export function judgeServer(
  server: Patient,
  others: readonly Patient[],
  host: string,
): readonly CertificateAdvice[] {
  const isKnown = others.some((other) => isIssuedBy(server, other));
  const own: CertificateAdvice = isKnown
    ? {
        id: 'server-certificate',
        severity: 'info',
        message:
          'This is the broker’s own certificate and not needed: the CA certificate that issued it is here.',
      }
    : {
        id: 'server-certificate',
        severity: 'warning',
        message: `This is the certificate of a broker: drop the CA certificate that issued it (${server.info.issuer ?? ''}) instead, or its key as well if it is your own.`,
      };
  return [own, ...judgeHost('It', server, host), ...judgeCertificate('It', server)];
}

/** True when the signature says so, not the names alone. */
export function isIssuedBy({ certificate }: Patient, issuer: Patient): boolean {
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

export function isSelfIssued({ info }: Patient): boolean {
  return info.subject !== undefined && info.subject === info.issuer;
}

/** Tools set the CA flag in self-signed ones as well; what gives a server's away is that it names a host. */
export function namesHost({ info }: Patient): boolean {
  return info.subjectAltNames?.some((name) => /^(DNS|IP Address):/.test(name)) === true;
}

/** Made for servers and not for clients. */
export function isForServers({ extendedKeyUsage: uses = [] }: Patient): boolean {
  return uses.includes(SERVER_AUTH) && !uses.includes(CLIENT_AUTH);
}

/** Of a server by what it says about itself: made for servers alone, or naming a host without a word on clients. */
export function isServer(one: Patient): boolean {
  return isForServers(one) || (namesHost(one) && one.extendedKeyUsage?.includes(CLIENT_AUTH) !== true);
}

function isFor({ certificate }: Patient, host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  try {
    return (isIP(address) === 0 ? certificate?.checkHost(host) : certificate?.checkIP(address)) !== undefined;
  } catch {
    return false;
  }
}

export function quote(name: string): string {
  return `“${name}”`;
}

/** ISO day in UTC: the same everywhere, and sortable. */
function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function days(span: number): string {
  const count = Math.floor(span / DAY);
  return count === 0 ? 'less than a day' : count === 1 ? 'a day' : `${count} days`;
}
