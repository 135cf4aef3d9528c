import { createDecipheriv } from 'node:crypto';
import { type Asn1, Asn1Error, childrenOf, isInteger, numberOf, octetsOf, oidOf } from './asn1.ts';
import {
  bmpPassphrase,
  type Digest,
  derivedFor,
  derivePbkdf1,
  derivePbkdf2,
  derivePkcs12,
  deriveScrypt,
  digestLength,
  UnknownProtection,
  type WorkBudget,
} from './key-derivation.ts';
import { decryptRc2Cbc } from './rc2.ts';

/** How a passphrase is spelled in bytes: PKCS#12 and PKCS#5 differ. */
export interface Passphrase {
  readonly bmp: Buffer;
  readonly utf8: Buffer;
}

export function passphraseOf(text: string): Passphrase {
  return { bmp: bmpPassphrase(text), utf8: Buffer.from(text, 'utf8') };
}

/** No passphrase at all, which PKCS#12 tells from an empty one. */
export const noPassphrase: Passphrase = { bmp: Buffer.alloc(0), utf8: Buffer.alloc(0) };

interface Cipher {
  readonly keyLength: number;
  readonly ivLength: number;
  decrypt(key: Buffer, iv: Buffer, data: Buffer): Buffer;
}

function nativeCipher(name: string, keyLength: number, ivLength: number): Cipher {
  return {
    keyLength,
    ivLength,
    decrypt(key, iv, data) {
      const decipher = createDecipheriv(name, key, iv);
      return Buffer.concat([decipher.update(data), decipher.final()]);
    },
  };
}

const tripleDes = nativeCipher('des-ede3-cbc', 24, 8);
/** Two keys: the first is used again as the third. */
const doubleKeyDes: Cipher = {
  ...tripleDes,
  keyLength: 16,
  decrypt: (key, iv, data) => tripleDes.decrypt(Buffer.concat([key, key.subarray(0, 8)]), iv, data),
};
/** Three times the same key is plain DES, which no library has switched on any more. */
const des: Cipher = {
  ...tripleDes,
  keyLength: 8,
  decrypt: (key, iv, data) => tripleDes.decrypt(Buffer.concat([key, key, key]), iv, data),
};

function rc2(keyLength: number, effectiveBits = keyLength * 8): Cipher {
  return {
    keyLength,
    ivLength: 8,
    decrypt: (key, iv, data) => decryptRc2Cbc(key, effectiveBits, iv, data),
  };
}

function rc4(keyLength: number): Cipher {
  return { keyLength, ivLength: 0, decrypt: (key, _iv, data) => decryptRc4(key, data) };
}

/** RFC 7292 appendix C: 1.2.840.113549.1.12.1.n. */
const pkcs12Ciphers: Readonly<Record<string, Cipher>> = {
  '1': rc4(16),
  '2': rc4(5),
  '3': tripleDes,
  '4': doubleKeyDes,
  '5': rc2(16),
  '6': rc2(5),
};

/** RFC 8018 appendix A.3: 1.2.840.113549.1.5.n. Those with MD2 are missing: no library has it. */
const pbes1Ciphers: Readonly<Record<string, readonly [Digest, Cipher]>> = {
  '3': ['md5', des],
  '6': ['md5', rc2(8)],
  '10': ['sha1', des],
  '11': ['sha1', rc2(8)],
};

/** Ciphers of PBES2, and of PEM's own encryption, by name. */
export const namedCiphers: Readonly<Record<string, Cipher>> = {
  'AES-128-CBC': nativeCipher('aes-128-cbc', 16, 16),
  'AES-192-CBC': nativeCipher('aes-192-cbc', 24, 16),
  'AES-256-CBC': nativeCipher('aes-256-cbc', 32, 16),
  'DES-EDE3-CBC': tripleDes,
  'DES-EDE-CBC': doubleKeyDes,
  'DES-CBC': des,
  'RC2-CBC': rc2(16),
  'RC2-40-CBC': rc2(5),
  'RC2-64-CBC': rc2(8),
};

const pbes2Ciphers: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.1.2': 'AES-128-CBC',
  '2.16.840.1.101.3.4.1.22': 'AES-192-CBC',
  '2.16.840.1.101.3.4.1.42': 'AES-256-CBC',
  '1.2.840.113549.3.7': 'DES-EDE3-CBC',
  '1.3.14.3.2.7': 'DES-CBC',
};
const RC2_CBC = '1.2.840.113549.3.2';

const hmacDigests: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
  '1.2.840.113549.2.12': 'sha512-224',
  '1.2.840.113549.2.13': 'sha512-256',
};

const PBES = '1.2.840.113549.1.5.';
const PKCS12_PBE = '1.2.840.113549.1.12.1.';

/** Whether an algorithm identifier is one of encryption with a passphrase. */
export function isPassphraseScheme(oid: string): boolean {
  return oid.startsWith(PBES) || oid.startsWith(PKCS12_PBE);
}

/**
 * Decrypts what an AlgorithmIdentifier describes. A wrong passphrase throws some error, or gives rubbish; schemes that
 * are not known throw {@link UnknownProtection}, too many rounds `TooMuchWork`.
 */
export async function decrypt(
  algorithm: Asn1 | undefined,
  data: Buffer,
  passphrase: Passphrase,
  budget: WorkBudget,
): Promise<Buffer> {
  const [oidBlock, parameters] = childrenOf(algorithm);
  const oid = oidOf(oidBlock);
  if (oid === `${PBES}13`) {
    return decryptPbes2(parameters, data, passphrase.utf8, budget);
  }
  const [saltBlock, roundsBlock] = childrenOf(parameters);
  const salt = octetsOf(saltBlock);
  const rounds = numberOf(roundsBlock);
  const pbes1 = oid.startsWith(PBES) ? pbes1Ciphers[oid.slice(PBES.length)] : undefined;
  if (pbes1 !== undefined) {
    const [digest, cipher] = pbes1;
    const made = await derivePbkdf1(digest, passphrase.utf8, salt, rounds, budget);
    return cipher.decrypt(made.subarray(0, 8), made.subarray(8, 16), data);
  }
  const cipher = oid.startsWith(PKCS12_PBE) ? pkcs12Ciphers[oid.slice(PKCS12_PBE.length)] : undefined;
  if (cipher === undefined) {
    throw new UnknownProtection();
  }
  const derive = (purpose: 1 | 2, length: number): Promise<Buffer> =>
    derivePkcs12({ digest: 'sha1', passphrase: passphrase.bmp, salt, rounds, purpose, length }, budget);
  const key = await derive(derivedFor.key, cipher.keyLength);
  return cipher.decrypt(key, await derive(derivedFor.iv, cipher.ivLength), data);
}

async function decryptPbes2(
  parameters: Asn1 | undefined,
  data: Buffer,
  passphrase: Buffer,
  budget: WorkBudget,
): Promise<Buffer> {
  const [derivation, scheme] = childrenOf(parameters);
  const [schemeOid, schemeParameters] = childrenOf(scheme);
  const { cipher, iv } = pbes2Cipher(oidOf(schemeOid), schemeParameters);
  const key = await deriveKey(derivation, passphrase, cipher.keyLength, budget);
  return cipher.decrypt(key, iv, data);
}

function pbes2Cipher(oid: string, parameters: Asn1 | undefined): { cipher: Cipher; iv: Buffer } {
  if (oid === RC2_CBC) {
    const members = childrenOf(parameters);
    const versions: Readonly<Record<number, Cipher>> = { 160: rc2(5), 120: rc2(8), 58: rc2(16) };
    const cipher = members.length === 1 ? rc2(4) : versions[numberOf(members[0])];
    if (cipher !== undefined) {
      return { cipher, iv: octetsOf(members.at(-1)) };
    }
  }
  const cipher = namedCiphers[pbes2Ciphers[oid] ?? ''];
  if (cipher === undefined) {
    throw new UnknownProtection();
  }
  return { cipher, iv: octetsOf(parameters) };
}

/** The key derivation function of PBES2 and PBMAC1 (RFC 8018 appendix A.2, RFC 7914 section 7). */
export async function deriveKey(
  derivation: Asn1 | undefined,
  passphrase: Buffer,
  length: number,
  budget: WorkBudget,
): Promise<Buffer> {
  const [oidBlock, parameters] = childrenOf(derivation);
  const oid = oidOf(oidBlock);
  const members = childrenOf(parameters);
  const salt = octetsOf(members[0]);
  if (oid === '1.3.6.1.4.1.11591.4.11') {
    const [, cost, blockSize, parallelization] = members;
    const settings = {
      cost: numberOf(cost),
      blockSize: numberOf(blockSize),
      parallelization: numberOf(parallelization),
    };
    return deriveScrypt(passphrase, salt, settings, length, budget);
  }
  if (oid !== `${PBES}12`) {
    throw new UnknownProtection();
  }
  // After the count come, each optional, the length of the key and the function to use.
  const last = members.at(-1);
  const digest = members.length > 2 && !isInteger(last) ? hmacDigest(last) : 'sha1';
  return derivePbkdf2(digest, passphrase, salt, numberOf(members[1]), length, budget);
}

/** The digest of an HMAC by its AlgorithmIdentifier. */
export function hmacDigest(algorithm: Asn1 | undefined): Digest {
  const digest = hmacDigests[oidOf(childrenOf(algorithm)[0])];
  if (digest === undefined) {
    throw new UnknownProtection();
  }
  return digest;
}

/** The length of the key that PBMAC1 uses: as its parameters say, else that of the digest. */
export function macKeyLength(derivation: Asn1 | undefined, digest: Digest): number {
  const members = childrenOf(childrenOf(derivation)[1]);
  const named = members.length > 2 && isInteger(members[2]) ? numberOf(members[2]) : undefined;
  return named ?? digestLength(digest);
}

function decryptRc4(key: Buffer, data: Buffer): Buffer {
  if (key.length === 0) {
    throw new Asn1Error('no key');
  }
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number): void => {
    const kept = state[a] ?? 0;
    state[a] = state[b] ?? 0;
    state[b] = kept;
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 0xff;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return data.map((byte) => {
    i = (i + 1) & 0xff;
    j = (j + (state[i] ?? 0)) & 0xff;
    swap(i, j);
    return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 0xff] ?? 0);
  }) as Buffer;
}
