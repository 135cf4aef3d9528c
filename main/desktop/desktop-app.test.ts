import { EventEmitter } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCommandLine } from '../services/command-line.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';
import { FakeContents, FakeSession, fakeSafeStorage } from './electron.fixture.ts';

/** Electron as far as the shell uses it; what it was told is written down. */
const electron = vi.hoisted(() => ({ current: undefined as unknown }));
vi.mock(
  'electron',
  () =>
    new Proxy(
      {},
      {
        get: (_, name) =>
          name === 'then' ? undefined : (electron.current as Record<string | symbol, unknown>)[name],
        has: () => true,
        getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
      },
    ),
);

class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  readonly webContents = Object.assign(new FakeContents(), { reload: vi.fn() });
  readonly loaded: string[] = [];
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly options: unknown;

  constructor(options: unknown) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
  }

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.emit('ready-to-show');
  }

  isMinimized = () => false;
  isMaximized = () => true;
  isDestroyed = () => false;
  maximize = vi.fn();
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 600 });
}

function makeElectron(calls: string[]) {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    enableSandbox: () => calls.push('enableSandbox'),
    setPath: (name: string, path: string) => calls.push(`setPath ${name} ${path}`),
    getVersion: () => '1.2.3',
    quit: () => app.emit('before-quit', { preventDefault: () => calls.push('quit held') }),
    exit: (code: number) => calls.push(`exit ${code}`),
  });
  const session = new FakeSession();
  return {
    app,
    BrowserWindow: FakeWindow,
    dialog: {
      showErrorBox: vi.fn(),
      showMessageBox: vi.fn(
        (_options: { message: string }) => new Promise<{ response: number }>(() => undefined),
      ),
    },
    ipcMain: new EventEmitter(),
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: () => calls.push('menu'),
    },
    nativeTheme: { shouldUseDarkColors: true },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown) => calls.push(`privileged ${JSON.stringify(schemes)}`),
      handle: (scheme: string) => calls.push(`handle ${scheme}`),
    },
    safeStorage: fakeSafeStorage(),
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: { defaultSession: session },
    shell: { openExternal: vi.fn(async () => undefined) },
  };
}

describe('DesktopApp', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  let calls: string[];
  let fake: ReturnType<typeof makeElectron>;
  beforeEach(async () => {
    directory = await testDirectory();
    calls = [];
    fake = makeElectron(calls);
    electron.current = fake;
    FakeWindow.all = [];
  });
  afterEach(async () => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.removeAllListeners(signal);
    }
    await directory.dispose();
  });

  const start = async (...args: string[]) => {
    const { DesktopApp, prepareApp } = await import('./desktop-app.ts');
    const parsed = parseCommandLine(args);
    if (parsed.kind !== 'run') {
      throw new Error('not a command to run');
    }
    prepareApp(directory.path);
    return DesktopApp.start(directory.path, parsed.options);
  };
  const end = async () => {
    fake.app.quit();
    await vi.waitFor(() => expect(calls).toContain('exit 0'), { timeout: 10_000 });
  };

  it('sandboxes, names its scheme and hardens everything before the window loads our page', async () => {
    await start();
    const [window] = FakeWindow.all;
    expect(window?.loaded).toEqual(['app://topicscope/']);
    expect(window?.options).toMatchObject({ webPreferences: { sandbox: true, contextIsolation: true } });
    expect(window?.show).toHaveBeenCalled();
    expect(calls[0]).toBe('enableSandbox');
    expect(calls.find((call) => call.startsWith('privileged'))).toContain('"standard":true,"secure":true');
    expect(calls).toContain(`setPath userData ${directory.file('chromium')}`);
    expect(calls).toContain('handle app');
    expect(fake.session.defaultSession.requestHandler).toBeDefined();
    const contents = new FakeContents();
    fake.app.emit('web-contents-created', {}, contents);
    expect(contents.isPrevented('will-navigate')).toBe(true);
    await end();
  });

  it('ends in order: engine closed, files flushed, directory free', async () => {
    await start();
    await vi.waitFor(async () => expect(await readdir(directory.path)).toContain('lock'), {
      timeout: 10_000,
    });
    await end();
    expect(calls.filter((call) => call === 'quit held')).toHaveLength(1);
    expect(await readdir(directory.path)).not.toContain('lock');
    expect(await readFile(directory.file('topicscope.log'), 'utf8')).toContain('Ended');
    expect(JSON.parse(await readFile(directory.file('window.json'), 'utf8'))).toMatchObject({
      width: 900,
      isMaximized: true,
    });
  });

  it('loads the page again when its process crashed, and makes a new window when the old one was closed', async () => {
    const desktop = await start();
    const [window] = FakeWindow.all;
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window?.webContents.reload).toHaveBeenCalled();
    await desktop.showWindow();
    expect(window?.focus).toHaveBeenCalled();
    window?.emit('closed');
    await desktop.showWindow();
    expect(FakeWindow.all).toHaveLength(2);
    await end();
  });

  it('stops loading a page that keeps crashing, and asks', async () => {
    await start();
    const [window] = FakeWindow.all;
    const crash = () => window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    const { showMessageBox } = fake.dialog;
    showMessageBox.mockResolvedValueOnce({ response: 0 }).mockResolvedValueOnce({ response: 1 });
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
    try {
      for (let count = 1; count <= 3; count += 1) {
        crash();
        expect(window?.webContents.reload).toHaveBeenCalledTimes(count);
      }
      // A minute later it counts anew.
      clock.mockReturnValue(1_060_000);
      for (let count = 4; count <= 6; count += 1) {
        crash();
        expect(window?.webContents.reload).toHaveBeenCalledTimes(count);
      }
      expect(showMessageBox).not.toHaveBeenCalled();
      crash();
      expect(window?.webContents.reload).toHaveBeenCalledTimes(6);
      expect(showMessageBox.mock.calls[0]?.[0].message).toBe('The window keeps crashing.');
      // The user has it loaded again; it crashes three times more, and the user gives up.
      await vi.waitFor(() => expect(window?.webContents.reload).toHaveBeenCalledTimes(7), {
        timeout: 10_000,
      });
      for (let count = 1; count <= 4; count += 1) {
        crash();
      }
      expect(showMessageBox).toHaveBeenCalledTimes(2);
      await vi.waitFor(() => expect(calls).toContain('exit 0'), { timeout: 10_000 });
    } finally {
      clock.mockRestore();
    }
  });

  it('starts with a wrong address too, and keeps the word for the window', async () => {
    await start('nonsense://x');
    expect(FakeWindow.all[0]?.loaded).toHaveLength(1);
    await end();
  });
});
