import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileKeyVault } from './file-key-vault.ts';
import { MemoryVault } from './memory-vault.ts';
import { testDirectory } from './test-directory.fixture.ts';
import { describeVault } from './vault-suite.fixture.ts';

describeVault('MemoryVault', async () => ({ vault: new MemoryVault() }));

const openIn = (path: string, notices: string[] = []) =>
  openFileKeyVault({
    directory: join(path, 'vault'),
    keyPath: join(path, 'vault.key'),
    onNotice: ({ message }) => notices.push(message),
  });

describeVault('File key vault', async () => {
  const directory = await testDirectory();
  return {
    vault: await openIn(directory.path),
    reopen: () => openIn(directory.path),
    dispose: directory.dispose,
  };
});

describe('File key vault', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  beforeEach(async () => {
    directory = await testDirectory();
  });
  afterEach(() => directory.dispose());

  const secret = new TextEncoder().encode('correct horse battery staple');

  it('writes nothing readable, and for the user only', async () => {
    const vault = await openIn(directory.path);
    await vault.put('secret-a', secret);
    const file = directory.file('vault', 'secret-a.secret');
    expect((await readFile(file)).includes('horse')).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(directory.file('vault.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory.file('vault'))).toEqual(['secret-a.secret']);
  });

  it('notices a changed, cut or swapped file', async () => {
    const vault = await openIn(directory.path);
    await vault.put('secret-a', secret);
    await vault.put('secret-b', new TextEncoder().encode('another'));
    const file = directory.file('vault', 'secret-a.secret');
    const good = await readFile(file);
    const swapped = await readFile(directory.file('vault', 'secret-b.secret'));
    const flipped = Buffer.from(good);
    flipped[good.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const bad of [flipped, good.subarray(0, 20), Buffer.alloc(0), Buffer.from('hello'), swapped]) {
      await writeFile(file, bad);
      await expect(vault.get('secret-a')).rejects.toMatchObject({ failure: { code: 'vault.unreadable' } });
    }
    await writeFile(file, good);
    expect(await vault.get('secret-a')).toEqual(secret);
  });

  it('never encrypts the same value to the same bytes', async () => {
    const vault = await openIn(directory.path);
    const file = directory.file('vault', 'secret-a.secret');
    await vault.put('secret-a', secret);
    const first = await readFile(file);
    await vault.put('secret-a', secret);
    expect((await readFile(file)).equals(first)).toBe(false);
  });

  it('sets a damaged key file aside and says so', async () => {
    await (await openIn(directory.path)).put('secret-a', secret);
    await writeFile(directory.file('vault.key'), 'short');
    const notices: string[] = [];
    const vault = await openIn(directory.path, notices);
    expect(notices).toHaveLength(1);
    expect((await readdir(directory.path)).some((name) => name.startsWith('vault.key.damaged-'))).toBe(true);
    await expect(vault.get('secret-a')).rejects.toMatchObject({ failure: { code: 'vault.unreadable' } });
    await vault.put('secret-a', secret);
    expect(await vault.get('secret-a')).toEqual(secret);
  });

  it('closes a key file that others can read, and says so', async () => {
    await openIn(directory.path);
    await chmod(directory.file('vault.key'), 0o644);
    const notices: string[] = [];
    await openIn(directory.path, notices);
    expect(notices).toHaveLength(1);
    expect((await stat(directory.file('vault.key'))).mode & 0o777).toBe(0o600);
  });
});
