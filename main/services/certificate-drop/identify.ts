import { X509Certificate } from 'node:crypto';
import type { SortedKind, SortedObject } from '#app/contract/operations/certificates.ts';
import { type ParsedObject, parseCertificateFile } from '../certificates.ts';
import { MAX_ROUNDS, WorkBudget } from '../key-material/key-derivation.ts';
import { type DroppedFile, isZip, unpackZip } from './archive.ts';

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
/** Opening all files of a drop may cost this many times what a single one may. */
const MAX_FILES_WORTH = 8;

/** Finds every object in the files, archives and containers included. Never throws. */
export async function identify(
  files: readonly DroppedFile[],
  passphrases: readonly string[],
  now: number = Date.now(),
): Promise<Identified> {
  const found: Found[] = [];
  const locked: string[] = [];
  const budget = new WorkBudget(MAX_ROUNDS * MAX_FILES_WORTH);
  for (const file of files) {
    const unpacked = isZip(file.bytes) ? unpackZip(file) : { files: [file] };
    if (unpacked.files === undefined) {
      found.push({ info: { fileName: file.fileName, kind: 'unknown', problem: unpacked.problem } });
    }
    for (const entry of unpacked.files ?? []) {
      const objects = await parse(entry.bytes, passphrases, budget);
      if (objects.some(isLocked)) {
        locked.push(entry.fileName);
      }
      found.push(...objects.map((object) => toFound(entry.fileName, object, now)));
    }
  }
  return { found: withoutRepeats(found), locked };
}

/** With the passphrase that opens most. */
async function parse(
  bytes: Uint8Array,
  passphrases: readonly string[],
  whole: WorkBudget,
): Promise<readonly ParsedObject[]> {
  const [first, ...others] = passphrases.filter((passphrase) => passphrase !== '');
  let best = await parseCertificateFile(bytes, first, new WorkBudget(MAX_ROUNDS, whole));
  for (const passphrase of others) {
    if (!best.some(isLocked)) {
      break;
    }
    const next = await parseCertificateFile(bytes, passphrase, new WorkBudget(MAX_ROUNDS, whole));
    best = next.filter(isLocked).length < best.filter(isLocked).length ? next : best;
  }
  return best;
}

function isLocked({ lock }: ParsedObject): boolean {
  return lock === 'missing' || lock === 'wrong';
}

function toFound(fileName: string, object: ParsedObject, now: number): Found {
  const { info, pem, isContainer } = object;
  if (info.kind === 'certificate' && pem !== undefined) {
    return describeCertificate(fileName, pem, info, now);
  }
  if (isContainer === true) {
    return { info: { fileName, kind: 'keystore', encrypted: true } };
  }
  const kind = info.kind === 'private-key' ? 'private-key' : kindOfProblem(info.problem ?? '');
  return { info: { ...info, kind, fileName }, ...(pem === undefined ? {} : { pem }) };
}

function describeCertificate(fileName: string, pem: string, info: ParsedObject['info'], now: number): Found {
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
