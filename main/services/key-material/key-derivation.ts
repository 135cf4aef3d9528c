import { hash, pbkdf2, scrypt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';

const pbkdf2Async = promisify(pbkdf2);
const scryptAsync = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);

/** The file asks for more work than anybody would wait for. */
export class TooMuchWork extends Error {}

/** The file is protected in a way that is not known, or not any more. */
export class UnknownProtection extends Error {}

/** Rounds of PBKDF2 that one file may cost: some seconds. What is hardened today asks for one or two million. */
export const MAX_ROUNDS = 5_000_000;
/** A round in JavaScript, of the older schemes, takes as long as this many of PBKDF2. */
const SLOW_ROUND = 4;
/** Memory for scrypt, in bytes; OpenSSL's own default is 16 MB. */
const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024;
/** Rounds in a row, before others get their turn. */
const ROUNDS_PER_TURN = 20_000;

/**
 * What may still be spent on opening one file: it names its own cost, and may have many locked parts. `whole` is what
 * may be spent on it and others together.
 */
export class WorkBudget {
  #left: number;
  readonly #whole: WorkBudget | undefined;

  constructor(rounds: number = MAX_ROUNDS, whole?: WorkBudget) {
    this.#left = rounds;
    this.#whole = whole;
  }

  spend(rounds: number): void {
    if (!(rounds >= 0) || rounds > this.#left) {
      throw new TooMuchWork();
    }
    this.#left -= rounds;
    this.#whole?.spend(rounds);
  }
}

/** Names as `node:crypto` takes them, and bytes of a block (RFC 7292 appendix B: 64 or 128) and of a digest. */
const digests = {
  md5: { block: 64, length: 16 },
  sha1: { block: 64, length: 20 },
  sha224: { block: 64, length: 28 },
  sha256: { block: 64, length: 32 },
  sha384: { block: 128, length: 48 },
  sha512: { block: 128, length: 64 },
  'sha512-224': { block: 128, length: 28 },
  'sha512-256': { block: 128, length: 32 },
} as const;
export type Digest = keyof typeof digests;

export function digestLength(digest: Digest): number {
  return digests[digest].length;
}

/** What PKCS#12 derives: a key for a cipher, its initial vector, a key for the MAC. */
export const derivedFor = { key: 1, iv: 2, mac: 3 } as const;

interface Pkcs12Derivation {
  readonly digest: Digest;
  /** As {@link bmpPassphrase} makes it. */
  readonly passphrase: Buffer;
  readonly salt: Buffer;
  readonly rounds: number;
  readonly purpose: (typeof derivedFor)[keyof typeof derivedFor];
  readonly length: number;
}

/** RFC 7292 appendix B.2. */
export async function derivePkcs12(wanted: Pkcs12Derivation, budget: WorkBudget): Promise<Buffer> {
  const { digest, passphrase, salt, rounds, purpose, length } = wanted;
  const { block } = digests[digest];
  const parts: Buffer[] = [];
  let made = 0;
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([fill(salt, block), fill(passphrase, block)]);
  while (made < length) {
    const part = await repeat(digest, Buffer.concat([diversifier, input]), rounds, budget);
    parts.push(part);
    made += part.length;
    addToBlocks(input, fill(part, block).subarray(0, block));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** PBKDF1 (RFC 8018 section 5.1): 16 or 20 bytes, of which key and initial vector are taken. */
export function derivePbkdf1(
  digest: Digest,
  passphrase: Buffer,
  salt: Buffer,
  rounds: number,
  budget: WorkBudget,
): Promise<Buffer> {
  return repeat(digest, Buffer.concat([passphrase, salt]), rounds, budget);
}

/** PBKDF2 (RFC 8018 section 5.2), off the main thread. */
export function derivePbkdf2(
  digest: Digest,
  passphrase: Buffer,
  salt: Buffer,
  rounds: number,
  length: number,
  budget: WorkBudget,
): Promise<Buffer> {
  if (length < 1 || length > 1024) {
    throw new UnknownProtection();
  }
  budget.spend(rounds * Math.ceil(length / digestLength(digest)));
  return pbkdf2Async(passphrase, salt, Math.max(1, rounds), length, digest);
}

/** RFC 7914; `cost` is N there, `blockSize` r. */
export function deriveScrypt(
  passphrase: Buffer,
  salt: Buffer,
  { cost, blockSize, parallelization }: { cost: number; blockSize: number; parallelization: number },
  length: number,
  budget: WorkBudget,
): Promise<Buffer> {
  if (length < 1 || length > 1024) {
    throw new UnknownProtection();
  }
  if (128 * cost * blockSize > MAX_SCRYPT_MEMORY || parallelization > 64) {
    throw new TooMuchWork();
  }
  budget.spend(cost * blockSize * parallelization);
  return scryptAsync(passphrase, salt, length, {
    cost,
    blockSize,
    parallelization,
    maxmem: MAX_SCRYPT_MEMORY * 2,
  });
}

/** EVP_BytesToKey with MD5 and one round, as PEM's own encryption has it; the salt are 8 bytes of the initial vector. */
export function deriveOpensslPem(passphrase: Buffer, salt: Buffer, length: number): Buffer {
  let made = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (made.length < length) {
    last = Buffer.from(hash('md5', Buffer.concat([last, passphrase, salt]), 'buffer'));
    made = Buffer.concat([made, last]);
  }
  return made.subarray(0, length);
}

/** A passphrase as PKCS#12 wants it: UTF-16 with the high byte first and a zero at the end (RFC 7292 appendix B.1). */
export function bmpPassphrase(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

async function repeat(digest: Digest, start: Buffer, rounds: number, budget: WorkBudget): Promise<Buffer> {
  budget.spend(rounds * SLOW_ROUND);
  let value = start;
  for (let round = 0; round < Math.max(1, rounds); round += 1) {
    value = hash(digest, value, 'buffer');
    if (round % ROUNDS_PER_TURN === ROUNDS_PER_TURN - 1) {
      await nextTurn();
    }
  }
  return value;
}

/** Repeats the bytes up to a whole number of blocks; nothing stays nothing. */
function fill(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0
    ? bytes
    : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes as Uint8Array);
}

/** Adds `value` + 1 to each block, as big-endian numbers without a carry beyond the block. */
function addToBlocks(blocks: Buffer, value: Buffer): void {
  for (let start = 0; start < blocks.length; start += value.length) {
    let carry = 1;
    for (let index = value.length - 1; index >= 0; index -= 1) {
      const sum = (blocks[start + index] ?? 0) + (value[index] ?? 0) + carry;
      blocks[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
