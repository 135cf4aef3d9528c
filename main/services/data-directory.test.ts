import { spawnSync } from 'node:child_process';
import { chmod, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataDirectory, openDataDirectory } from './data-directory.ts';
import { testDirectory } from './test-directory.fixture.ts';

describe('openDataDirectory', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  beforeEach(async () => {
    directory = await testDirectory();
  });
  afterEach(() => directory.dispose());

  it('makes the directory for the user only', async () => {
    const data = await openDataDirectory(directory.file('a', 'b'));
    expect((await stat(data.path)).mode & 0o777).toBe(0o700);
    await data.release();
    await chmod(data.path, 0o755);
    await (await openDataDirectory(data.path)).release();
    expect((await stat(data.path)).mode & 0o777).toBe(0o700);
  });

  it('is held by one at a time', async () => {
    const data = await openDataDirectory(directory.path);
    await expect(openDataDirectory(directory.path)).rejects.toMatchObject({
      failure: { code: 'data.locked', hint: expect.stringContaining('--data-dir') },
    });
    await data.release();
    await data.release();
    await (await openDataDirectory(directory.path)).release();
  });

  it('is held by one of many that come at the same time', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => openDataDirectory(directory.path)),
    );
    const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(opened).toHaveLength(1);
    await opened[0]?.release();
  });

  it('takes over from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const lock = { id: 'x', pid, machine: hostname() };
    await writeFile(directory.file('lock'), JSON.stringify(lock));
    await (await openDataDirectory(directory.path)).release();
  });

  it.runIf(process.platform === 'linux')(
    'takes over when the process id belongs to another program now',
    async () => {
      await writeFile(
        directory.file('lock'),
        JSON.stringify({ id: 'x', pid: process.ppid, machine: hostname(), started: '1' }),
      );
      await (await openDataDirectory(directory.path)).release();
      await writeFile(
        directory.file('lock'),
        JSON.stringify({ id: 'x', pid: process.pid, machine: hostname() }),
      );
      await (await openDataDirectory(directory.path)).release();
    },
  );

  it('respects a running process, and one of another machine that shows signs of life', async () => {
    const old = new Date(Date.now() - 120_000);
    await writeFile(
      directory.file('lock'),
      JSON.stringify({ id: 'x', pid: process.ppid, machine: hostname() }),
    );
    await utimes(directory.file('lock'), old, old);
    await expect(openDataDirectory(directory.path)).rejects.toMatchObject({
      failure: { code: 'data.locked' },
    });
    await writeFile(directory.file('lock'), JSON.stringify({ id: 'x', pid: 1, machine: 'elsewhere' }));
    await expect(openDataDirectory(directory.path)).rejects.toMatchObject({
      failure: { code: 'data.locked' },
    });
    await utimes(directory.file('lock'), old, old);
    await (await openDataDirectory(directory.path)).release();
  });

  it('takes over a lock that no one can read, once it is old', async () => {
    await writeFile(directory.file('lock'), 'nonsense');
    await expect(openDataDirectory(directory.path)).rejects.toMatchObject({
      failure: { code: 'data.locked' },
    });
    const old = new Date(Date.now() - 120_000);
    await utimes(directory.file('lock'), old, old);
    const data = await openDataDirectory(directory.path);
    expect(JSON.parse(await readFile(directory.file('lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await data.release();
  });

  it('says when there can be no directory', async () => {
    await writeFile(directory.file('file'), '');
    await expect(openDataDirectory(directory.file('file', 'below'))).rejects.toMatchObject({
      failure: { code: 'file.write' },
    });
  });
});

describe('defaultDataDirectory', () => {
  it('follows the platform', () => {
    expect(defaultDataDirectory('linux', {}, '/home/u')).toBe('/home/u/.local/share/topicscope');
    expect(defaultDataDirectory('linux', { XDG_DATA_HOME: '/x' }, '/home/u')).toBe('/x/topicscope');
    expect(defaultDataDirectory('linux', { XDG_DATA_HOME: 'x' }, '/home/u')).toBe(
      '/home/u/.local/share/topicscope',
    );
    expect(defaultDataDirectory('darwin', {}, '/Users/u')).toBe(
      '/Users/u/Library/Application Support/Topicscope',
    );
    expect(defaultDataDirectory('win32', { APPDATA: '/r' }, '/u')).toBe('/r/Topicscope');
  });
});
