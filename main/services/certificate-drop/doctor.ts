import { isIP } from 'node:net';
import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import type { Found } from './identify.ts';
import { isIssuedBy, isSelfIssued, type Placed, usesOf } from './sort.ts';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USE = '2.5.29.37.0';
/** Days before the end that are worth a word. */
const SOON = 30;

/** Says what keeps the objects from working together: a sentence each, with the fix. */
export function judge(placed: Placed, found: readonly Found[], host: string): readonly CertificateAdvice[] {
  const advice: CertificateAdvice[] = [];
  const add = (severity: CertificateAdvice['severity'], message: string): void => {
    advice.push({ severity, message });
  };
  for (const { info } of found) {
    if (info.problem !== undefined) {
      add('warning', `${quote(info.fileName)}: ${info.problem}`);
    }
  }
  for (const one of [...placed.chain, ...placed.ca]) {
    judgeAge(one, add);
    if (one.info.weaknesses !== undefined) {
      add(
        'warning',
        `${quote(one.info.fileName)} is weak (${one.info.weaknesses.join(', ')}): ask for a new one.`,
      );
    }
  }
  judgeClient(placed, found, add);
  for (const server of [...placed.servers, ...placed.ca.filter(isSelfSignedServer)]) {
    judgeServer(server, placed.servers.includes(server), host, add);
  }
  return advice;
}

type Add = (severity: CertificateAdvice['severity'], message: string) => void;

function judgeAge({ info, certificate }: Found, add: Add): void {
  const name = quote(info.fileName);
  const days = info.daysLeft ?? Number.POSITIVE_INFINITY;
  const start = info.validFrom ?? 0;
  if (days < 0) {
    add('error', `${name} expired ${-days === 1 ? 'a day' : `${-days} days`} ago: get a new one.`);
  } else if (certificate !== undefined && start > Date.now()) {
    const day = new Date(start).toISOString().slice(0, 10);
    add('error', `${name} is valid only from ${day} on: wait, or check the clock of this machine.`);
  } else if (days <= SOON) {
    add('warning', `${name} expires in ${days === 1 ? 'a day' : `${days} days`}: renew it.`);
  }
}

function judgeClient({ chain, key }: Placed, found: readonly Found[], add: Add): void {
  const leaf = chain[0];
  if (leaf === undefined) {
    if (key !== undefined) {
      add('warning', `${quote(key.info.fileName)} is a key without its certificate: drop that as well.`);
    }
    return;
  }
  const name = quote(leaf.info.fileName);
  if (key === undefined) {
    const isLocked = found.some(({ info }) => info.kind === 'private-key' && info.encrypted === true);
    if (!isLocked) {
      add('warning', `The private key of ${name} is missing: drop the key that was made with it.`);
    }
  } else if (key.info.publicKeyId !== leaf.info.publicKeyId) {
    add(
      'error',
      `${quote(key.info.fileName)} does not belong to ${name}: find the key that was made with it.`,
    );
  }
  const uses = usesOf(leaf);
  if (uses.length > 0 && !uses.includes(CLIENT_AUTH) && !uses.includes(ANY_USE)) {
    add(
      'warning',
      `${name} was not issued for clients: ask for one with the use “clientAuth”, as many brokers refuse it.`,
    );
  }
  const last = chain.at(-1) ?? leaf;
  if (!isSelfIssued(last) && !found.some((one) => one !== last && isIssuedBy(last, one))) {
    add(
      'warning',
      `The issuer of ${quote(last.info.fileName)} (${last.info.issuer ?? ''}) is not among the files: add chain.pem or fullchain.pem, unless the broker knows it.`,
    );
  }
}

function judgeServer(server: Found, isUnused: boolean, host: string, add: Add): void {
  const name = quote(server.info.fileName);
  if (isUnused) {
    add('warning', `${name} is the certificate of a server: drop the CA certificate that issued it instead.`);
  }
  if (host !== '' && !isFor(server, host)) {
    const names = server.info.subjectAltNames?.slice(0, 5).join(', ') ?? 'no name';
    add(
      'warning',
      `${name} is not for ${quote(host)} but for ${names}: correct the host, or get another certificate.`,
    );
  }
}

/** Tools make those with the CA flag as well; what gives them away is that they name a host. */
function isSelfSignedServer({ info }: Found): boolean {
  return (
    info.kind === 'leaf' || info.subjectAltNames?.some((name) => /^(DNS|IP Address):/.test(name)) === true
  );
}

function isFor({ certificate }: Found, host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  try {
    return (isIP(address) === 0 ? certificate?.checkHost(host) : certificate?.checkIP(address)) !== undefined;
  } catch {
    return false;
  }
}

function quote(name: string): string {
  return `“${name}”`;
}
