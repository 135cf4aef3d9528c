import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Failure, FailureError, fail, toFailure } from '#app/contract/failure.ts';
import { Mutex } from '../mutex.ts';

/** Bytes that wait for a file at most: a disk that hangs must not fill the memory. */
const MAX_WAITING = 1_000_000;

/** What is to be written to one file. */
interface Waiting {
  lines: Uint8Array[];
  bytes: number;
  readonly writes: Mutex;
  /** Told once until a line could be written again. */
  hasFailed: boolean;
}

/**
 * Appends lines to key log files (SSLKEYLOGFILE, for Wireshark). Who can read such a file can read the connection: it is
 * made for its owner only, and one that belongs to somebody else, or is no plain file, is refused.
 */
export class KeyLogFiles {
  readonly #files = new Map<string, Waiting>();
  readonly #onFailure: (path: string, failure: Failure) => void;

  constructor(onFailure: (path: string, failure: Failure) => void) {
    this.#onFailure = onFailure;
  }

  /** Never throws; a file that can't be written is told of once. */
  append(path: string, line: Uint8Array): void {
    const file = this.#fileOf(path);
    if (file.bytes + line.length > MAX_WAITING) {
      this.#fail(path, file, fail('keylog.slow', 'The disk does not keep up with the key log.').failure);
      return;
    }
    file.lines.push(line);
    file.bytes += line.length;
    if (file.lines.length === 1) {
      void file.writes.run(() => this.#write(path, file));
    }
  }

  /** Resolves when everything so far is written, or could not be. */
  async flush(): Promise<void> {
    await Promise.all([...this.#files.values()].map(({ writes }) => writes.idle()));
  }

  #fileOf(path: string): Waiting {
    const known = this.#files.get(path);
    const file = known ?? { lines: [], bytes: 0, writes: new Mutex(), hasFailed: false };
    this.#files.set(path, file);
    return file;
  }

  async #write(path: string, file: Waiting): Promise<void> {
    const { lines } = file;
    file.lines = [];
    file.bytes = 0;
    try {
      await appendPrivately(path, Buffer.concat(lines));
      file.hasFailed = false;
    } catch (error) {
      this.#fail(path, file, toFailure(error));
    }
  }

  #fail(path: string, file: Waiting, failure: Failure): void {
    if (!file.hasFailed) {
      file.hasFailed = true;
      this.#onFailure(path, failure);
    }
  }
}

async function appendPrivately(path: string, bytes: Uint8Array): Promise<void> {
  const { O_APPEND, O_CREAT, O_RDWR } = constants;
  // Windows has neither: its files inherit who may read them from their folder.
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const noWait = constants.O_NONBLOCK ?? 0;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, O_APPEND | O_CREAT | O_RDWR | noFollow | noWait, 0o600);
    await makePrivate(handle);
    await handle.appendFile(bytes);
  } catch (error) {
    throw error instanceof FailureError ? error : explain(error);
  } finally {
    await handle?.close();
  }
}

async function makePrivate(handle: FileHandle): Promise<void> {
  const state = await handle.stat();
  if (!state.isFile()) {
    throw fail('keylog.no-file', 'It is not a plain file.', 'Choose another path.');
  }
  if (state.size > 0 && !(await beginsAsKeyLog(handle))) {
    throw fail(
      'keylog.other-file',
      'The file is there already and holds something else than a key log.',
      'Choose another path.',
    );
  }
  const user = process.getuid?.();
  if (user === undefined) {
    return;
  }
  if (state.uid !== user) {
    throw fail(
      'keylog.foreign',
      'The file belongs to another user, who could read the connection with it.',
      'Choose another path.',
    );
  }
  if ((state.mode & 0o077) !== 0) {
    await handle.chmod(0o600);
  }
}

/** By its first label (SSLKEYLOGFILE), or the comment that other programs put first. */
async function beginsAsKeyLog(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
  return /^(# SSL\/TLS secrets log|(CLIENT|SERVER|EXPORTER|EARLY|RSA)[A-Z_0-9]* [0-9a-fA-F])/.test(
    buffer.toString('latin1', 0, bytesRead),
  );
}

function explain(error: unknown): FailureError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ENOENT':
      return fail(
        'keylog.no-folder',
        'Its folder does not exist.',
        'Make the folder, or choose another path.',
        detail,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail('keylog.denied', 'Topicscope may not write there.', 'Choose another path.', detail);
    case 'ELOOP':
    case 'EMLINK':
      return fail('keylog.link', 'It is a symbolic link.', 'Enter the path that it leads to.', detail);
    case 'EISDIR':
    case 'ENXIO':
      return fail('keylog.no-file', 'It is not a plain file.', 'Choose another path.', detail);
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('keylog.full', 'The disk is full.', 'Make room, or choose another path.', detail);
    default:
      return fail('keylog.write', 'Writing failed.', 'Choose another path.', detail);
  }
}
