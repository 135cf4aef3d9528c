import { execFileSync, type StdioOptions, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** Where Chrome and Chromium live on Windows and macOS; elsewhere they are found in PATH. */
const browserPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];
const browserNames = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'];

/** The executable `name` in PATH or in the folders where Debian keeps servers, or `undefined`. */
export function findExecutable(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/sbin',
  ];
  return folders
    .flatMap((folder) =>
      process.platform === 'win32' ? [join(folder, `${name}.exe`)] : [join(folder, name)],
    )
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** An installed Chrome or Chromium, or the browser that Playwright downloaded, or `undefined`. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && existsSync(named)) {
    return named;
  }
  const installed = browserNames.map(findExecutable).find((path) => path !== undefined);
  return (
    installed ??
    browserPaths.find((path) => existsSync(path)) ??
    [chromium.executablePath()].find((path) => existsSync(path))
  );
}

/** What the tests need beside npm packages, each with its Debian packages. */
const needs = [
  {
    what: 'Mosquitto',
    packages: ['mosquitto', 'mosquitto-clients'],
    isThere: () => findExecutable('mosquitto') !== undefined && findExecutable('mosquitto_sub') !== undefined,
  },
  { what: 'a Chromium browser', packages: ['chromium'], isThere: () => findBrowser() !== undefined },
  { what: 'OpenSSL', packages: ['openssl'], isThere: () => findExecutable('openssl') !== undefined },
];

/** Runtimes of generated programs: installed where that is possible, else their tests say that they are left out. */
const extras = [
  {
    packages: ['python3', 'python3-paho-mqtt'],
    isThere: () =>
      ['/usr/bin/python3', 'python3'].some(
        (python) => spawnSync(python, ['-c', 'import paho.mqtt.client']).status === 0,
      ),
  },
  { packages: ['g++'], isThere: () => findExecutable('g++') !== undefined },
];

/**
 * Makes sure that brokers and browser are there: as root on Debian missing packages are installed,
 * elsewhere this ends with the exact line to run.
 */
export function ensurePrerequisites(): void {
  const missing = needs.filter((need) => !need.isThere());
  const packages = missing.flatMap((need) => need.packages);
  const isDebianRoot = findExecutable('apt-get') !== undefined && process.getuid?.() === 0;
  const wanted = isDebianRoot ? extras.filter((extra) => !extra.isThere()) : [];
  if (missing.length === 0 && wanted.length === 0) {
    return;
  }
  if (isDebianRoot) {
    const more = wanted.flatMap((extra) => extra.packages);
    process.stdout.write(`Installing ${[...packages, ...more].join(' ')} ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const stdio: StdioOptions = ['ignore', 'ignore', 'inherit'];
    const install = ['install', '-y', '-qq', '--no-install-recommends'];
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    if (packages.length > 0) {
      execFileSync('apt-get', [...install, ...packages], { stdio, env });
    }
    if (more.length > 0) {
      // Whether it worked or not: without them some tests are left out.
      spawnSync('apt-get', [...install, ...more], { stdio, env });
    }
  }
  const left = needs.filter((need) => !need.isThere());
  if (left.length > 0) {
    process.stderr.write(
      `The tests need ${left.map((need) => need.what).join(', ')}. Run:\n  ${remedy(packages)}\n`,
    );
    process.exit(1);
  }
}

function remedy(packages: readonly string[]): string {
  if (findExecutable('apt-get') !== undefined) {
    return `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`;
  }
  const browser = packages.includes('chromium') ? ' && npx playwright install chromium' : '';
  const others = packages.filter((name) => name !== 'chromium' && name !== 'mosquitto-clients');
  return process.platform === 'darwin'
    ? `brew install ${others.join(' ')}${browser}`
    : `install ${others.join(', ')} with your package manager${browser}`;
}
