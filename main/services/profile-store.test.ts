import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#app/contract/feeds/main.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { PROFILE_SCHEMA_VERSION } from '#app/profile/profile.ts';
import { ProfileStore } from './profile-store.ts';
import { testDirectory } from './test-directory.fixture.ts';

describe('ProfileStore', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  let notices: Omit<Notice, 'id' | 'at'>[];
  const path = () => directory.file('profiles.json');
  const open = () => ProfileStore.open(path(), (notice) => notices.push(notice));
  const names = (store: ProfileStore) => store.all.map(({ name }) => name);
  const filled = async (...all: string[]) => {
    const store = await open();
    for (const name of all) {
      await store.save(newProfile({ id: name, name }));
    }
    return store;
  };
  const damaged = async () =>
    (await readdir(directory.path)).filter((name) => name.startsWith('profiles.json.damaged-'));

  beforeEach(async () => {
    directory = await testDirectory();
    notices = [];
  });
  afterEach(() => directory.dispose());

  it('begins empty, without a word', async () => {
    const store = await open();
    expect(store.all).toEqual([]);
    expect(notices).toEqual([]);
  });

  it('finds everything again, in its order', async () => {
    const store = await filled('a', 'b', 'c');
    await store.reorder(['c', 'a']);
    expect(names(await open())).toEqual(['c', 'a', 'b']);
  });

  it('replaces by id and keeps the place', async () => {
    const store = await filled('a', 'b');
    await store.save(newProfile({ id: 'a', name: 'changed' }));
    expect(names(await open())).toEqual(['changed', 'b']);
  });

  it('brings a deleted profile back to its place', async () => {
    const store = await filled('a', 'b', 'c');
    await store.delete('b');
    expect(names(await open())).toEqual(['a', 'c']);
    expect(store.deleted.map(({ name }) => name)).toEqual(['b']);
    await store.restore('b');
    expect(names(await open())).toEqual(['a', 'b', 'c']);
    await expect(store.restore('b')).rejects.toMatchObject({ failure: { code: 'profile.unknown' } });
  });

  it('takes many changes at once, one after another', async () => {
    const store = await open();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        store.save(newProfile({ id: String(index), name: String(index) })),
      ),
    );
    await Promise.all([
      store.edit('3', (profile) => ({ ...profile, host: 'one' })),
      store.edit('3', (profile) => ({ ...profile, name: `${profile.host}!` })),
    ]);
    const again = await open();
    expect(again.all).toHaveLength(30);
    expect(again.get('3')).toMatchObject({ host: 'one', name: 'one!' });
  });

  it('uses the backup for a damaged file, sets it aside and names it', async () => {
    await filled('a', 'b');
    for (const text of [
      '{"schemaVersion":1,"profi',
      '',
      '\0\0\0\0',
      '[]',
      '{"schemaVersion":1,"profiles":[{}]}',
    ]) {
      notices = [];
      await writeFile(path(), text);
      const store = await open();
      expect(names(store)).toEqual(['a', 'b']);
      const aside = (await damaged()).at(-1) ?? '';
      expect(notices).toHaveLength(1);
      expect(notices[0]?.message).toContain('backup was used');
      expect(notices[0]?.hint).toContain(aside);
      expect(await readFile(directory.file(aside), 'utf8')).toBe(text);
      expect(JSON.parse(await readFile(path(), 'utf8')).profiles).toHaveLength(2);
      await rm(directory.file(aside));
    }
  });

  it('saves the whole profiles of a damaged file without a backup', async () => {
    await filled('a', 'b');
    const file = JSON.parse(await readFile(path(), 'utf8'));
    file.profiles[0].port = 'seven';
    await writeFile(path(), JSON.stringify(file));
    await rm(`${path()}.bak`);
    expect(names(await open())).toEqual(['b']);
    expect(notices[0]).toMatchObject({ level: 'error' });
    expect(notices[0]?.message).toContain('1 profile could be saved');
    expect(await damaged()).toHaveLength(1);
  });

  it('begins empty when nothing can be saved, and keeps the damaged file', async () => {
    await writeFile(path(), 'nonsense');
    const store = await open();
    expect(store.all).toEqual([]);
    expect(notices[0]?.hint).toContain((await damaged())[0]);
    await store.save(newProfile({ id: 'a', name: 'a' }));
    expect(names(await open())).toEqual(['a']);
  });

  it('uses the backup when the file is gone', async () => {
    await filled('a');
    await rm(path());
    expect(names(await open())).toEqual(['a']);
    expect(notices[0]?.message).toContain('gone');
  });

  it('leaves a file of a newer version alone and saves nothing over it', async () => {
    const text = JSON.stringify({ schemaVersion: PROFILE_SCHEMA_VERSION + 1, profiles: [], future: true });
    await writeFile(path(), text);
    const store = await open();
    expect(notices[0]?.message).toContain('newer version');
    await expect(store.save(newProfile())).rejects.toMatchObject({ failure: { code: 'file.write' } });
    expect(await readFile(path(), 'utf8')).toBe(text);
    expect(await damaged()).toEqual([]);
  });

  it('leaves a file alone that it can’t read', async () => {
    await mkdir(path());
    const store = await open();
    expect(notices[0]?.message).toContain('could not be read');
    await expect(store.save(newProfile())).rejects.toMatchObject({ failure: { code: 'file.write' } });
  });

  it('says why a save failed, and keeps what was there', async () => {
    const store = await filled('a');
    const changes: number[] = [];
    store.onDidChange(() => changes.push(1));
    // A folder in the place of the file: the rename fails as it does on a read-only or full disk.
    await rm(path());
    await mkdir(path());
    await expect(store.save(newProfile({ id: 'b', name: 'b' }))).rejects.toMatchObject({
      failure: { code: 'file.write', hint: expect.stringContaining('still there') },
    });
    await expect(store.delete('a')).rejects.toMatchObject({ failure: { code: 'file.write' } });
    expect(names(store)).toEqual(['a']);
    expect(store.deleted).toEqual([]);
    expect(changes).toEqual([]);
    await rm(path(), { recursive: true });
    await store.save(newProfile({ id: 'b', name: 'b' }));
    expect(names(await open())).toEqual(['a', 'b']);
  });

  it('gives a copied profile of a hand-edited file an id of its own', async () => {
    const profile = newProfile({ id: 'same', name: 'twin' });
    const file = { schemaVersion: PROFILE_SCHEMA_VERSION, profiles: [profile, profile] };
    await writeFile(path(), JSON.stringify(file));
    const store = await open();
    expect(store.all).toHaveLength(2);
    expect(new Set(store.all.map(({ id }) => id)).size).toBe(2);
  });

  it('stores no field that the schema does not know', async () => {
    const store = await filled('a');
    const file = JSON.parse(await readFile(path(), 'utf8'));
    file.profiles[0].password = 'left over';
    await writeFile(path(), JSON.stringify(file));
    await (await open()).reorder([]);
    expect(await readFile(path(), 'utf8')).not.toContain('left over');
    expect(store.all).toHaveLength(1);
  });
});
