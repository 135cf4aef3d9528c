/**
 * Keeps secrets: passwords, passphrases, keys and certificate files. Values are bytes and never leave the engine.
 * Failures are thrown as `FailureError`s (`vault.*`); a value that is not there is `undefined`, not a failure.
 */
export interface SecretVault {
  readonly info: VaultInfo;
  get(ref: string): Promise<Uint8Array | undefined>;
  /** Replaces what was there. Once it resolves, the value is on the disk. */
  put(ref: string, bytes: Uint8Array): Promise<void>;
  /** Deleting what is not there is no failure. */
  delete(ref: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** How secrets are kept, in words for the user; `weak` says what is missing. */
export interface VaultInfo {
  readonly kind: string;
  readonly weak?: string;
}

/** What a ref may look like: it names a file in some vaults. */
export const vaultRefPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

export type VaultRefKind = 'file' | 'secret';

/** A fresh ref. The prefix keeps passwords apart from certificate files. */
export function newVaultRef(kind: VaultRefKind): string {
  return `${kind}-${crypto.randomUUID()}`;
}

export function isVaultRefOf(kind: VaultRefKind, ref: string): boolean {
  return vaultRefPattern.test(ref) && ref.startsWith(`${kind}-`);
}
