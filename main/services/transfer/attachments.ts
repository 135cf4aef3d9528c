import type { DraftFile } from './profile-draft.ts';

/** The certificate and key files that were dropped along with a profile file that only names their paths. */
export class Attachments {
  readonly #files: ReadonlyMap<string, DraftFile>;
  readonly #used = new Set<string>();

  constructor(files: readonly DraftFile[]) {
    this.#files = new Map(files.map((file) => [file.fileName.toLowerCase(), file]));
  }

  /** The dropped file that a path of any system ends with; capitals don't count, as on Windows. */
  find(path: string): DraftFile | undefined {
    const name = baseName(path).toLowerCase();
    const file = this.#files.get(name);
    if (file !== undefined) {
      this.#used.add(name);
    }
    return file;
  }

  isUsed(fileName: string): boolean {
    return this.#used.has(fileName.toLowerCase());
  }
}

/** `C:\certs\ca.pem` and `/etc/ca.pem` → `ca.pem`. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
