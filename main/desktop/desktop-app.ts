import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import { toFailure } from '#app/contract/failure.ts';
import type { CommandLine } from '../services/command-line.ts';
import { Engine } from '../services/engine.ts';
import { JsonFile } from '../services/json-file.ts';
import { createAppProtocolHandler } from './app-protocol.ts';
import { IpcGateway } from './ipc-gateway.ts';
import { menuTemplate } from './menu.ts';
import { APP_SCHEME, APP_URL } from './origin.ts';
import { openSafeStorageVault } from './safe-storage-vault.ts';
import { hardenContents, hardenSession } from './security.ts';
import { desktopProxy } from './system-proxy.ts';
import { fitBounds, windowOptions } from './window.ts';

/** Paths that hold from the bundle in `dist/main/`, packaged or not. */
const rendererDirectory = fileURLToPath(new URL('../renderer', import.meta.url));
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));

/** Reloads of a page that crashed within the time (milliseconds) before we stop and ask. */
const MAX_RELOADS = 3;
const RELOAD_WINDOW = 60_000;

/** What has to be said before Electron is ready. */
export function prepareApp(dataDirectory: string): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
  // Chromium's own files stay apart from ours; the single-instance lock lies there too, so it is per data directory.
  app.setPath('userData', join(dataDirectory, 'chromium'));
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents, (url) => void shell.openExternal(url));
  });
}

/** The running desktop app: one engine, and a window that can go and come back. */
export class DesktopApp {
  readonly #engine: Engine;
  readonly #gateway: IpcGateway;
  readonly #bounds: JsonFile<unknown>;
  #window: BrowserWindow | undefined;
  /** When the page was loaded again after a crash, as far as it counts. */
  #reloads: number[] = [];
  #isEnding = false;

  private constructor(engine: Engine, dataDirectory: string) {
    this.#engine = engine;
    this.#gateway = new IpcGateway(ipcMain, engine);
    this.#bounds = new JsonFile({
      path: join(dataDirectory, 'window.json'),
      what: 'The place of the window',
      parse: (stored) => stored,
    });
  }

  /** Call once Electron is ready. Throws the failures of {@link Engine.open}. */
  static async start(dataDirectory: string, options: CommandLine): Promise<DesktopApp> {
    hardenSession(session.defaultSession);
    protocol.handle(APP_SCHEME, createAppProtocolHandler(rendererDirectory));
    Menu.setApplicationMenu(Menu.buildFromTemplate([...menuTemplate(process.platform, app.isPackaged)]));
    const engine = await Engine.open({
      host: 'desktop',
      version: app.getVersion(),
      dataDirectory,
      systemProxy: (target) => desktopProxy(session.defaultSession, target),
      createVault: (directory, onNotice) =>
        openSafeStorageVault({
          directory: directory.file('vault'),
          keyPath: directory.file('vault.key'),
          safeStorage,
          platform: process.platform,
          onNotice,
        }),
    });
    const desktop = new DesktopApp(engine, dataDirectory);
    desktop.#listen();
    // Who names a broker on the command line gets that one.
    if (options.url === undefined && !options.demo) {
      engine.autoConnect();
    }
    await desktop.open(options);
    await desktop.showWindow();
    return desktop;
  }

  /** Opens what a command line asks for; a failure is shown in the window. */
  async open(options: Pick<CommandLine, 'url' | 'demo'>): Promise<void> {
    try {
      if (options.url !== undefined) {
        await this.#engine.openUrl(options.url);
      }
      if (options.demo) {
        await this.#engine.openDemo();
      }
    } catch (error) {
      const { message, hint } = toFailure(error);
      this.#engine.notify({ level: 'error', message, ...(hint === undefined ? {} : { hint }) });
    }
  }

  /** Brings the window to the front, or a new one when it was closed. */
  async showWindow(): Promise<void> {
    if (this.#window !== undefined) {
      if (this.#window.isMinimized()) {
        this.#window.restore();
      }
      this.#window.focus();
      return;
    }
    const stored = await this.#bounds.read().catch(() => undefined);
    const value = stored !== undefined && 'value' in stored ? stored.value : undefined;
    const bounds = fitBounds(
      value,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    );
    const window = new BrowserWindow(
      windowOptions({ preload, bounds, isDark: nativeTheme.shouldUseDarkColors, isPackaged: app.isPackaged }),
    );
    this.#window = window;
    this.#gateway.register(window.webContents);
    window.once('ready-to-show', () => {
      if (bounds.isMaximized) {
        window.maximize();
      }
      window.show();
    });
    window.on('close', () => this.#keepBounds(window));
    window.once('closed', () => {
      this.#window = undefined;
    });
    // The sessions belong to the engine: a page that crashed is loaded again and finds everything.
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.#engine.logger.log('error', 'The window’s process ended', { reason });
      if (reason !== 'clean-exit' && !window.isDestroyed()) {
        this.#reload(window, reason);
      }
    });
    await window.loadURL(APP_URL);
  }

  /** A page that crashes while it loads would be loaded again for ever, so that the user is asked at some point. */
  #reload(window: BrowserWindow, reason: string): void {
    const now = Date.now();
    this.#reloads = this.#reloads.filter((at) => now - at < RELOAD_WINDOW);
    if (this.#reloads.length < MAX_RELOADS) {
      this.#reloads.push(now);
      window.webContents.reload();
      return;
    }
    // Not tied to the window: one that never got to show its page is hidden. Nor waiting: the sessions go on.
    const answer = dialog.showMessageBox({
      type: 'error',
      title: 'Topicscope',
      message: 'The window keeps crashing.',
      detail:
        `Its process ended ${MAX_RELOADS + 1} times within a minute (${reason}), so it is not loaded again by itself. ` +
        'The connections go on. The log file in the data directory has more.',
      buttons: ['Load again', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    });
    void answer.then(({ response }) => {
      this.#reloads = [];
      if (response === 1) {
        app.quit();
      } else if (!window.isDestroyed()) {
        window.webContents.reload();
      }
    });
  }

  #listen(): void {
    app.on('activate', () => void this.showWindow());
    app.on('window-all-closed', () => {
      // macOS keeps an app without windows in the dock; its sessions go on.
      if (process.platform !== 'darwin') {
        app.quit();
      }
    });
    app.on('before-quit', (event) => {
      event.preventDefault();
      void this.#end();
    });
    process.on('SIGINT', () => app.quit());
    process.on('SIGTERM', () => app.quit());
  }

  async #end(): Promise<void> {
    if (this.#isEnding) {
      return;
    }
    this.#isEnding = true;
    if (this.#window !== undefined) {
      this.#keepBounds(this.#window);
    }
    await this.#engine.close().catch((error: unknown) => {
      dialog.showErrorBox('Topicscope', toFailure(error).message);
    });
    app.exit(0);
  }

  #keepBounds(window: BrowserWindow): void {
    const isMaximized = window.isMaximized();
    this.#bounds.write({ ...window.getNormalBounds(), isMaximized }).catch(() => undefined);
  }
}
