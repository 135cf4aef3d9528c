import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fail } from '#app/contract/failure.ts';
import { errnoOf, writeFailure } from './file-failure.ts';

/** Milliseconds between two signs of life of the process that holds the lock. */
const HEARTBEAT = 10_000;
/** A lock of another machine (a shared folder) or container counts as left behind after this many milliseconds. */
const FOREIGN_LOCK_LIFE = 60_000;

interface LockOwner {
  readonly id: string;
  readonly pid: number;
  readonly machine: string;
  /** Tells a process from a later one with the same pid; absent where the platform does not say. */
  readonly started?: string;
}

/** Ids of the locks that this process holds itself. */
const held = new Set<string>();

export interface DataDirectory {
  readonly path: string;
  file(...names: string[]): string;
  /** Gives the directory free for another process. */
  release(): Promise<void>;
}

/** Where Topicscope keeps its data on this platform when `--data-dir` names nothing else. */
export function defaultDataDirectory(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') {
    return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Topicscope');
  }
  if (platform === 'darwin') {
    return join(home, 'Library', 'Application Support', 'Topicscope');
  }
  // XDG base directories: a relative path is to be ignored.
  const data = env.XDG_DATA_HOME;
  return join(data?.startsWith('/') === true ? data : join(home, '.local', 'share'), 'topicscope');
}

/**
 * Makes the directory (0700) and takes its lock. Throws `data.locked` when another process holds it,
 * and `file.write` when it can't be made or written.
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700).catch(() => undefined);
  } catch (error) {
    throw writeFailure('Topicscope’s data', path, error);
  }
  const lockPath = join(path, 'lock');
  const owner: LockOwner = {
    id: randomUUID(),
    pid: process.pid,
    machine: hostname(),
    ...startOf(process.pid),
  };
  await takeLock(path, lockPath, owner);
  held.add(owner.id);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(lockPath, now, now).catch(() => undefined);
  }, HEARTBEAT);
  timer.unref();
  return {
    path,
    file: (...names) => join(path, ...names),
    async release() {
      clearInterval(timer);
      if (held.delete(owner.id) && (await readOwner(lockPath))?.owner?.id === owner.id) {
        await rm(lockPath, { force: true });
      }
    },
  };
}

async function takeLock(directory: string, lockPath: string, owner: LockOwner): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await createLock(directory, lockPath, owner)) {
      return;
    }
    const current = await readOwner(lockPath);
    if (current === undefined) {
      continue;
    }
    if (isAlive(current)) {
      throw fail(
        'data.locked',
        'Topicscope is already running with this data directory.',
        'Use the running one, end it first, or give this one a directory of its own with --data-dir.',
        `${lockPath}: process ${current.owner?.pid ?? 'unknown'} on ${current.owner?.machine ?? 'this machine'}`,
      );
    }
    await removeStale(lockPath, current.text);
  }
  throw fail('data.locked', 'The data directory could not be locked.', `Remove ${lockPath} and start again.`);
}

/** Writes the lock in one step: the content first, under another name, then a link that fails when one is there. */
async function createLock(directory: string, lockPath: string, owner: LockOwner): Promise<boolean> {
  const draft = join(directory, `lock.${owner.id}`);
  try {
    await writeFile(draft, JSON.stringify(owner), { mode: 0o600 });
    try {
      await link(draft, lockPath);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'EEXIST') {
        return false;
      }
      // File systems without hard links: exclusive creation is the next best.
      await writeFile(lockPath, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') {
      return false;
    }
    throw writeFailure('Topicscope’s data', directory, error);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

interface CurrentLock {
  readonly text: string;
  readonly owner: LockOwner | undefined;
  /** Milliseconds since the last sign of life. */
  readonly age: number;
}

async function readOwner(lockPath: string): Promise<CurrentLock | undefined> {
  try {
    const [text, stats] = await Promise.all([readFile(lockPath, 'utf8'), stat(lockPath)]);
    return { text, owner: parseOwner(text), age: Date.now() - stats.mtimeMs };
  } catch {
    return undefined;
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      'pid' in value &&
      'machine' in value &&
      'id' in value
    ) {
      const { pid, machine, id } = value;
      if (typeof pid === 'number' && typeof machine === 'string' && typeof id === 'string') {
        const started =
          'started' in value && typeof value.started === 'string' ? { started: value.started } : {};
        return { id, pid, machine, ...started };
      }
    }
  } catch {
    // Not ours, or cut short by a crash.
  }
  return undefined;
}

function isAlive({ owner, age }: CurrentLock): boolean {
  if (owner === undefined || owner.machine !== hostname()) {
    return age < FOREIGN_LOCK_LIFE;
  }
  if (owner.pid === process.pid) {
    return held.has(owner.id);
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') {
      return false;
    }
  }
  const { started } = startOf(owner.pid);
  return started === undefined || owner.started === undefined || started === owner.started;
}

/** Moves a lock that was left behind out of the way, unless another process has just replaced it. */
async function removeStale(lockPath: string, expected: string): Promise<void> {
  const aside = `${lockPath}.stale-${randomUUID()}`;
  try {
    await rename(lockPath, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => expected)) !== expected) {
    await link(aside, lockPath).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

/** Start time of a process in clock ticks since boot (proc(5), field 22); only Linux says. */
function startOf(pid: number): { readonly started?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return started === undefined ? {} : { started };
  } catch {
    return {};
  }
}
