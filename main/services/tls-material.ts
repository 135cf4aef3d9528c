import type { StagedFile, TlsMaterialReport } from '#app/contract/operations/main.ts';
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

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USAGE = '2.5.29.37.0';
const GONE = 'is no longer stored. Drop the file again.';

/** Judges the files of a profile in plain words, and turns what is usable into PEM. Never throws. */
export async function judgeTlsMaterial(material: TlsMaterial, now: number = Date.now()): Promise<Judged> {
  const problems: string[] = [];
  const ca = await Promise.all(
    material.ca.map(async (file) => ({ file, objects: await parse(file, material.passphrase) })),
  );
  for (const { file, objects } of ca) {
    judgeCa(file, objects, now, problems);
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
    judgeCertificate(certificate.file, certificate.objects, leaf, now, problems);
  }
  const match = judgeKey(key?.file, key?.objects ?? [], keyObject, certificate?.file, leaf, problems);

  const sorted = leaf === undefined ? [] : [leaf, ...chain.filter((other) => other !== leaf)];
  return {
    report: {
      ca: ca.map(({ file, objects }) => staged(file, objects)),
      ...(certificate === undefined ? {} : { certificate: staged(certificate.file, certificate.objects) }),
      ...(material.key === undefined || key === undefined ? {} : { key: staged(key.file, key.objects) }),
      match,
      problems,
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

function judgeCa(
  file: MaterialFile,
  objects: readonly ParsedObject[],
  now: number,
  problems: string[],
): void {
  if (reportUnusable(file, objects, problems)) {
    return;
  }
  const certificates = objects.filter(({ info }) => info.kind === 'certificate');
  if (certificates.length === 0) {
    problems.push(`${quote(file)} holds no certificate: it can’t serve as CA certificate.`);
    return;
  }
  if (certificates.every(({ info }) => info.isCa !== true && info.subject !== info.issuer)) {
    problems.push(
      `${quote(file)} is not the certificate of a CA. Use the one that issued the broker’s certificate.`,
    );
  }
  for (const { info } of certificates) {
    reportValidity(file, info, now, problems);
  }
}

function judgeCertificate(
  file: MaterialFile,
  objects: readonly ParsedObject[],
  leaf: ParsedObject | undefined,
  now: number,
  problems: string[],
): void {
  if (reportUnusable(file, objects, problems)) {
    return;
  }
  if (leaf === undefined) {
    problems.push(`${quote(file)} holds no certificate. If it is the key, drop it on “Client key”.`);
    return;
  }
  if (leaf.info.isCa === true && leaf.info.subject !== leaf.info.issuer) {
    problems.push(`${quote(file)} is the certificate of a CA, not of a client.`);
  }
  const usage = leaf.extendedKeyUsage;
  if (usage !== undefined && usage.length > 0 && !usage.includes(CLIENT_AUTH) && !usage.includes(ANY_USAGE)) {
    problems.push(`${quote(file)} was not issued for clients: many brokers refuse it.`);
  }
  reportValidity(file, leaf.info, now, problems);
}

function judgeKey(
  file: MaterialFile | undefined,
  objects: readonly ParsedObject[],
  key: ParsedObject | undefined,
  certificateFile: MaterialFile | undefined,
  leaf: ParsedObject | undefined,
  problems: string[],
): TlsMaterialReport['match'] {
  if (file === undefined) {
    if (certificateFile === undefined) {
      return 'none';
    }
    problems.push(
      'The client certificate has no key yet. Drop the key that was made with it on “Client key”.',
    );
    return 'incomplete';
  }
  if (file !== certificateFile && reportUnusable(file, objects, problems)) {
    return 'incomplete';
  }
  if (key === undefined) {
    problems.push(`${quote(file)} holds no private key.`);
    return 'incomplete';
  }
  if (key.info.problem !== undefined) {
    problems.push(`${quote(file)}: ${key.info.problem}`);
    return 'incomplete';
  }
  if (key.lock === 'missing' || key.lock === 'wrong') {
    problems.push(
      key.lock === 'missing'
        ? `${quote(file)} is encrypted: enter its passphrase.`
        : `The passphrase does not open ${quote(file)}.`,
    );
    return 'locked';
  }
  if (certificateFile === undefined) {
    problems.push('The client key has no certificate yet. Drop it on “Client certificate”.');
    return 'incomplete';
  }
  if (leaf === undefined) {
    return 'incomplete';
  }
  if (leaf.info.publicKeyId === undefined || leaf.info.publicKeyId !== key.info.publicKeyId) {
    problems.push(
      `${quote(file)} does not belong to ${quote(certificateFile)}: find the key that was made with it.`,
    );
    return 'mismatch';
  }
  return 'match';
}

/** Reports a file that is gone, or of whose objects none can be used. */
function reportUnusable(file: MaterialFile, objects: readonly ParsedObject[], problems: string[]): boolean {
  if (file.bytes === undefined) {
    problems.push(`${quote(file)} ${GONE}`);
    return true;
  }
  const unknown = objects.filter(({ info }) => info.kind === 'unknown');
  for (const problem of new Set(unknown.map(({ info }) => info.problem ?? ''))) {
    problems.push(`${quote(file)}: ${problem}`);
  }
  return unknown.length > 0 && unknown.length === objects.length;
}

function reportValidity(
  file: MaterialFile,
  info: ParsedObject['info'],
  now: number,
  problems: string[],
): void {
  const name = info.subject === undefined || info.subject === '' ? '' : ` (${info.subject})`;
  if (info.validTo !== undefined && info.validTo < now) {
    problems.push(`${quote(file)}${name} expired on ${day(info.validTo)}. Get a new one.`);
  } else if (info.validFrom !== undefined && info.validFrom > now) {
    problems.push(
      `${quote(file)}${name} is valid only from ${day(info.validFrom)} on. Check the clock of this machine.`,
    );
  }
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

function quote(file: MaterialFile): string {
  return `“${file.fileName}”`;
}

/** ISO day in UTC: the same everywhere, and sortable. */
function day(time: number): string {
  return Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10);
}
