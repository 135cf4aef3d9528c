import { mkdir, symlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#app/contract/content-security-policy.ts';
import { testDirectory } from '../services/test-directory.fixture.ts';
import { createAppProtocolHandler } from './app-protocol.ts';
import { handedArguments, ownArguments } from './arguments.ts';
import { FakeContents, FakeSession } from './electron.fixture.ts';
import { menuTemplate } from './menu.ts';
import { APP_ORIGIN, APP_URL, isAppUrl, isWebUrl } from './origin.ts';
import {
  hardenContents,
  hardenSession,
  isDownloadAllowed,
  isPermissionAllowed,
  isRequestAllowed,
} from './security.ts';
import { fitBounds, windowOptions } from './window.ts';

describe('our origin', () => {
  it('is one address, and none that looks like it', () => {
    expect([APP_URL, `${APP_URL}assets/x.js?y#z`].every(isAppUrl)).toBe(true);
    for (const url of [
      'app://topicscope.evil/',
      'app://evil/topicscope/',
      'app://user@topicscope/',
      'app://topicscope:80/',
      'https://topicscope/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'topicscope',
      '',
    ]) {
      expect([url, isAppUrl(url)]).toEqual([url, false]);
    }
  });

  it('hands only web addresses to the browser', () => {
    expect(['https://x', 'http://x/y'].every(isWebUrl)).toBe(true);
    expect(['file:///x', 'javascript:x', 'data:x', 'smb://x', 'ms-settings:', 'x', ''].some(isWebUrl)).toBe(
      false,
    );
  });
});

describe('contents', () => {
  it('go nowhere: no navigation, redirect, frame or webview', () => {
    const contents = new FakeContents();
    hardenContents(contents.asContents(), () => undefined);
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      expect([event, contents.isPrevented(event, { url: APP_URL })]).toEqual([event, true]);
    }
  });

  it('open no window; web links go to the browser', () => {
    const contents = new FakeContents();
    const opened: string[] = [];
    hardenContents(contents.asContents(), (url) => opened.push(url));
    for (const url of ['https://mqtt.org/', 'file:///etc/passwd', 'javascript:alert(1)', APP_URL]) {
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(opened).toEqual(['https://mqtt.org/']);
  });
});

describe('the session', () => {
  const session = new FakeSession();
  hardenSession(session.asSession());
  const asked = (permission: string, requestingUrl: string) => {
    let answer: boolean | undefined;
    const callback = (granted: boolean) => {
      answer = granted;
    };
    session.requestHandler?.(...([undefined, permission, callback, { requestingUrl }] as never[]));
    return answer;
  };

  it('grants the clipboard to our page and nothing else, asked or checked', () => {
    const permissions = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'hid',
      'serial',
      'usb',
      'fileSystem',
      'midi',
      'unknown',
    ];
    expect(asked('clipboard-sanitized-write', APP_URL)).toBe(true);
    expect(asked('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(permissions.some((permission) => asked(permission, APP_URL))).toBe(false);
    const checked = (permission: string, origin: string) =>
      session.checkHandler?.(...([null, permission, origin] as never[]));
    expect(checked('clipboard-sanitized-write', APP_ORIGIN)).toBe(true);
    expect(checked('clipboard-sanitized-write', '')).toBe(false);
    expect(permissions.some((permission) => checked(permission, APP_ORIGIN))).toBe(false);
    expect(session.deviceHandler?.()).toBe(false);
    expect(isPermissionAllowed('clipboard-sanitized-write', 'null')).toBe(false);
  });

  it('lets no request out', () => {
    const isCancelled = (url: string) => {
      let answer: boolean | undefined;
      session.beforeRequest?.({ url }, ({ cancel }) => {
        answer = cancel;
      });
      return answer;
    };
    expect(isCancelled(`${APP_URL}index.html`)).toBe(false);
    expect(isCancelled(`blob:${APP_ORIGIN}/1`)).toBe(false);
    for (const url of [
      'https://x/',
      'http://x/',
      'ws://x/',
      'file:///etc/passwd',
      'ftp://x/',
      'app://evil/',
      'nonsense',
    ]) {
      expect([url, isCancelled(url)]).toEqual([url, true]);
    }
    expect(isRequestAllowed('')).toBe(false);
  });

  it('saves only what the page made', () => {
    const isStopped = (url: string) => {
      let stopped = false;
      session.emit('will-download', { preventDefault: () => (stopped = true) }, { getURL: () => url });
      return stopped;
    };
    expect(isStopped(`blob:${APP_ORIGIN}/0-1`)).toBe(false);
    expect(isStopped('https://evil.example/x.exe')).toBe(true);
    expect(isDownloadAllowed('blob:https://evil.example/1')).toBe(false);
    expect(isDownloadAllowed(`blob:${APP_ORIGIN}.evil/1`)).toBe(false);
  });
});

describe('the protocol', () => {
  let directory: Awaited<ReturnType<typeof testDirectory>>;
  let answer: (path: string, method?: string) => Promise<Response>;
  beforeEach(async () => {
    directory = await testDirectory();
    await mkdir(directory.file('page', 'assets'), { recursive: true });
    await writeFile(directory.file('page', 'index.html'), '<!doctype html>');
    await writeFile(directory.file('page', 'assets', 'a-12345678.js'), '1');
    await writeFile(directory.file('secret'), 'secret');
    await symlink(directory.file('secret'), directory.file('page', 'link'));
    const handler = createAppProtocolHandler(directory.file('page'));
    answer = (path, method = 'GET') =>
      handler({ url: path.includes('://') ? path : `${APP_ORIGIN}${path}`, method });
  });
  afterEach(() => directory.dispose());

  it('serves the page with policy and type', async () => {
    const page = await answer('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await answer('/assets/a-12345678.js')).headers.get('cache-control')).toContain('immutable');
  });

  it('never leaves its folder', async () => {
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/..%2fsecret',
      '/%2e%2e%2fsecret',
      '/..%5csecret',
      '/link',
      '/assets',
      '/%00',
      '/%zz',
    ]) {
      const { status } = await answer(path);
      expect([path, status]).toEqual([path, 404]);
    }
    expect((await answer('app://evil/index.html')).status).toBe(403);
    expect((await answer('file:///etc/passwd')).status).toBe(403);
    expect((await answer('/', 'POST')).status).toBe(403);
  });

  it('gives no path that a URL can name anything outside', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', 'secret', 'page', 'a', ':'), {
          maxLength: 8,
        }),
        async (parts) => {
          const response = await answer(`/${parts.join('')}`);
          expect(await response.text()).not.toBe('secret');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the window', () => {
  it('is the same in development and packaged, but for DevTools', () => {
    const make = (isPackaged: boolean) =>
      windowOptions({ preload: '/p.cjs', bounds: fitBounds(undefined, []), isDark: true, isPackaged });
    expect(make(true).webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      devTools: false,
    });
    expect(make(false)).toEqual({
      ...make(true),
      webPreferences: { ...make(true).webPreferences, devTools: true },
    });
  });

  it('offers DevTools in development only', () => {
    expect(JSON.stringify(menuTemplate('linux', true))).not.toContain('toggleDevTools');
    expect(JSON.stringify(menuTemplate('linux', false))).toContain('toggleDevTools');
    expect(menuTemplate('darwin', true)[0]).toEqual({ role: 'appMenu' });
  });

  it('comes back where it was, if that is still there', () => {
    const displays = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    const stored = { x: 100, y: 50, width: 1000, height: 700, isMaximized: true };
    expect(fitBounds(stored, displays)).toEqual(stored);
    expect(fitBounds({ ...stored, x: 5000 }, displays)).not.toHaveProperty('x');
    expect(fitBounds({ ...stored, y: -300 }, displays)).not.toHaveProperty('y');
    expect(fitBounds({ width: 10, height: 10 }, displays)).toMatchObject({ width: 800, height: 500 });
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { width, height } = fitBounds(value, displays);
        expect(width >= 800 && height >= 500).toBe(true);
      }),
    );
  });
});

describe('arguments', () => {
  it('leaves Chromium’s switches to Chromium', () => {
    expect(ownArguments(['topicscope', '--no-sandbox', '--demo', '--ozone-platform=wayland'], true)).toEqual([
      '--demo',
    ]);
    expect(ownArguments(['electron', '/app', '--server', '--no-open', '--inspect=0'], false)).toEqual([
      '--server',
      '--no-open',
    ]);
  });

  it('takes from another process only what arguments are', () => {
    expect(handedArguments({ args: ['--demo', 7, 'mqtt://h'] })).toEqual(['--demo', 'mqtt://h']);
    for (const data of [undefined, null, 7, {}, { args: 'x' }]) {
      expect(handedArguments(data)).toEqual([]);
    }
  });
});
