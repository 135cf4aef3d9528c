import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findBrowser } from '../../tools/prerequisites.ts';
import { projectRoot } from '../../tools/run.ts';
import { openPageLine, type PageLine } from './cdp.ts';
import { cpuOfProcess } from './cpu.ts';

/** The built app in a browser with a data directory of its own, driven by Playwright only while it is being set up. */
export interface ScreenApp {
  /** Playwright comes, does its work and goes: attached it would copy every WebSocket frame. */
  drive(work: (page: Page) => Promise<void>): Promise<void>;
  readonly line: PageLine;
  /** Milliseconds of CPU so far: the engine, and all processes of the browser. */
  cpu(): Promise<{ readonly engine: number; readonly browser: number }>;
  close(): Promise<void>;
}

/** Starts the server host from `dist/` and a headless browser on its page. */
export async function startScreenApp(args: readonly string[] = []): Promise<ScreenApp> {
  const entry = join(projectRoot, 'dist/main/server.js');
  if (!existsSync(entry)) {
    throw new Error('The app is not built. Run: npm run build');
  }
  const directory = await mkdtemp(join(tmpdir(), 'topicscope-bench-'));
  const engine = spawn(
    process.execPath,
    [entry, '--no-open', '--data-dir', join(directory, 'data'), ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await firstMatch(engine, engine.stdout, /Topicscope is running at (\S+)/);
  const executable = findBrowser();
  if (executable === undefined) {
    throw new Error('No Chromium browser was found.');
  }
  const browser = spawn(
    executable,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${join(directory, 'browser')}`,
      '--window-size=1280,800',
      '--no-first-run',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      url,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const endpoint = await firstMatch(browser, browser.stderr, /DevTools listening on (\S+)/);
  const line = await openPageLine(Number(new URL(endpoint).port));
  return {
    line,
    async drive(work) {
      const driver = await chromium.connectOverCDP(`http://127.0.0.1:${new URL(endpoint).port}`);
      try {
        const page = driver.contexts()[0]?.pages()[0];
        if (page === undefined) {
          throw new Error('The browser has no page.');
        }
        await work(page);
      } finally {
        await driver.close();
      }
    },
    async cpu() {
      return { engine: cpuOfProcess(engine.pid ?? 0), browser: await cpuOfGroup(browser.pid ?? 0) };
    },
    async close() {
      line.close();
      engine.kill('SIGTERM');
      try {
        process.kill(-(browser.pid ?? 0), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
      await new Promise((resolve) =>
        engine.exitCode === null ? engine.once('exit', resolve) : resolve(undefined),
      );
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function firstMatch(
  child: ChildProcess,
  stream: NodeJS.ReadableStream | null,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`No ${pattern} within 30 s: ${text}`)), 30_000);
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match?.[1] !== undefined) {
        clearTimeout(timer);
        resolve(match[1]);
      }
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${text}`)));
  });
}

/** Milliseconds of CPU of all living processes of a process group, from Linux's /proc. */
async function cpuOfGroup(group: number): Promise<number> {
  let total = 0;
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name)) {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      if (Number(stat.split(') ')[1]?.split(' ')[2]) === group) {
        total += cpuOfProcess(Number(name));
      }
    }
  }
  return total;
}
