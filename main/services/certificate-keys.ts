import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { NOT_KNOWN, PUBLIC_KEY } from './certificate-kinds.ts';
import type { ParsedObject } from './certificates.ts';
import { describeKey } from './describe-certificate.ts';
import { TooMuchWork, UnknownProtection, type WorkBudget } from './key-material/key-derivation.ts';

/** What reading needs beside the bytes. */
export interface Opening {
  /** Undefined: none was given. */
  readonly passphrase: string | undefined;
  readonly budget: WorkBudget;
}

const HARD =
  'The file asks for so many rounds that unlocking it would take too long: protect the key anew with openssl pkey -in FILE -aes256 -out new.key and drop that.';
const OUTDATED =
  'It is encrypted in a way that is not supported: protect the key anew with openssl pkey -in FILE -aes256 -out new.key and drop that.';

/** Opens an encrypted key. What a wrong passphrase decrypts ends in wrong padding, or merely is no key. */
export async function unlock(
  opening: Opening,
  decryptWith: (passphrase: string) => Promise<Buffer>,
): Promise<ParsedObject> {
  const locked = { kind: 'private-key', encrypted: true } as const;
  if (opening.passphrase === undefined) {
    return { info: locked, lock: 'missing' };
  }
  try {
    const key = plainKey(await decryptWith(opening.passphrase), true);
    return key ?? { info: locked, lock: 'wrong' };
  } catch (error) {
    if (error instanceof TooMuchWork || error instanceof UnknownProtection) {
      return { info: { ...locked, problem: error instanceof TooMuchWork ? HARD : OUTDATED } };
    }
    return { info: locked, lock: 'wrong' };
  }
}

/** A key in PKCS#8, PKCS#1 or SEC1; undefined when it is none. */
export function plainKey(der: Uint8Array, wasEncrypted = false): ParsedObject | undefined {
  const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const parsed = attempt(() => {
      const object = createPrivateKey({ key, format: 'der', type });
      // Plain PEM from here on: not every TLS library opens every encryption.
      return { object, pem: object.export({ type: 'pkcs8', format: 'pem' }).toString() };
    });
    if (parsed !== undefined) {
      return {
        info: { kind: 'private-key', encrypted: wasEncrypted, ...describeKey(parsed.object) },
        pem: parsed.pem,
        ...(wasEncrypted ? { lock: 'opened' as const } : {}),
      };
    }
  }
  return undefined;
}

/** What is told of a PEM key that can't be read. */
export function damagedKey(): ParsedObject {
  return {
    info: { kind: 'private-key', encrypted: false, problem: 'This key is damaged: get it again.' },
  };
}

/** A public key in PEM: of no use here, and told so. */
export function readPublicKey(pem: string): ParsedObject {
  const key = attempt(() => createPublicKey({ key: pem, format: 'pem' }));
  return key === undefined ? { info: { kind: 'unknown', problem: PUBLIC_KEY } } : publicKeyObject(key);
}

/** A public key with the id by which its private one is found. */
export function publicKeyObject(key: KeyObject): ParsedObject {
  return { info: { kind: 'unknown', ...describeKey(key), problem: PUBLIC_KEY } };
}

/** Something that can't be used; `problem` ends with the way out. */
export function unknown(problem: string = NOT_KNOWN): ParsedObject {
  return { info: { kind: 'unknown', problem } };
}

/** What `make` returns; undefined where the crypto library refuses. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
