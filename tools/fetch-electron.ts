import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { electronBinary } from './electron-binary.ts';
import { projectRoot } from './run.ts';

/** Milliseconds for the download: who starts the app does not want to wait longer for a choice. */
const TIME_LIMIT = 20_000;

/** Makes sure that Electron's binary is there. Says why it is not, or nothing. */
export function fetchElectron(timeLimit: number = TIME_LIMIT): Promise<string | undefined> {
  const installer = join(projectRoot, 'node_modules', 'electron', 'install.js');
  if (electronBinary() !== undefined) {
    return Promise.resolve(undefined);
  }
  if (!existsSync(installer)) {
    return Promise.resolve('Electron is not installed');
  }
  process.stderr.write(`Fetching Electron’s binary, for ${timeLimit / 1000} seconds at most ...\n`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], {
      stdio: 'ignore',
      detached: process.platform !== 'win32',
    });
    const timer = setTimeout(() => {
      endTree(child.pid);
      resolve(`Electron’s binary could not be fetched within ${timeLimit / 1000} seconds`);
    }, timeLimit);
    child.on('error', () => undefined);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(electronBinary() === undefined ? 'Electron’s binary could not be fetched' : undefined);
    });
  });
}

/** Ends the download with what it started: on POSIX it leads a process group of its own. */
function endTree(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
