import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContractClient } from '#app/contract/client.ts';
import { openWebSocketTransport, tokenOf } from '../../e2e/support/ws-transport.ts';
import { waitFor } from '../services/engine.fixture.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';

const entry = fileURLToPath(new URL('./index.ts', import.meta.url));

let directory: Awaited<ReturnType<typeof testDirectory>>;
let children: ChildProcess[];
beforeEach(async () => {
  directory = await testDirectory();
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  await directory.dispose();
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const output = { out: '', err: '' };
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output.out += String(chunk);
      if (output.out.endsWith('\n')) {
        resolve(output.out);
      }
    });
    child.stderr.on('data', (chunk) => {
      output.err += String(chunk);
    });
    child.on('close', () => reject(new Error(output.err)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended };
}

const data = () => ['--no-open', '--data-dir', directory.file('data')];

describe('the server’s command', () => {
  it('prints one line when it is ready, and ends cleanly on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, ready, ended } = start(...data());
      expect(await ready).toMatch(/^Topicscope is running at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);
      expect(await readdir(directory.file('data'))).toContain('lock');
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0, err: '' });
      expect(await readdir(directory.file('data'))).not.toContain('lock');
    }
  });

  it('has the demo open, and disconnects it at the end', async () => {
    const { child, ready, ended } = start('--demo', ...data());
    const url = (await ready).trim().split(' ').at(-1) ?? '';
    const client = new ContractClient(await openWebSocketTransport(url));
    await client.connect(tokenOf(url));
    const { sessions } = await waitFor(
      client,
      'sessions',
      ({ sessions: all }) => all[0]?.state.kind === 'connected',
    );
    expect(sessions).toHaveLength(1);
    client.dispose();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });

  it('says in one line what is wrong, with the code for it', async () => {
    const outcome = async (...args: string[]) =>
      (await start(...args).ended) as { code: number; err: string };
    const bad = await outcome('--bogus');
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining('--bogus') });
    const url = await outcome(...data(), 'http://user:hunter2@h');
    expect(url).toMatchObject({ code: 2, err: expect.stringContaining('not a protocol') });
    expect(url.err).not.toContain('hunter2');
    expect(await outcome(...data(), '--host', '0.0.0.0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--access-password-file'),
    });
    await writeFile(directory.file('short'), 'abc\n');
    expect(await outcome(...data(), '--access-password-file', directory.file('short'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('fewer than 8'),
    });
    expect(await outcome(...data(), '--access-password-file', directory.file('gone'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('--access-password-file'),
    });
    for (const { err } of [bad, url]) {
      expect(err.trim().split('\n')).toHaveLength(1);
    }
  }, 30_000);

  it('refuses a second one on the same data', async () => {
    const { ready } = start(...data());
    await ready;
    const second = await start(...data()).ended;
    expect(second).toMatchObject({ code: 1, out: '', err: expect.stringContaining('already running') });
  });

  it('prints version and help', async () => {
    expect(await start('--version').ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await start('--help').ended).toMatchObject({
      code: 0,
      out: expect.stringContaining('--access-password-file'),
    });
  });
});
