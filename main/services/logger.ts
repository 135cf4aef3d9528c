import { appendFile, rename, stat } from 'node:fs/promises';
import { redactText, redactValue } from './redact.ts';

export type LogLevel = 'info' | 'warning' | 'error';

/** Where the engine writes what an expert may need later. Secrets are taken out before anything is kept. */
export interface Logger {
  log(level: LogLevel, message: string, details?: unknown): void;
  /** Resolves when everything logged so far is on the disk, or could not be written. */
  flush(): Promise<void>;
}

export interface FileLoggerOptions {
  readonly path: string;
  /** Bytes after which the file is renamed to `.1`, `.1` to `.2`, and so on. */
  readonly maxBytes?: number;
  readonly maxFiles?: number;
}

/** Lines that wait for the disk; more are counted and dropped, so that a stuck disk costs no memory. */
const MAX_WAITING = 1000;

/** Appends lines to a file and rotates it. A disk that can't be written never disturbs the app. */
export class FileLogger implements Logger {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #waiting: string[] = [];
  #dropped = 0;
  #size: number | undefined;
  #writing: Promise<void> | undefined;

  constructor({ path, maxBytes = 1024 * 1024, maxFiles = 3 }: FileLoggerOptions) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#maxFiles = maxFiles;
  }

  log(level: LogLevel, message: string, details?: unknown): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(formatLine(level, message, details));
    this.#writing ??= this.#drain();
  }

  async flush(): Promise<void> {
    while (this.#writing !== undefined) {
      await this.#writing;
    }
  }

  async #drain(): Promise<void> {
    // One turn later, so that lines of the same turn are written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (this.#dropped > 0) {
        lines.push(formatLine('warning', `${this.#dropped} lines were not written`));
        this.#dropped = 0;
      }
      await this.#append(lines.join('')).catch(() => undefined);
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    this.#size ??= await stat(this.#path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (this.#size > 0 && this.#size + text.length > this.#maxBytes) {
      for (let index = this.#maxFiles - 1; index >= 1; index -= 1) {
        const from = index === 1 ? this.#path : `${this.#path}.${index - 1}`;
        await rename(from, `${this.#path}.${index}`).catch(() => undefined);
      }
      this.#size = 0;
    }
    await appendFile(this.#path, text, { mode: 0o600 });
    this.#size += Buffer.byteLength(text);
  }
}

function formatLine(level: LogLevel, message: string, details?: unknown): string {
  // JSON keeps a line a line: nothing logged can forge another entry.
  const entry = {
    at: new Date().toISOString(),
    level,
    message: redactText(message),
    ...(details === undefined ? {} : { details: redactValue(details) }),
  };
  return `${JSON.stringify(entry)}\n`;
}
