import { fail } from '#app/contract/failure.ts';
import { type SecretVault, type VaultInfo, vaultRefPattern } from './vault.ts';

/** Keeps secrets for as long as the process lives: for tests, and where nothing may be written. */
export class MemoryVault implements SecretVault {
  readonly info: VaultInfo = { kind: 'memory', weak: 'Secrets are forgotten when Topicscope ends.' };
  readonly #values = new Map<string, Uint8Array>();

  async get(ref: string): Promise<Uint8Array | undefined> {
    return this.#values.get(ref)?.slice();
  }

  async put(ref: string, bytes: Uint8Array): Promise<void> {
    if (!vaultRefPattern.test(ref)) {
      throw fail('vault.ref', 'The name of a stored secret is not valid.', undefined, ref);
    }
    this.#values.set(ref, bytes.slice());
  }

  async delete(ref: string): Promise<void> {
    this.#values.delete(ref);
  }

  async list(): Promise<readonly string[]> {
    return [...this.#values.keys()];
  }
}
