import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#app/contract/feeds/main.ts';
import { EnvironmentStore } from './environment-store.ts';
import { testDirectory } from './test-directory.fixture.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let notices: Omit<Notice, 'id' | 'at'>[];
beforeEach(async () => {
  directory = await testDirectory();
  notices = [];
});
afterEach(() => directory.dispose());

const path = () => directory.file('environments.json');
const open = () => EnvironmentStore.open(path(), (notice) => notices.push(notice));
const site = { id: 'e1', name: 'Site', variables: [{ name: 'line', value: '1' }] };

describe('the file of environments', () => {
  it('is taken from its backup when it is damaged, and that is told', async () => {
    await (await open()).save(site);
    await writeFile(path(), '{');
    expect((await open()).all).toEqual([site]);
    expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining('environments') }]);
    expect((await readdir(directory.path)).some((name) => name.includes('damaged'))).toBe(true);
  });

  it('is left as it is when a newer version wrote it', async () => {
    const newer = JSON.stringify({ schemaVersion: 99, environments: [] });
    await writeFile(path(), newer);
    const store = await open();
    expect(notices[0]?.message).toContain('newer version');
    await expect(store.save(site)).rejects.toThrow('Nothing can be saved');
    expect(await readFile(path(), 'utf8')).toBe(newer);
  });
});
