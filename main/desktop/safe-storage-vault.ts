import type { SafeStorage } from 'electron';
import { FILE_KEY_MAGIC, type FileKeyOptions, openFileKeyCipher } from '../services/file-key-vault.ts';
import type { VaultInfo } from '../services/vault.ts';
import { type VaultCipher, VaultDirectory } from '../services/vault-directory.ts';

/** What is used of Electron's safeStorage: the asynchronous calls; the others are deprecated. */
type AsyncSafeStorage = Pick<
  SafeStorage,
  'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend'
>;

export interface SafeStorageVaultOptions extends FileKeyOptions {
  readonly directory: string;
  readonly safeStorage: AsyncSafeStorage;
  readonly platform: NodeJS.Platform;
}

/** Tells values under the platform's key store from those under a key file. */
const MAGIC = Buffer.from('TSS1');

/**
 * The vault of the desktop host: values are encrypted by the platform's key store (Keychain, DPAPI, a Linux keyring).
 * Where there is none, or only Chromium's fixed password (`basic_text`), a key file of our own is used instead and
 * called weak. Values that the server host stored in the same directory are read as well.
 */
export async function openSafeStorageVault(options: SafeStorageVaultOptions): Promise<VaultDirectory> {
  const { safeStorage } = options;
  const weakness = await findWeakness(safeStorage, options.platform);
  // Made when first needed: on most machines no key file is.
  let fileKey: Promise<VaultCipher> | undefined;
  const openFileKey = () => {
    fileKey ??= openFileKeyCipher(options);
    return fileKey;
  };
  const info: VaultInfo =
    weakness === undefined
      ? { kind: keyStoreName(safeStorage, options.platform) }
      : { kind: 'File encrypted under a key file that only you may read', weak: weakness };
  return new VaultDirectory(options.directory, {
    info,
    async encrypt(ref, bytes) {
      if (weakness !== undefined) {
        return (await openFileKey()).encrypt(ref, bytes);
      }
      // The ref is part of what is encrypted, so that two files can't be swapped.
      const text = `${ref}\n${Buffer.from(bytes).toString('base64')}`;
      return Buffer.concat([MAGIC, await safeStorage.encryptStringAsync(text)]);
    },
    async decrypt(ref, stored) {
      const data = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
      const magic = data.subarray(0, MAGIC.length);
      if (magic.equals(FILE_KEY_MAGIC)) {
        return (await openFileKey()).decrypt(ref, stored);
      }
      if (!magic.equals(MAGIC)) {
        throw new Error('not a secret of this vault');
      }
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(data.subarray(MAGIC.length));
      if (!result.startsWith(`${ref}\n`)) {
        throw new Error('the secret of another ref');
      }
      const bytes = new Uint8Array(Buffer.from(result.slice(ref.length + 1), 'base64'));
      return { bytes, renew: shouldReEncrypt };
    },
  });
}

async function findWeakness(
  safeStorage: AsyncSafeStorage,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) {
    return 'The key store of this system is not available. Whoever can read your files can read the key as well.';
  }
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) {
    return 'No keyring was found on this system. Install GNOME Keyring or KWallet, then enter your passwords again.';
  }
  return undefined;
}

function keyStoreName(safeStorage: AsyncSafeStorage, platform: NodeJS.Platform): string {
  switch (platform) {
    case 'darwin':
      return 'Keychain';
    case 'win32':
      return 'Windows data protection';
    default:
      return safeStorage.getSelectedStorageBackend().startsWith('kwallet') ? 'KWallet' : 'GNOME Keyring';
  }
}
