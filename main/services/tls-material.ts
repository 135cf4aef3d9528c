import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import type { MaterialAdvice, StagedFile, TlsMaterialReport } from '#app/contract/operations/main.ts';
import {
  isSelfIssued,
  judgeCertificate,
  judgeChain,
  judgeHost,
  judgeUse,
  namesHost,
  quote,
  withIds,
} from './certificate-drop/doctor.ts';
import { type ParsedObject, parseCertificateFile } from './certificates.ts';

/** A file from the vault with the name that it was dropped under; `bytes` are missing when the vault has it no more. */
export interface MaterialFile {
  readonly ref: string;
  readonly fileName: string;
  readonly bytes: Uint8Array | undefined;
}

export interface TlsMaterial {
  readonly ca: readonly MaterialFile[];
  readonly certificate?: MaterialFile | undefined;
  readonly key?: MaterialFile | undefined;
  readonly passphrase?: string | undefined;
  /** Name that the broker's certificate has to be for, where it is known. */
  readonly host?: string | undefined;
}

/** PEM as TLS takes it. The key is unlocked; the chain begins with the certificate that belongs to it. */
interface TlsPem {
  readonly ca: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
}

interface Judged {
  readonly report: TlsMaterialReport;
  readonly pem: TlsPem;
}

/** Judges the files of a profile in plain words, and turns what is usable into PEM. Never throws. */
export async function judgeTlsMaterial(material: TlsMaterial, now: number = Date.now()): Promise<Judged> {
  const findings = new Findings(now);
  const ca = await Promise.all(
    material.ca.map(async (file) => ({ file, objects: await parse(file, material.passphrase) })),
  );
  for (const { file, objects } of ca) {
    judgeCa(file, objects, material.host ?? '', findings);
  }
  const certificate = await withObjects(material.certificate, material.passphrase);
  // A file that holds both may be given once, as the certificate.
  const key =
    (await withObjects(material.key, material.passphrase)) ??
    (certificate?.objects.some(({ info }) => info.kind === 'private-key') === true ? certificate : undefined);
  const keyObject = key?.objects.find(({ info }) => info.kind === 'private-key');
  const chain = certificate?.objects.filter(({ info }) => info.kind === 'certificate') ?? [];
  const keyId = keyObject?.info.publicKeyId;
  const leaf = chain.find(({ info }) => keyId !== undefined && info.publicKeyId === keyId) ?? chain[0];

  if (certificate !== undefined) {
    const { file, objects } = certificate;
    judgeClient(file, objects, leaf, [...chain, ...ca.flatMap((one) => one.objects)], findings);
  }
  const match = judgeKey(key?.file, key?.objects ?? [], keyObject, certificate?.file, leaf, findings);

  const sorted = leaf === undefined ? [] : [leaf, ...chain.filter((other) => other !== leaf)];
  return {
    report: {
      ca: ca.map(({ file, objects }) => staged(file, objects)),
      ...(certificate === undefined ? {} : { certificate: staged(certificate.file, certificate.objects) }),
      ...(material.key === undefined || key === undefined ? {} : { key: staged(key.file, key.objects) }),
      match,
      advice: withIds(findings.all),
    },
    pem: {
      ca: ca.flatMap(({ objects }) => pemsOf(objects, 'certificate')),
      ...(sorted.length === 0 ? {} : { certificate: sorted.map(({ pem }) => pem ?? '').join('') }),
      ...(keyObject?.pem === undefined ? {} : { key: keyObject.pem }),
    },
  };
}

/** What may be shown of a file. */
export function staged(
  file: { readonly ref: string; readonly fileName: string },
  objects: readonly ParsedObject[],
): StagedFile {
  return { ref: file.ref, fileName: file.fileName, objects: objects.map(({ info }) => info) };
}

type Place = MaterialAdvice['place'];

/** CA certificates of one file that are judged one by one. */
const MAX_JUDGED = 5;

/** Collects what is found, each with the file that it is about. */
class Findings {
  readonly all: MaterialAdvice[] = [];
  readonly #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  error(place: Place, file: MaterialFile, id: string, message: string): void {
    this.add(place, file, [{ id, severity: 'error', message }]);
  }

  add(place: Place, { ref }: MaterialFile, advice: readonly CertificateAdvice[]): void {
    this.all.push(...advice.map((one) => ({ ...one, place, ref })));
  }

  /** Age and strength of each certificate; of a bundle, in which old ones do no harm, how many have expired. */
  addEach(place: Place, file: MaterialFile, certificates: readonly ParsedObject[]): void {
    const name = quote(file.fileName);
    if (place === 'ca' && certificates.length > MAX_JUDGED) {
      const { length } = certificates.filter(({ info }) => (info.validTo ?? this.#now) < this.#now);
      const message = `${length} of the ${certificates.length} certificates in ${name} ${length === 1 ? 'has' : 'have'} expired: get a newer bundle if the broker’s CA is among them.`;
      this.add(place, file, length === 0 ? [] : [{ id: 'expired-in-bundle', severity: 'info', message }]);
      return;
    }
    for (const one of certificates) {
      const subject = certificates.length > 1 ? ` (${one.info.subject ?? ''})` : '';
      this.add(place, file, judgeCertificate(`${name}${subject}`, one, this.#now));
    }
  }

  /** Reports a file that is gone, or of whose objects none can be used. */
  addUnusable(place: Place, file: MaterialFile, objects: readonly ParsedObject[]): boolean {
    const name = quote(file.fileName);
    if (file.bytes === undefined) {
      this.error(place, file, 'gone', `${name} is no longer stored: drop the file again.`);
      return true;
    }
    const unknown = objects.filter(({ info }) => info.kind === 'unknown');
    for (const problem of new Set(unknown.map(({ info }) => info.problem ?? ''))) {
      this.error(place, file, 'unusable', `${name}: ${problem}`);
    }
    return unknown.length > 0 && unknown.length === objects.length;
  }
}

function judgeCa(
  file: MaterialFile,
  objects: readonly ParsedObject[],
  host: string,
  findings: Findings,
): void {
  if (findings.addUnusable('ca', file, objects)) {
    return;
  }
  const name = quote(file.fileName);
  const certificates = objects.filter(({ info }) => info.kind === 'certificate');
  if (certificates.length === 0) {
    findings.error(
      'ca',
      file,
      'no-certificate',
      `${name} holds no certificate and can’t serve as CA certificate: drop that of the CA.`,
    );
    return;
  }
  if (certificates.every((one) => one.info.isCa !== true && !isSelfIssued(one))) {
    findings.error(
      'ca',
      file,
      'not-a-ca',
      `${name} is not the certificate of a CA: use the one that issued the broker’s certificate.`,
    );
  }
  findings.addEach('ca', file, certificates);
  for (const server of certificates.filter((one) => isSelfIssued(one) && namesHost(one))) {
    findings.add('ca', file, judgeHost(name, server, host));
  }
}

function judgeClient(
  file: MaterialFile,
  objects: readonly ParsedObject[],
  leaf: ParsedObject | undefined,
  others: readonly ParsedObject[],
  findings: Findings,
): void {
  if (findings.addUnusable('certificate', file, objects)) {
    return;
  }
  const name = quote(file.fileName);
  if (leaf === undefined) {
    findings.error(
      'certificate',
      file,
      'no-certificate',
      `${name} holds no certificate: if it is the key, drop it on “Client key”.`,
    );
    return;
  }
  if (leaf.info.isCa === true && !isSelfIssued(leaf)) {
    findings.error(
      'certificate',
      file,
      'is-a-ca',
      `${name} is the certificate of a CA, not of a client: drop the one that was issued to you.`,
    );
  } else {
    findings.add('certificate', file, judgeUse(name, leaf));
    findings.add('certificate', file, judgeChain(name, leaf, others));
  }
  findings.addEach(
    'certificate',
    file,
    objects.filter(({ info }) => info.kind === 'certificate'),
  );
}

function judgeKey(
  file: MaterialFile | undefined,
  objects: readonly ParsedObject[],
  key: ParsedObject | undefined,
  certificateFile: MaterialFile | undefined,
  leaf: ParsedObject | undefined,
  findings: Findings,
): TlsMaterialReport['match'] {
  if (file === undefined) {
    if (certificateFile === undefined) {
      return 'none';
    }
    if (leaf !== undefined) {
      const message = `${quote(certificateFile.fileName)} has no key yet: drop the one that was made with it.`;
      findings.error('certificate', certificateFile, 'no-key', message);
    }
    return 'incomplete';
  }
  const name = quote(file.fileName);
  if (file !== certificateFile && findings.addUnusable('key', file, objects)) {
    return 'incomplete';
  }
  if (key === undefined) {
    findings.error(
      'key',
      file,
      'no-private-key',
      `${name} holds no private key: drop the one that belongs to the certificate.`,
    );
    return 'incomplete';
  }
  if (key.info.problem !== undefined) {
    findings.error('key', file, 'unusable', `${name}: ${key.info.problem}`);
    return 'incomplete';
  }
  if (key.lock === 'missing') {
    findings.error('key', file, 'locked', `${name} is encrypted: enter its passphrase.`);
    return 'locked';
  }
  if (key.lock === 'wrong') {
    findings.error(
      'key',
      file,
      'wrong-passphrase',
      `The passphrase does not open ${name}: enter the right one.`,
    );
    return 'locked';
  }
  if (certificateFile === undefined) {
    findings.error('key', file, 'no-certificate-yet', `${name} has no certificate yet: drop that as well.`);
    return 'incomplete';
  }
  if (leaf === undefined) {
    return 'incomplete';
  }
  if (leaf.info.publicKeyId === undefined || leaf.info.publicKeyId !== key.info.publicKeyId) {
    const message = `${name} does not belong to ${quote(certificateFile.fileName)}: drop the key that was made with it.`;
    findings.error('key', file, 'mismatch', message);
    return 'mismatch';
  }
  return 'match';
}

async function withObjects(file: MaterialFile | undefined, passphrase: string | undefined) {
  return file === undefined ? undefined : { file, objects: await parse(file, passphrase) };
}

async function parse(file: MaterialFile, passphrase: string | undefined): Promise<readonly ParsedObject[]> {
  return file.bytes === undefined ? [] : parseCertificateFile(file.bytes, passphrase);
}

function pemsOf(objects: readonly ParsedObject[], kind: ParsedObject['info']['kind']): readonly string[] {
  return objects.flatMap(({ info, pem }) => (info.kind === kind && pem !== undefined ? [pem] : []));
}
