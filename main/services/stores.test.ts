import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import { RecentsStore } from './recents-store.ts';
import { SettingsStore } from './settings-store.ts';
import { testDirectory } from './test-directory.fixture.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let notices: Omit<Notice, 'id' | 'at'>[];
beforeEach(async () => {
  directory = await testDirectory();
  notices = [];
});
afterEach(() => directory.dispose());

describe('SettingsStore', () => {
  const path = () => directory.file('settings.json');
  const open = () => SettingsStore.open(path(), (notice) => notices.push(notice));

  it('merges changes and finds them again', async () => {
    const store = await open();
    await store.change({ theme: 'dark', layout: { left: 30, right: 20 } });
    await store.change({ layout: { left: 40, right: null }, views: { 'p\na/b': 'hex' } });
    expect((await open()).current).toEqual({
      theme: 'dark',
      layout: { left: 40 },
      views: { 'p\na/b': 'hex' },
      proxy: { kind: 'none', host: '', port: 8080, username: '' },
    });
    await store.change({ views: { 'p\na/b': null } });
    expect((await open()).current.views).toEqual({});
  });

  it('writes the newest state of many changes', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 200 }, (_, left) => store.change({ layout: { left } })));
    expect((await open()).current.layout).toEqual({ left: 199 });
  });

  it('keeps the newest views only', async () => {
    const store = await open();
    await store.change({
      views: Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`t${index}`, 'hex'])),
    });
    await store.change({ views: { t600: 'text' } });
    const views = Object.keys(store.current.views);
    expect(views).toHaveLength(2000);
    expect(views.at(-1)).toBe('t600');
    expect(views).not.toContain('t100');
  });

  it('begins anew after damage, and says so', async () => {
    await writeFile(path(), '{"theme":"purple"}');
    expect((await open()).current.theme).toBe('system');
    expect(notices[0]?.hint).toContain('settings.json.damaged-');
  });

  it('says when a change could not be kept, and holds it nevertheless', async () => {
    const store = await open();
    await mkdir(path());
    await expect(store.change({ theme: 'dark' })).rejects.toMatchObject({ failure: { code: 'file.write' } });
    expect(store.current.theme).toBe('dark');
  });

  it('refuses a layout that is no layout', async () => {
    const store = await open();
    await expect(store.change({ layout: { big: 'x'.repeat(600_000) } })).rejects.toMatchObject({
      failure: { code: 'settings.layout' },
    });
    expect(store.current.layout).toEqual({});
  });

  it('leaves a newer file alone', async () => {
    await writeFile(path(), '{"schemaVersion":99}');
    const store = await open();
    await store.change({ theme: 'dark' });
    expect(await readFile(path(), 'utf8')).toBe('{"schemaVersion":99}');
    expect(notices).toHaveLength(1);
  });
});

describe('RecentsStore', () => {
  const path = () => directory.file('recents.json');
  const recent = (text: string, rest: Partial<RecentPublish> = {}): RecentPublish => ({
    topic: 'a',
    format: 'text',
    text,
    qos: 0,
    retain: false,
    properties: {},
    at: 1,
    ...rest,
  });
  const texts = (store: RecentsStore, id = 'p') => store.list(id).map(({ text }) => text);

  it('keeps the newest fifty of each profile, newest first, each once', async () => {
    const store = await RecentsStore.open(path());
    for (let index = 0; index < 60; index += 1) {
      await store.add('p', recent(String(index)));
    }
    await store.add('p', recent('30', { at: 2 }));
    await store.add('q', recent('other'));
    const again = await RecentsStore.open(path());
    expect(texts(again)).toHaveLength(50);
    expect(texts(again).slice(0, 3)).toEqual(['30', '59', '58']);
    expect(texts(again, 'q')).toEqual(['other']);
    expect(texts(again, 'nobody')).toEqual([]);
  });

  it('keeps bytes as bytes', async () => {
    const store = await RecentsStore.open(path());
    await store.add(
      'p',
      recent('x', { properties: { correlationData: new Uint8Array([1, 255]), contentType: 'c' } }),
    );
    expect((await RecentsStore.open(path())).list('p')[0]?.properties).toEqual({
      correlationData: new Uint8Array([1, 255]),
      contentType: 'c',
    });
  });

  it('bounds the text that it keeps', async () => {
    const store = await RecentsStore.open(path());
    for (let index = 0; index < 20; index += 1) {
      await store.add('p', recent(`${index}${'x'.repeat(60_000)}`));
    }
    expect(store.list('p').length).toBeLessThan(10);
    expect(store.list('p')[0]?.text.startsWith('19')).toBe(true);
  });

  it('forgets profiles that are gone, and survives damage', async () => {
    const store = await RecentsStore.open(path());
    await store.add('p', recent('x'));
    await store.add('q', recent('y'));
    await store.retain(new Set(['q']));
    expect(texts(await RecentsStore.open(path()))).toEqual([]);
    await writeFile(path(), '!');
    await rm(`${path()}.bak`);
    expect(texts(await RecentsStore.open(path()), 'q')).toEqual([]);
    expect((await readdir(directory.path)).some((name) => name.includes('damaged'))).toBe(true);
  });
});
