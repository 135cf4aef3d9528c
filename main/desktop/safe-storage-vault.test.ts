import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileKeyVault } from '../services/file-key-vault.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';
import { describeVault } from '../services/vault-suite.fixture.ts';
import { fakeSafeStorage } from './electron.fixture.ts';
import { openSafeStorageVault } from './safe-storage-vault.ts';

const openIn = (path: string, safeStorage = fakeSafeStorage(), platform: NodeJS.Platform = 'linux') =>
  openSafeStorageVault({
    directory: join(path, 'vault'),
    keyPath: join(path, 'vault.key'),
    safeStorage,
    platform,
    onNotice: () => undefined,
  });

describeVault('safeStorage vault', async () => {
  const directory = await testDirectory();
  return {
    vault: await openIn(directory.path),
    reopen: () => openIn(directory.path),
    dispose: directory.dispose,
  };
});

describeVault('safeStorage vault without a keyring', async () => {
  const directory = await testDirectory();
  const open = () => openIn(directory.path, fakeSafeStorage({ backend: 'basic_text' }));
  return { vault: await open(), reopen: open, dispose: directory.dispose };
});

describe('safeStorage vault', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  beforeEach(async () => {
    directory = await testDirectory();
  });
  afterEach(() => directory.dispose());
  const secret = new TextEncoder().encode('hunter2');

  it('names the key store, and makes no key file of its own', async () => {
    const vault = await openIn(directory.path);
    expect(vault.info).toEqual({ kind: 'GNOME Keyring' });
    await vault.put('secret-a', secret);
    expect(await readdir(directory.path)).toEqual(['vault']);
    expect((await openIn(directory.path, fakeSafeStorage({ backend: 'kwallet6' }))).info.kind).toBe(
      'KWallet',
    );
    expect((await openIn(directory.path, fakeSafeStorage(), 'darwin')).info.kind).toBe('Keychain');
    expect((await openIn(directory.path, fakeSafeStorage(), 'win32')).info.weak).toBeUndefined();
  });

  it('calls a fixed password and a missing key store weak, and uses neither', async () => {
    for (const safeStorage of [
      fakeSafeStorage({ backend: 'basic_text' }),
      fakeSafeStorage({ available: false }),
    ]) {
      const vault = await openIn(directory.path, safeStorage);
      expect(vault.info.weak).toBeTruthy();
      await vault.put('secret-a', secret);
      const stored = await readFile(directory.file('vault', 'secret-a.secret'));
      expect(stored.subarray(0, 4).toString()).toBe('TSV1');
    }
  });

  it('reads what the server host stored in the same directory', async () => {
    const server = await openFileKeyVault({
      directory: directory.file('vault'),
      keyPath: directory.file('vault.key'),
      onNotice: () => undefined,
    });
    await server.put('secret-a', secret);
    const desktop = await openIn(directory.path);
    expect(await desktop.get('secret-a')).toEqual(secret);
    await desktop.put('secret-b', secret);
    await expect(server.get('secret-b')).rejects.toMatchObject({ failure: { code: 'vault.unreadable' } });
  });

  it('writes a value anew when the platform asks for it', async () => {
    const vault = await openIn(directory.path, fakeSafeStorage({ renew: true }));
    await vault.put('secret-a', secret);
    const file = directory.file('vault', 'secret-a.secret');
    expect(await vault.get('secret-a')).toEqual(secret);
    expect((await readFile(file)).subarray(0, 4).toString()).toBe('TSS1');
    expect(await vault.get('secret-a')).toEqual(secret);
  });

  it('notices swapped and damaged files', async () => {
    const vault = await openIn(directory.path);
    await vault.put('secret-a', secret);
    await vault.put('secret-b', new Uint8Array([1]));
    for (const bad of [
      await readFile(directory.file('vault', 'secret-b.secret')),
      Buffer.from('x'),
      Buffer.alloc(0),
    ]) {
      await writeFile(directory.file('vault', 'secret-a.secret'), bad);
      await expect(vault.get('secret-a')).rejects.toMatchObject({ failure: { code: 'vault.unreadable' } });
    }
  });
});
