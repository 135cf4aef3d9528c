import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { errnoOf, readFailure, writeFailure } from './file-failure.ts';

export interface JsonFileOptions<T> {
  readonly path: string;
  /** The subject of a failure: “The profiles”. */
  readonly what: string;
  /** Makes a value of what was stored, migrating it if need be; throws when it is not usable. */
  readonly parse: (stored: unknown) => T;
}

/** How reading ended. `setAside` is the name that the damaged file now has. */
export type JsonFileState<T> =
  | { readonly kind: 'missing' }
  | { readonly kind: 'good'; readonly value: T }
  /** The file was damaged or gone, its backup was good. */
  | { readonly kind: 'restored'; readonly value: T; readonly setAside?: string }
  /** Neither was good. `stored` is the damaged file's JSON as far as it parses, for a salvage. */
  | {
      readonly kind: 'damaged';
      readonly setAside: string;
      readonly stored: unknown;
      readonly reason: string;
    };

/** Thrown by `parse` for a file of a newer version: it is left alone. */
export class NewerVersionError extends Error {}

/**
 * One JSON file with a backup. Writing is atomic (temporary file, fsync, rename), so that a crash or a full disk
 * leaves the old content; the backup receives the same content afterwards, and serves when the file itself is
 * damaged from outside. A damaged file is renamed, never overwritten.
 */
export class JsonFile<T> {
  readonly path: string;
  readonly backupPath: string;
  readonly #options: JsonFileOptions<T>;

  constructor(options: JsonFileOptions<T>) {
    this.#options = options;
    this.path = options.path;
    this.backupPath = `${options.path}.bak`;
  }

  /** Throws a `file.read` failure when a file is there but can't be opened, and {@link NewerVersionError}. */
  async read(): Promise<JsonFileState<T>> {
    const main = await this.#readOne(this.path);
    if (main.kind === 'good') {
      return main;
    }
    const backup = await this.#readOne(this.backupPath);
    if (main.kind === 'missing') {
      return backup.kind === 'good' ? { kind: 'restored', value: backup.value } : { kind: 'missing' };
    }
    const setAside = await this.#setAside();
    if (backup.kind === 'good') {
      return { kind: 'restored', value: backup.value, setAside };
    }
    const stored = main.stored ?? (backup.kind === 'damaged' ? backup.stored : undefined);
    return { kind: 'damaged', setAside, stored, reason: main.reason };
  }

  /** Throws a `file.write` failure; what was stored before is then still there. */
  async write(value: T): Promise<void> {
    const text = `${JSON.stringify(value, undefined, 2)}\n`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.path, text, { mode: 0o600 });
    } catch (error) {
      throw writeFailure(this.#options.what, this.path, error);
    }
    // The value is safe by now; a backup that can't be written must not turn the save into a failure.
    await writeFileAtomic(this.backupPath, text, { mode: 0o600 }).catch(() => undefined);
  }

  async #readOne(
    path: string,
  ): Promise<
    | { readonly kind: 'missing' }
    | { readonly kind: 'good'; readonly value: T }
    | { readonly kind: 'damaged'; readonly stored: unknown; readonly reason: string }
  > {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        return { kind: 'missing' };
      }
      throw readFailure(this.#options.what, path, error);
    }
    let stored: unknown;
    try {
      stored = JSON.parse(text.replace(/^\uFEFF/, ''));
      return { kind: 'good', value: this.#options.parse(stored) };
    } catch (error) {
      if (error instanceof NewerVersionError) {
        throw error;
      }
      return { kind: 'damaged', stored, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #setAside(): Promise<string> {
    const target = `${this.path}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    try {
      await rename(this.path, target);
    } catch {
      try {
        await copyFile(this.path, target);
        await rm(this.path);
      } catch (error) {
        throw readFailure(this.#options.what, this.path, error);
      }
    }
    return basename(target);
  }
}
