import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Notice } from '#app/contract/feeds/main.ts';
import { ProfileItemsStore } from './profile-items-store.ts';
import { testDirectory } from './test-directory.fixture.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let notices: Omit<Notice, 'id' | 'at'>[];
beforeEach(async () => {
  directory = await testDirectory();
  notices = [];
});
afterEach(() => directory.dispose());

const itemSchema = z.object({ id: z.string(), text: z.string() });
const path = () => directory.file('things.json');
const open = () =>
  ProfileItemsStore.open(
    {
      path: path(),
      what: 'The things',
      kind: 'things',
      version: 2,
      parse: (stored) => itemSchema.parse(stored),
      maxItems: 3,
      maxBytes: 1000,
    },
    (notice) => notices.push(notice),
  );
const item = (id: string, text = id) => ({ id, text });

describe('ProfileItemsStore', () => {
  it('keeps, replaces, orders and removes what belongs to a profile, and finds it again', async () => {
    const store = await open();
    let changes = 0;
    store.onDidChange(() => {
      changes += 1;
    });
    await Promise.all([store.keep('p', item('a')), store.keep('p', item('b')), store.keep('q', item('c'))]);
    await store.keep('p', item('a', 'new'));
    expect((await open()).list('p')).toEqual([item('a', 'new'), item('b')]);
    await store.keep('p', item('d'));
    expect(await store.order('p', ['d', 'a', 'gone'])).toEqual([item('d'), item('a', 'new'), item('b')]);
    expect(await store.remove('p', 'a')).toEqual([item('d'), item('b')]);
    const again = await open();
    expect([again.list('p'), again.list('q'), again.list('r')]).toEqual([
      [item('d'), item('b')],
      [item('c')],
      [],
    ]);
    expect(changes).toBe(7);
    expect(notices).toEqual([]);
  });

  it('copies what belongs to a copied profile, and forgets what belongs to none', async () => {
    const store = await open();
    await store.keep('p', item('a'));
    await store.copy('p', 'q');
    expect(store.list('q')).toMatchObject([{ text: 'a' }]);
    expect(store.list('q')[0]?.id).not.toBe('a');
    await store.retain(new Set(['q']));
    const again = await open();
    expect([again.list('p').length, again.list('q').length]).toEqual([0, 1]);
  });

  it('refuses more than fits, and stays as it was', async () => {
    const store = await open();
    await expect(store.keep('p', item('a', 'x'.repeat(2000)))).rejects.toMatchObject({
      failure: { code: 'things.size' },
    });
    for (const id of ['a', 'b', 'c']) {
      await store.keep('p', item(id));
    }
    await expect(store.keep('p', item('d'))).rejects.toMatchObject({ failure: { code: 'things.size' } });
    expect(store.list('p')).toHaveLength(3);
  });

  it('takes the backup for a damaged file, and tells so', async () => {
    await (await open()).keep('p', item('a'));
    await writeFile(path(), '{"schemaVersion":2,');
    expect((await open()).list('p')).toEqual([item('a')]);
    expect(notices[0]).toMatchObject({ level: 'warning', message: expect.stringContaining('backup') });
  });

  it('takes over what can be used of a damaged file without a backup, and keeps the file', async () => {
    const stored = { schemaVersion: 2, profiles: { p: [item('a'), { id: 7 }] } };
    await writeFile(path(), JSON.stringify(stored));
    expect((await open()).list('p')).toEqual([item('a')]);
    expect(notices[0]).toMatchObject({ level: 'error' });
    const aside = (await readdir(directory.path)).find((name) => name !== 'things.json');
    expect(JSON.parse(await readFile(directory.file(aside ?? ''), 'utf8'))).toEqual(stored);
  });

  it('leaves a file of a newer version alone', async () => {
    const text = '{"schemaVersion":3,"profiles":{}}';
    await writeFile(path(), text);
    const store = await open();
    await expect(store.keep('p', item('a'))).rejects.toMatchObject({ failure: { code: 'file.write' } });
    await store.retain(new Set());
    expect(await readFile(path(), 'utf8')).toBe(text);
    expect(notices[0]?.message).toContain('newer version');
  });
});
