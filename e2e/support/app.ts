import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, test as base, chromium, _electron as electron, type Page } from '@playwright/test';
import { electronBinary } from '../../tools/electron-binary.ts';
import { findBrowser } from '../../tools/prerequisites.ts';
import { projectRoot } from '../../tools/run.ts';

export interface AppOptions {
  /** Which host runs the specs; set by the project in playwright.config.ts. */
  hostKind: 'server' | 'desktop';
}

/** A running Topicscope with a data directory of its own. */
export interface App {
  readonly page: Page;
  readonly dataDirectory: string;
  /** All that the engine printed so far. */
  readonly output: () => string;
  /** Ends the app cleanly and starts it again on the same data; the page is a new one. */
  restart(): Promise<App>;
  /** Another window on the same engine; of the server host only. */
  openWindow(): Promise<Page>;
  /** The text on the clipboard. */
  clipboard(): Promise<string>;
  close(): Promise<void>;
}

interface AppFixtures extends AppOptions {
  /** Starts the app with arguments; closed at the end of the test. */
  launch: (args?: readonly string[], dataDirectory?: string) => Promise<App>;
  /** The app, started without arguments. */
  app: App;
}

interface WorkerFixtures {
  /** One browser serves all tests; each app has a context, so a profile, of its own. */
  sharedBrowser: () => Promise<Browser>;
}

export const test = base.extend<AppFixtures, WorkerFixtures>({
  sharedBrowser: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
    async ({}, use) => {
      let browser: Promise<Browser> | undefined;
      await use(() => {
        browser ??= launchBrowser();
        return browser;
      });
      await (await browser)?.close();
    },
    { scope: 'worker' },
  ],
  hostKind: ['server', { option: true }],
  launch: async ({ hostKind, sharedBrowser }, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'topicscope-e2e-'));
    const apps: App[] = [];
    // Also what was started again is ended with the test.
    const track = (app: App): App => {
      apps.push(app);
      return { ...app, restart: async () => track(await app.restart()) };
    };
    await use(async (args = [], dataDirectory = directory) =>
      track(
        hostKind === 'desktop'
          ? await launchDesktop(args, dataDirectory)
          : await launchServer(args, dataDirectory, await sharedBrowser()),
      ),
    );
    for (const app of apps.reverse()) {
      await app.close();
    }
    await rm(directory, { recursive: true, force: true });
  },
  app: async ({ launch }, use) => {
    await use(await launch());
  },
});

export { expect } from '@playwright/test';

const viewport = { width: 1280, height: 800 };

async function launchServer(args: readonly string[], dataDirectory: string, browser: Browser): Promise<App> {
  const engine = spawn(
    process.execPath,
    [join(projectRoot, 'dist/main/server.js'), '--no-open', '--data-dir', dataDirectory, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      const match = /Topicscope is running at (\S+)/.exec(output);
      if (match?.[1] !== undefined) {
        resolve(match[1]);
      }
    };
    engine.stdout.on('data', take);
    engine.stderr.on('data', take);
    engine.on('exit', (code) => reject(new Error(`The engine ended with ${code}: ${output}`)));
    setTimeout(() => reject(new Error(`The engine did not start: ${output}`)), 20_000).unref();
  });
  const context = await browser.newContext({
    viewport,
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const openWindow = async () => {
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  const close = async () => {
    await context.close();
    await stop(engine);
  };
  const page = await openWindow();
  return {
    page,
    dataDirectory,
    output: () => output,
    openWindow,
    clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    close,
    async restart() {
      await close();
      return launchServer(args, dataDirectory, browser);
    },
  };
}

/** Chromium as the tests use it; as root it can't use its sandbox. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

async function launchDesktop(args: readonly string[], dataDirectory: string): Promise<App> {
  const executablePath = electronBinary();
  if (executablePath === undefined) {
    throw new Error('Electron’s binary is not on this machine.');
  }
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const app = await electron.launch({
    executablePath,
    args: [projectRoot, '--data-dir', dataDirectory, ...args],
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  });
  let output = '';
  app.process().stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const close = () => app.close();
  return {
    page: await app.firstWindow(),
    dataDirectory,
    output: () => output,
    openWindow: () => Promise.reject(new Error('The desktop host has one window.')),
    clipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    close,
    async restart() {
      await close();
      return launchDesktop(args, dataDirectory);
    },
  };
}

/** Asks with SIGTERM, as a service manager does, and insists after five seconds. */
function stop(engine: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (engine.exitCode !== null || engine.signalCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => engine.kill('SIGKILL'), 5000);
    engine.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    engine.kill('SIGTERM');
  });
}
