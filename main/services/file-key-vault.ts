import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, readFailure, writeFailure } from './file-failure.ts';
import { type VaultCipher, VaultDirectory } from './vault-directory.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names the layout: magic, nonce, tag, ciphertext. Tells values of this cipher from those of others. */
export const FILE_KEY_MAGIC = Buffer.from('TSV1');

export interface FileKeyOptions {
  readonly keyPath: string;
  readonly onNotice: (notice: {
    readonly level: 'warning';
    readonly message: string;
    readonly hint: string;
    readonly detail: string;
  }) => void;
}

/**
 * A cipher under a key of its own in a file that only the user may read (AES-256-GCM, a fresh nonce per value, the
 * ref as associated data, so that two files can't be swapped). It guards against copied data, backups and other
 * users; who can read the user's files can read the key as well.
 */
export async function openFileKeyCipher(options: FileKeyOptions): Promise<VaultCipher> {
  return aesGcm(await loadKey(options));
}

/** The vault of the server host. */
export async function openFileKeyVault(
  options: FileKeyOptions & { readonly directory: string },
): Promise<VaultDirectory> {
  return new VaultDirectory(options.directory, await openFileKeyCipher(options));
}

function aesGcm(key: Buffer): VaultCipher {
  return {
    info: { kind: 'File encrypted under a key file that only you may read' },
    async encrypt(ref, bytes) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(ref));
      const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([FILE_KEY_MAGIC, nonce, cipher.getAuthTag(), body]);
    },
    async decrypt(ref, stored) {
      const data = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
      const bodyStart = FILE_KEY_MAGIC.length + NONCE_BYTES + TAG_BYTES;
      if (data.length < bodyStart || !data.subarray(0, FILE_KEY_MAGIC.length).equals(FILE_KEY_MAGIC)) {
        throw new Error('not a secret of this vault');
      }
      const nonce = data.subarray(FILE_KEY_MAGIC.length, FILE_KEY_MAGIC.length + NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(ref));
      decipher.setAuthTag(data.subarray(FILE_KEY_MAGIC.length + NONCE_BYTES, bodyStart));
      const body = Buffer.concat([decipher.update(data.subarray(bodyStart)), decipher.final()]);
      return { bytes: new Uint8Array(body) };
    },
  };
}

async function loadKey({ keyPath, onNotice }: FileKeyOptions): Promise<Buffer> {
  let key: Buffer;
  try {
    key = await readFile(keyPath);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return createKey(keyPath);
    }
    throw readFailure('The key of the stored secrets', keyPath, error);
  }
  if (key.length !== KEY_BYTES) {
    const aside = `${keyPath}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    try {
      await rename(keyPath, aside);
    } catch (error) {
      throw writeFailure('The key of the stored secrets', keyPath, error);
    }
    onNotice({
      level: 'warning',
      message: 'The key file of the stored passwords and certificates was damaged. A new one was made.',
      hint: 'Passwords and certificate files have to be entered again, unless you put back the old key file.',
      detail: `${keyPath}, set aside as ${aside}`,
    });
    return createKey(keyPath);
  }
  await narrowAccess(keyPath, onNotice);
  return key;
}

async function createKey(keyPath: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  try {
    await mkdir(dirname(keyPath), { recursive: true, mode: 0o700 });
    await writeFile(keyPath, key, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    throw writeFailure('The key of the stored secrets', keyPath, error);
  }
  return key;
}

async function narrowAccess(keyPath: string, onNotice: FileKeyOptions['onNotice']): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const mode = (await stat(keyPath)).mode & 0o777;
  if ((mode & 0o077) === 0) {
    return;
  }
  await chmod(keyPath, 0o600).catch(() => undefined);
  onNotice({
    level: 'warning',
    message: 'Other users of this machine could read the key of your stored passwords. That is closed now.',
    hint: 'If others use this machine, change the passwords that you have stored.',
    detail: `${keyPath} had mode ${mode.toString(8)}, now 600`,
  });
}
