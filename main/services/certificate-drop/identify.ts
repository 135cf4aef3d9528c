import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SortedKind, SortedObject } from '#app/contract/operations/certificates.ts';
import { parseCertificateFile } from '../certificates.ts';
import { type DroppedFile, isZip, unpackZip } from './archive.ts';
import { isPkcs12, type OpenResult, openEncryptedKey, openPkcs12 } from './pkcs12.ts';

/** An object of a drop with what the engine needs to judge it. */
export interface Found {
  readonly info: SortedObject;
  readonly certificate?: X509Certificate;
  /** Of a certificate or an opened key: PEM as TLS takes it. */
  readonly pem?: string;
}

export interface Identified {
  readonly found: readonly Found[];
  /** File names that none of the passphrases opens. */
  readonly locked: readonly string[];
}

const DAY = 86_400_000;
const TOO_MUCH_WORK =
  'Unlocking this file would take too long: make a new one with openssl pkcs12 -export, which asks for less rounds.';

/** Finds every object in the files, archives and containers included. Never throws. */
export function identify(
  files: readonly DroppedFile[],
  passphrases: readonly string[],
  now: number = Date.now(),
): Identified {
  const found: Found[] = [];
  const locked: string[] = [];
  for (const file of files) {
    if (!isZip(file.bytes)) {
      identifyFile(file, passphrases, now, found, locked);
      continue;
    }
    const unpacked = unpackZip(file);
    if (unpacked.files === undefined) {
      found.push({ info: { fileName: file.fileName, kind: 'unknown', problem: unpacked.problem } });
    }
    for (const entry of unpacked.files ?? []) {
      identifyFile(entry, passphrases, now, found, locked);
    }
  }
  return { found: withoutRepeats(found), locked };
}

function identifyFile(
  file: DroppedFile,
  passphrases: readonly string[],
  now: number,
  found: Found[],
  locked: string[],
): void {
  const { fileName, bytes } = file;
  if (isPkcs12(bytes)) {
    takeOpened(file, openPkcs12(bytes, passphrases), 'keystore', now, found, locked);
    return;
  }
  for (const object of parse(bytes, passphrases)) {
    const { info, pem, lock } = object;
    if (info.kind === 'certificate' && pem !== undefined) {
      found.push(describeCertificate(fileName, pem, info, now));
    } else if (info.kind === 'private-key' && info.encrypted === true && pem === undefined) {
      const opened =
        lock === 'missing' ? ({ kind: 'locked' } as const) : openEncryptedKey(bytes, passphrases);
      // Where OpenSSL knows the protection, a failure means the passphrase.
      const isWrong = lock === 'wrong' && opened.kind === 'unreadable';
      takeOpened(file, isWrong ? { kind: 'locked' } : opened, 'private-key', now, found, locked);
    } else {
      const kind = info.kind === 'private-key' ? 'private-key' : kindOfProblem(info.problem ?? '');
      found.push({ info: { ...info, kind, fileName }, ...(pem === undefined ? {} : { pem }) });
    }
  }
}

/** With the passphrase that opens most. */
function parse(bytes: Uint8Array, passphrases: readonly string[]): ReturnType<typeof parseCertificateFile> {
  const [first, ...others] = passphrases.filter((passphrase) => passphrase !== '');
  let best = parseCertificateFile(bytes, first);
  for (const passphrase of others) {
    if (best.every(({ lock }) => lock !== 'wrong')) {
      break;
    }
    const next = parseCertificateFile(bytes, passphrase);
    best = next.some(({ lock }) => lock === 'opened') ? next : best;
  }
  return best;
}

function takeOpened(
  { fileName }: DroppedFile,
  result: OpenResult,
  kind: 'keystore' | 'private-key',
  now: number,
  found: Found[],
  locked: string[],
): void {
  if (result.kind !== 'opened') {
    if (result.kind === 'locked') {
      locked.push(fileName);
    }
    const problem =
      result.kind === 'too-much-work'
        ? TOO_MUCH_WORK
        : result.kind === 'unreadable'
          ? 'This file is damaged, or protected in a way that is not known: export it anew.'
          : undefined;
    found.push({ info: { fileName, kind, encrypted: true, ...(problem === undefined ? {} : { problem }) } });
    return;
  }
  const before = found.length;
  for (const der of [...result.certificates, ...result.keys.flatMap(toPkcs8)]) {
    for (const { info, pem } of parseCertificateFile(der)) {
      if (info.kind === 'certificate' && pem !== undefined) {
        found.push(describeCertificate(fileName, pem, info, now));
      } else if (info.kind === 'private-key' && pem !== undefined) {
        found.push({ info: { ...info, kind: 'private-key', fileName, encrypted: true }, pem });
      }
    }
  }
  if (found.length === before) {
    const problem = 'This file holds neither a certificate nor a key: export it anew, with its private key.';
    found.push({ info: { fileName, kind, problem } });
  }
}

/** Only what the crypto library takes for a key: a wrong passphrase may leave anything. */
function toPkcs8(der: Buffer): readonly Buffer[] {
  try {
    return [
      createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'der', type: 'pkcs8' }),
    ];
  } catch {
    return [];
  }
}

function describeCertificate(
  fileName: string,
  pem: string,
  info: ReturnType<typeof parseCertificateFile>[number]['info'],
  now: number,
): Found {
  const certificate = new X509Certificate(pem);
  const isSelfIssued = certificate.subject === certificate.issuer;
  const kind: SortedKind = info.isCa === true ? (isSelfIssued ? 'root' : 'intermediate') : 'leaf';
  const algorithm = certificate.signatureAlgorithm;
  const weaknesses = weaknessesOf(info.keyType ?? '', isSelfIssued ? '' : (algorithm ?? ''));
  return {
    certificate,
    pem: pem.endsWith('\n') ? pem : `${pem}\n`,
    info: {
      ...info,
      kind,
      fileName,
      ...(info.validTo === undefined || Number.isNaN(info.validTo)
        ? {}
        : { daysLeft: Math.floor((info.validTo - now) / DAY) }),
      ...(algorithm === undefined ? {} : { signatureAlgorithm: algorithm }),
      serialNumber: certificate.serialNumber,
      ...(weaknesses.length === 0 ? {} : { weaknesses }),
    },
  };
}

/** The signature of a root is its own word for itself: nobody relies on its strength. */
function weaknessesOf(keyType: string, signature: string): readonly string[] {
  const bits = Number(/^RSA(?:-PSS)? (\d+)$/.exec(keyType)?.[1] ?? Number.NaN);
  const digest = /md[245]|sha1(?![0-9])/i.exec(signature)?.[0];
  return [
    ...(bits < 2048 ? [`RSA key of ${bits} bits`] : []),
    ...(digest === undefined ? [] : [`signed with ${digest.toUpperCase()}`]),
  ];
}

const problemKinds: readonly (readonly [RegExp, SortedKind])[] = [
  [/public key/i, 'public-key'],
  [/signing request/, 'certificate-request'],
  [/keystore/, 'keystore'],
];

function kindOfProblem(problem: string): SortedKind {
  return problemKinds.find(([pattern]) => pattern.test(problem))?.[1] ?? 'unknown';
}

/** The same certificate or key in several files counts once. */
function withoutRepeats(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter(({ pem }) => {
    const isNew = pem === undefined || !seen.has(pem);
    seen.add(pem ?? '');
    return isNew;
  });
}
