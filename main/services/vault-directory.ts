import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { fail } from '#app/contract/failure.ts';
import { errnoOf, readFailure, writeFailure } from './file-failure.ts';
import { Mutex } from './mutex.ts';
import { type SecretVault, type VaultInfo, vaultRefPattern } from './vault.ts';

/** Turns values into what may lie on a disk and back. `decrypt` throws on anything it did not make for this ref. */
export interface VaultCipher {
  readonly info: VaultInfo;
  encrypt(ref: string, bytes: Uint8Array): Promise<Uint8Array>;
  decrypt(ref: string, stored: Uint8Array): Promise<{ readonly bytes: Uint8Array; readonly renew?: boolean }>;
}

const SUFFIX = '.secret';

/** A vault of one encrypted file (0600) per value, so that damage to one leaves the others. */
export class VaultDirectory implements SecretVault {
  readonly #directory: string;
  readonly #cipher: VaultCipher;
  readonly #writes = new Mutex();

  constructor(directory: string, cipher: VaultCipher) {
    this.#directory = directory;
    this.#cipher = cipher;
  }

  get info(): VaultInfo {
    return this.#cipher.info;
  }

  async get(ref: string): Promise<Uint8Array | undefined> {
    const path = this.#path(ref);
    let stored: Uint8Array;
    try {
      stored = await readFile(path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        return undefined;
      }
      throw readFailure('A stored secret', path, error);
    }
    try {
      const { bytes, renew } = await this.#cipher.decrypt(ref, stored);
      if (renew === true) {
        // The platform has a newer key. The value is good as it is, so a failure here may wait for the next time.
        await this.put(ref, bytes).catch(() => undefined);
      }
      return bytes;
    } catch (error) {
      throw fail(
        'vault.unreadable',
        'A stored secret can’t be decrypted.',
        'It was stored under another key, or its file is damaged. Enter the password again, or drop the file again.',
        `${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  put(ref: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(ref);
    return this.#writes.run(async () => {
      const stored = await this.#cipher.encrypt(ref, bytes);
      try {
        await mkdir(this.#directory, { recursive: true, mode: 0o700 });
        await writeFileAtomic(path, Buffer.from(stored), { mode: 0o600 });
      } catch (error) {
        throw writeFailure('A secret', path, error);
      }
    });
  }

  delete(ref: string): Promise<void> {
    const path = this.#path(ref);
    return this.#writes.run(async () => {
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw writeFailure('The removal of a secret', path, error);
      }
    });
  }

  async list(): Promise<readonly string[]> {
    try {
      const names = await readdir(this.#directory);
      return names
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length))
        .filter((ref) => vaultRefPattern.test(ref));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        return [];
      }
      throw readFailure('The stored secrets', this.#directory, error);
    }
  }

  /** Refs become file names: nothing but the pattern gets that far. */
  #path(ref: string): string {
    if (!vaultRefPattern.test(ref)) {
      throw fail('vault.ref', 'The name of a stored secret is not valid.', undefined, ref.slice(0, 100));
    }
    return join(this.#directory, `${ref}${SUFFIX}`);
  }
}
