import type { SortedKind, SortedObject } from '#app/contract/operations/certificates.ts';
import { type ParsedObject, parseCertificateFile } from '../certificates.ts';
import { MAX_ROUNDS, WorkBudget } from '../key-material/key-derivation.ts';
import { type DroppedFile, isZip, unpackZip } from './archive.ts';

/** An object of a drop with what the engine needs to judge it. */
export interface Found extends Pick<ParsedObject, 'pem' | 'certificate' | 'extendedKeyUsage'> {
  readonly info: SortedObject;
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
  const { info, isContainer, lock: _, ...rest } = object;
  if (isContainer === true) {
    return { info: { fileName, kind: 'keystore', encrypted: true } };
  }
  if (info.kind !== 'certificate') {
    const kind = info.kind === 'private-key' ? 'private-key' : kindOfProblem(info.problem ?? '');
    return { ...rest, info: { ...info, kind, fileName } };
  }
  const isSelfIssued = info.subject === info.issuer;
  const kind: SortedKind = info.isCa === true ? (isSelfIssued ? 'root' : 'intermediate') : 'leaf';
  const daysLeft = info.validTo === undefined ? {} : { daysLeft: Math.floor((info.validTo - now) / DAY) };
  const pem = object.pem === undefined || object.pem.endsWith('\n') ? object.pem : `${object.pem}\n`;
  return { ...rest, ...(pem === undefined ? {} : { pem }), info: { ...info, kind, fileName, ...daysLeft } };
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
