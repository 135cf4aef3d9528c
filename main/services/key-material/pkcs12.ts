import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type Asn1,
  Asn1Error,
  childrenOf,
  decode,
  encodedOf,
  isContext,
  isInteger,
  numberOf,
  octetsOf,
  oidOf,
} from './asn1.ts';
import {
  decrypt,
  deriveKey,
  hmacDigest,
  macKeyLength,
  noPassphrase,
  type Passphrase,
  passphraseOf,
} from './decrypt.ts';
import {
  type Digest,
  derivedFor,
  derivePkcs12,
  digestLength,
  TooMuchWork,
  UnknownProtection,
  type WorkBudget,
} from './key-derivation.ts';

/** What a container holds, in DER: X.509 certificates and PKCS#8 keys. */
export interface ContainerContent {
  readonly certificates: readonly Buffer[];
  readonly keys: readonly Buffer[];
}

/** `locked`: no passphrase was given and none opens it, or the given one does not. */
export type ContainerResult =
  | ({ readonly kind: 'open' } & ContainerContent)
  | { readonly kind: 'locked' }
  | { readonly kind: 'unreadable'; readonly why: 'damaged' | 'unknown-protection' | 'too-much-work' };

const PKCS7_DATA = '1.2.840.113549.1.7.1';
const PKCS7_ENCRYPTED = '1.2.840.113549.1.7.6';
const BAGS = '1.2.840.113549.1.12.10.1.';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const PBMAC1 = '1.2.840.113549.1.5.14';

const macDigests: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Containers within a container's bags; nobody nests them. */
const MAX_BAG_DEPTH = 4;

/** True for PFX ::= SEQUENCE { version INTEGER (3), authSafe SEQUENCE, ... } (RFC 7292 section 4). */
export function isPkcs12(root: Asn1): boolean {
  try {
    const [version, authSafe] = childrenOf(root);
    return (
      isInteger(version) &&
      numberOf(version) === 3 &&
      oidOf(childrenOf(authSafe)[0]).startsWith('1.2.840.113549.1.7.')
    );
  } catch {
    return false;
  }
}

/** Opens a PKCS#12 container. An empty passphrase is tried where none is given: many tools write those. Never throws. */
export async function openPkcs12(
  root: Asn1,
  passphrase: string | undefined,
  budget: WorkBudget,
): Promise<ContainerResult> {
  const isMissing = passphrase === undefined || passphrase === '';
  const candidates = isMissing ? [passphraseOf(''), noPassphrase] : [passphraseOf(passphrase)];
  let result: ContainerResult = { kind: 'locked' };
  for (const candidate of candidates) {
    result = await tryToOpen(root, candidate, budget);
    if (result.kind !== 'locked') {
      break;
    }
  }
  return result;
}

async function tryToOpen(root: Asn1, passphrase: Passphrase, budget: WorkBudget): Promise<ContainerResult> {
  try {
    const [, authSafe, macData] = childrenOf(root);
    const content = contentOf(authSafe);
    const mac = macData === undefined ? 'absent' : await checkMac(macData, content, passphrase, budget);
    if (mac === 'wrong') {
      return { kind: 'locked' };
    }
    try {
      return { kind: 'open', ...(await readSafes(content, passphrase, budget)) };
    } catch (error) {
      if (error instanceof TooMuchWork || error instanceof UnknownProtection || mac === 'right') {
        throw error;
      }
      // Without a MAC, a wrong passphrase shows in that nothing sensible comes out.
      return { kind: 'locked' };
    }
  } catch (error) {
    const why =
      error instanceof TooMuchWork
        ? 'too-much-work'
        : error instanceof UnknownProtection
          ? 'unknown-protection'
          : 'damaged';
    return { kind: 'unreadable', why };
  }
}

/** The bytes of a ContentInfo of type data. */
function contentOf(info: Asn1 | undefined): Buffer {
  const [type, content] = childrenOf(info);
  if (oidOf(type) !== PKCS7_DATA) {
    // Signed with a key instead of a passphrase: hardly ever seen.
    throw new UnknownProtection();
  }
  return octetsOf(childrenOf(content)[0]);
}

async function checkMac(
  macData: Asn1,
  content: Buffer,
  passphrase: Passphrase,
  budget: WorkBudget,
): Promise<'right' | 'wrong'> {
  const [digestInfo, saltBlock, roundsBlock] = childrenOf(macData);
  const [algorithm, digestBlock] = childrenOf(digestInfo);
  const expected = octetsOf(digestBlock);
  const [oidBlock, parameters] = childrenOf(algorithm);
  const oid = oidOf(oidBlock);
  if (oid === PBMAC1) {
    // RFC 9579: salt and rounds stand in the algorithm's parameters.
    const [derivation, scheme] = childrenOf(parameters);
    const digest = hmacDigest(scheme);
    const key = await deriveKey(derivation, passphrase.utf8, macKeyLength(derivation, digest), budget);
    return compare(digest, key, content, expected);
  }
  const digest = macDigests[oid];
  if (digest === undefined) {
    throw new UnknownProtection();
  }
  const key = await derivePkcs12(
    {
      digest,
      passphrase: passphrase.bmp,
      salt: octetsOf(saltBlock),
      rounds: roundsBlock === undefined ? 1 : numberOf(roundsBlock),
      purpose: derivedFor.mac,
      length: digestLength(digest),
    },
    budget,
  );
  return compare(digest, key, content, expected);
}

function compare(digest: Digest, key: Buffer, content: Buffer, expected: Buffer): 'right' | 'wrong' {
  const actual = createHmac(digest, key).update(content).digest();
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? 'right' : 'wrong';
}

async function readSafes(
  content: Buffer,
  passphrase: Passphrase,
  budget: WorkBudget,
): Promise<ContainerContent> {
  const found = { certificates: [] as Buffer[], keys: [] as Buffer[] };
  for (const info of childrenOf(decode(content))) {
    const [type, wrapped] = childrenOf(info);
    switch (oidOf(type)) {
      case PKCS7_DATA:
        await readBags(decode(contentOf(info)), passphrase, budget, found, 0);
        break;
      case PKCS7_ENCRYPTED: {
        const [, encrypted] = childrenOf(childrenOf(wrapped)[0]);
        const [, algorithm, data] = childrenOf(encrypted);
        const plain = await decrypt(algorithm, octetsOf(data), passphrase, budget);
        await readBags(decode(plain), passphrase, budget, found, 0);
        break;
      }
      default:
        throw new UnknownProtection();
    }
  }
  return found;
}

async function readBags(
  bags: Asn1,
  passphrase: Passphrase,
  budget: WorkBudget,
  found: { certificates: Buffer[]; keys: Buffer[] },
  depth: number,
): Promise<void> {
  if (depth > MAX_BAG_DEPTH) {
    throw new Asn1Error('nested too deep');
  }
  for (const bag of childrenOf(bags)) {
    const [type, wrapped] = childrenOf(bag);
    if (!isContext(wrapped, 0)) {
      throw new Asn1Error('not a bag');
    }
    const [value] = childrenOf(wrapped);
    const kind = oidOf(type);
    switch (kind.startsWith(BAGS) ? kind.slice(BAGS.length) : undefined) {
      case '1':
        found.keys.push(encodedOf(value));
        break;
      case '2':
        found.keys.push(await openEncryptedKey(value, passphrase, budget));
        break;
      case '3': {
        const [certificateType, certificate] = childrenOf(value);
        if (oidOf(certificateType) === X509_CERTIFICATE) {
          found.certificates.push(octetsOf(childrenOf(certificate)[0]));
        }
        break;
      }
      case '6':
        if (value !== undefined) {
          await readBags(value, passphrase, budget, found, depth + 1);
        }
        break;
      default:
        // Revocation lists and arbitrary secrets have no use here.
        break;
    }
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 section 3) to the PKCS#8 in it. */
export async function openEncryptedKey(
  info: Asn1 | undefined,
  passphrase: Passphrase,
  budget: WorkBudget,
): Promise<Buffer> {
  const [algorithm, data] = childrenOf(info);
  return decrypt(algorithm, octetsOf(data), passphrase, budget);
}
