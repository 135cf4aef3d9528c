import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandLine, parseCommandLine } from '../main/services/command-line.ts';
import { chooseHost, type Surroundings } from './choose-host.ts';
import { isBuildStale } from './freshness.ts';
import { projectRoot } from './run.ts';

describe('chooseHost', () => {
  const good: Surroundings = {
    platform: 'linux',
    env: { DISPLAY: ':0' },
    isRoot: false,
    fetchElectron: () => Promise.resolve(undefined),
  };
  const options = (...args: string[]): CommandLine => {
    const parsed = parseCommandLine(args);
    if (parsed.kind !== 'run') {
      throw new Error('not a command to run');
    }
    return parsed.options;
  };
  const choose = async (args: string[], surroundings: Partial<Surroundings> = {}) => {
    const { host, reason } = await chooseHost(options(...args), { ...good, ...surroundings });
    return `${host}: ${reason}`;
  };

  it('takes the desktop where it can run', async () => {
    expect(await choose([])).toMatch(/^desktop/);
    expect(await choose([], { env: { WAYLAND_DISPLAY: 'wayland-0' } })).toMatch(/^desktop/);
    expect(await choose([], { platform: 'darwin', env: {} })).toMatch(/^desktop/);
    expect(await choose(['--desktop', 'mqtt://h'])).toMatch(/^desktop: asked for/);
  });

  it('takes the server otherwise, and says why', async () => {
    expect(await choose([], { env: {} })).toContain('server: the desktop app can’t run: there is no display');
    expect(await choose([], { isRoot: true })).toContain('root');
    expect(await choose([], { fetchElectron: () => Promise.resolve('no binary') })).toContain('no binary');
    expect(await choose(['--desktop'], { env: {} })).toContain('no display');
    expect(await choose(['--server'])).toBe('server: asked for with --server');
    expect(await choose(['--no-open'])).toContain('option of the server');
    expect(await choose(['--port', '0'])).toContain('option of the server');
  });

  it('fetches Electron only when nothing else is in the way', async () => {
    const fetchElectron = () => Promise.reject(new Error('asked'));
    await choose(['--server'], { fetchElectron });
    await choose([], { env: {}, fetchElectron });
    await expect(choose([], { fetchElectron })).rejects.toThrow('asked');
  });
});

describe('isBuildStale', () => {
  let root: string;
  const write = (path: string, at: number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
    utimesSync(join(root, path), at, at);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'topicscope-stale-'));
    for (const path of ['main/server', 'main/desktop', 'main/session-worker', 'main/readers-worker']) {
      write(`dist/${path}.js`, 1000);
    }
    write('dist/preload/preload.cjs', 1000);
    write('dist/renderer/index.html', 1000);
    write('app/base/a.ts', 500);
    write('package.json', 500);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('compares the oldest output with the newest source', () => {
    expect(isBuildStale(root)).toBe(false);
    write('main/services/x.test.ts', 2000);
    write('docs/x.md', 2000);
    expect(isBuildStale(root)).toBe(false);
    write('renderer/deep/down/x.tsx', 2000);
    expect(isBuildStale(root)).toBe(true);
  });

  it('misses an output', () => {
    rmSync(join(root, 'dist/preload/preload.cjs'));
    expect(isBuildStale(root)).toBe(true);
  });
});

describe('npm start', () => {
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, 'tools/start.ts'), ...args], { encoding: 'utf8' });

  it('answers without a build what needs none', () => {
    expect(start('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Usage: topicscope'),
    });
    expect(start('--bogus')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^topicscope: .*--bogus.*See --help\.\n$/),
    });
  });
});
