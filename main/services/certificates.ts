import { createPublicKey, type X509Certificate } from 'node:crypto';
import type { CertificateObject } from '#app/contract/operations/main.ts';
import {
  attempt,
  damagedKey,
  type Opening,
  plainKey,
  publicKeyObject,
  readPublicKey,
  unknown,
  unlock,
} from './certificate-keys.ts';
import { binaryKindProblem, pemKindProblem, REVOCATION_LIST, SIGNING_REQUEST } from './certificate-kinds.ts';
import { describeCertificate } from './describe-certificate.ts';
import {
  type Asn1,
  childrenOf,
  decode,
  encodedOf,
  isContext,
  isInteger,
  isOctets,
  oidOf,
} from './key-material/asn1.ts';
import { isPassphraseScheme, namedCiphers, passphraseOf } from './key-material/decrypt.ts';
import { deriveOpensslPem, UnknownProtection, WorkBudget } from './key-material/key-derivation.ts';
import { type PemBlock, readPem } from './key-material/pem.ts';
import { isPkcs12, openEncryptedKey, openPkcs12 } from './key-material/pkcs12.ts';

/** One object of a file: what may be shown of it and, when it is usable, its PEM for TLS. Keys are unlocked there. */
export interface ParsedObject {
  readonly info: CertificateObject;
  readonly pem?: string;
  readonly certificate?: X509Certificate;
  /** Of a certificate: OIDs of the uses that it is limited to; empty: any. */
  readonly extendedKeyUsage?: readonly string[];
  /** Of a key or container that has a passphrase: whether the given one opened it. */
  readonly lock?: 'opened' | 'missing' | 'wrong';
  /** What is in it is not known while it is locked. */
  readonly isContainer?: true;
}

const certificateLabel = /^(X509 |TRUSTED )?CERTIFICATE$/;
const keyLabel = /^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/;
const publicLabel = /^(RSA )?PUBLIC KEY$/;
const bundleLabel = /^(PKCS7|PKCS #7 SIGNED DATA|CMS|PKCS12)$/;
const SIGNED_DATA = '1.2.840.113549.1.7.2';

const LOCKED_CONTAINER = 'This PKCS#12 container is locked: enter its passphrase.';
/** Finds all certificates and keys in a file, and says of everything else what it is. Never throws. */
export async function parseCertificateFile(
  bytes: Uint8Array,
  passphrase?: string,
  budget: WorkBudget = new WorkBudget(),
): Promise<readonly ParsedObject[]> {
  if (bytes.length === 0) {
    return [unknown('The file is empty: copy or download it again.')];
  }
  const opening = { passphrase: passphrase === '' ? undefined : passphrase, budget };
  const text = asText(bytes);
  const { blocks, isCutOff } = readPem(text);
  const objects = (await inTurn(blocks, (block) => readPemBlock(block, opening))).flat();
  if (isCutOff) {
    objects.push(
      unknown('The file is cut off, as a PEM block begins but does not end: copy or download it again.'),
    );
  }
  if (objects.length > 0) {
    return objects;
  }
  const found = (await readDer(bytes, opening)) ?? (await readBareBase64(text, opening));
  return found ?? [unknown(binaryKindProblem(bytes))];
}

async function readPemBlock(block: PemBlock, opening: Opening): Promise<readonly ParsedObject[]> {
  const { label, text, der } = block;
  if (certificateLabel.test(label)) {
    return [describeCertificate(text) ?? unknown('A certificate in this file is damaged: get it again.')];
  }
  if (keyLabel.test(label)) {
    return [await readPemKey(block, opening)];
  }
  if (publicLabel.test(label)) {
    return [readPublicKey(text)];
  }
  if (bundleLabel.test(label)) {
    return (await readDer(der, opening)) ?? [unknown('A bundle in this file is damaged: get it again.')];
  }
  // Parameters of curves and Diffie-Hellman groups accompany keys and say nothing by themselves.
  return label.endsWith('PARAMETERS') ? [] : [unknown(pemKindProblem(label))];
}

function readPemKey({ label, headers, der }: PemBlock, opening: Opening): Promise<ParsedObject> {
  if (/^4\s*,\s*ENCRYPTED$/i.test(headers.get('proc-type') ?? '')) {
    return unlock(opening, async (passphrase) => {
      const [name = '', salt = ''] = (headers.get('dek-info') ?? '').split(',');
      const cipher = namedCiphers[name.trim().toUpperCase()];
      const iv = Buffer.from(salt.trim(), 'hex');
      if (cipher === undefined) {
        throw new UnknownProtection();
      }
      const key = deriveOpensslPem(Buffer.from(passphrase, 'utf8'), iv.subarray(0, 8), cipher.keyLength);
      return cipher.decrypt(key, iv, der);
    });
  }
  return label.startsWith('ENCRYPTED')
    ? unlock(opening, (passphrase) => openEncryptedKey(decode(der), passphraseOf(passphrase), opening.budget))
    : Promise.resolve(plainKey(der) ?? damagedKey());
}

/** What a DER file is, by its shape: nothing else tells. Undefined: it is no DER. */
async function readDer(bytes: Uint8Array, opening: Opening): Promise<readonly ParsedObject[] | undefined> {
  if (bytes[0] !== 0x30) {
    return undefined;
  }
  const certificate = describeCertificate(bytes);
  if (certificate !== undefined) {
    return [certificate];
  }
  const key = plainKey(bytes);
  if (key !== undefined) {
    return [key];
  }
  try {
    const root = decode(bytes);
    if (isPkcs12(root)) {
      return await readContainer(root, opening);
    }
    const [first, second] = childrenOf(root);
    if (isEncryptedKey(first, second)) {
      return [
        await unlock(opening, (passphrase) =>
          openEncryptedKey(root, passphraseOf(passphrase), opening.budget),
        ),
      ];
    }
    return readPkcs7(root) ?? namedDer(bytes, root);
  } catch {
    return undefined;
  }
}

function isEncryptedKey(first: Asn1 | undefined, second: Asn1 | undefined): boolean {
  try {
    return isOctets(second) && isPassphraseScheme(oidOf(childrenOf(first)[0]));
  } catch {
    return false;
  }
}

/** The certificates of a PKCS#7 bundle (RFC 5652 section 5.1), as `.p7b` files have them. */
function readPkcs7(root: Asn1): readonly ParsedObject[] | undefined {
  try {
    const [type, content] = childrenOf(root);
    if (oidOf(type) !== SIGNED_DATA) {
      return undefined;
    }
    const members = childrenOf(childrenOf(content)[0]);
    const certificates = members.find((member) => isContext(member, 0));
    const objects = childrenOf(certificates)
      .slice(0, 500)
      .map((member) => describeCertificate(encodedOf(member)) ?? unknown());
    return objects.length > 0
      ? objects
      : [unknown('This PKCS#7 bundle holds no certificate: export it again.')];
  } catch {
    return undefined;
  }
}

function namedDer(bytes: Uint8Array, root: Asn1): readonly ParsedObject[] | undefined {
  const publicKey = attempt(() => createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' }));
  if (publicKey !== undefined) {
    return [publicKeyObject(publicKey)];
  }
  const [body, ...rest] = childrenOf(root);
  const members = rest.length === 2 ? attempt(() => childrenOf(body)) : undefined;
  if (members === undefined) {
    return undefined;
  }
  // CertificationRequestInfo: version, subject, key, [0] attributes (RFC 2986); a list of revoked ones has no key.
  return members.length === 4 && isInteger(members[0]) && isContext(members[3], 0)
    ? [unknown(SIGNING_REQUEST)]
    : members.length >= 4
      ? [unknown(REVOCATION_LIST)]
      : undefined;
}

async function readContainer(root: Asn1, opening: Opening): Promise<readonly ParsedObject[]> {
  const result = await openPkcs12(root, opening.passphrase, opening.budget);
  switch (result.kind) {
    case 'locked':
      return [
        {
          info: { kind: 'unknown', encrypted: true, problem: LOCKED_CONTAINER },
          isContainer: true,
          lock: opening.passphrase === undefined ? 'missing' : 'wrong',
        },
      ];
    case 'unreadable':
      return [
        unknown(
          {
            damaged: 'This PKCS#12 container is damaged: export it again.',
            'too-much-work':
              'This PKCS#12 container asks for so many rounds that unlocking it would take too long: export it again.',
            'unknown-protection':
              'This PKCS#12 container is protected in a way that is not supported: export it again, with AES-256 and SHA-256.',
          }[result.why],
        ),
      ];
    case 'open': {
      const objects = [
        ...result.keys.map((key) => plainKey(key, true) ?? damagedKey()),
        ...result.certificates.map(
          (der) =>
            describeCertificate(der) ??
            unknown('A certificate in this container is damaged: export it again.'),
        ),
      ];
      return objects.length > 0
        ? objects
        : [
            unknown(
              'This PKCS#12 container holds neither a certificate nor a key: export it again with both.',
            ),
          ];
    }
  }
}

/** Some tools hand out the base64 of a certificate without the lines around it. */
async function readBareBase64(text: string, opening: Opening): Promise<readonly ParsedObject[] | undefined> {
  const compact = text.replace(/\s+/g, '');
  return compact.length >= 64 && /^MI[A-Za-z0-9+/]+={0,2}$/.test(compact)
    ? readDer(new Uint8Array(Buffer.from(compact, 'base64')), opening)
    : undefined;
}

function asText(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Windows tools write UTF-16; a byte order mark says so.
  if (data[0] === 0xff && data[1] === 0xfe) {
    return data.subarray(2).toString('utf16le');
  }
  if (data[0] === 0xfe && data[1] === 0xff) {
    return Buffer.from(data.subarray(2, data.length - (data.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return data.toString('latin1');
}

/** One after the other: each may cost seconds, and all share what may be spent. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(await work(item));
  }
  return results;
}
