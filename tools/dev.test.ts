import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from './run.ts';

const tool = join(projectRoot, 'tools/dev.ts');

let directory: string;
let children: ChildProcess[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicscope-dev-test-'));
  children = [];
});
afterEach(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the tool with a temporary folder of its own; resolves once it says where it runs. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [tool, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: directory, TEMP: directory, TMP: directory },
  });
  children.push(child);
  let out = '';
  let err = '';
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, err }));
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      if (out.includes('#token=')) {
        resolve();
      }
    });
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    child.on('close', () => reject(new Error(`it ended: ${out}${err}`)));
  });
  const data = /^Engine data: (.*)$/m.exec(out)?.[1] ?? '';
  const page = /running at (http:\S+)\/#token=/.exec(out)?.[1] ?? '';
  return { child, ended, data, page };
}

describe('npm run dev', () => {
  const broker = createServer();
  afterEach(() => {
    broker.close();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves the page, and leaves nothing behind at %s',
    async (signal) => {
      const { child, ended, data, page } = await start();
      expect(await (await fetch(page)).text()).toContain('/@vite/client');
      expect(existsSync(join(data, 'lock'))).toBe(true);
      child.kill(signal);
      expect(await ended).toEqual({ code: 0, err: '' });
      expect(readdirSync(directory).filter((name) => name.startsWith('topicscope-dev-'))).toEqual([]);
    },
  );

  it('opens the address that it is given, takes leave of the broker, and keeps a folder that it was given', async () => {
    const packets: number[] = [];
    const left = new Promise<void>((resolve) => {
      broker.on('connection', (socket) => {
        socket.on('data', (bytes) => {
          const type = (bytes[0] ?? 0) >> 4;
          packets.push(type);
          if (type === 1) {
            // CONNACK of MQTT 5.0: accepted, no properties.
            socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
          } else if (type === 14) {
            resolve();
          }
        });
        socket.on('error', () => undefined);
      });
    });
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
    const address = broker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const kept = join(directory, 'kept');
    const { child, ended, data } = await start('--data-dir', kept, `mqtt://127.0.0.1:${port}`);
    expect(data).toBe(kept);
    await expect.poll(() => packets[0]).toBe(1);
    // What the broker sent has to arrive first: a connection in the making has nobody to take leave of.
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, err: '' });
    // DISCONNECT: without it the broker would send the last will.
    await left;
    expect(readdirSync(kept)).not.toContain('lock');
  });
  it('ends with a line and a code when it cannot start, and leaves nothing behind', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [tool, ...args], {
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: directory, TEMP: directory, TMP: directory },
      });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: npm run dev') });
    expect(run('--bogus')).toMatchObject({ status: 2, stderr: expect.stringContaining('--bogus') });
    expect(run('--desktop')).toMatchObject({
      status: 2,
      stderr: 'topicscope: --desktop is not for npm run dev. See npm run dev -- --help.\n',
    });
    expect(run('--port', '0', 'http://broker')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^topicscope: .*http/),
    });
    expect(readdirSync(directory).filter((name) => name.startsWith('topicscope-dev-'))).toEqual([]);
  });
});
