import { type FailureError, fail } from '#app/contract/failure.ts';
import { MAX_DROPPED_BYTES, MAX_DROPPED_FILES } from '#app/contract/operations/certificates.ts';

/** Folders in folders that are looked into. */
const MAX_DEPTH = 8;

/** The files of a drop, those in folders as well. Has to be called while the event is handled: later it is empty. */
export function filesOfDrop(transfer: DataTransfer): Promise<readonly File[]> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : undefined;
    const file = item.kind === 'file' ? item.getAsFile() : undefined;
    if (entry?.isDirectory === true) {
      entries.push(entry);
    } else if (file !== null && file !== undefined) {
      loose.push(file);
    }
  }
  return filesOfEntries(entries, loose);
}

async function filesOfEntries(
  entries: readonly FileSystemEntry[],
  loose: readonly File[],
): Promise<readonly File[]> {
  const files: File[] = [...loose];
  const pending = entries.map((entry) => ({ entry, depth: 0 }));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { entry, depth } = next;
    if (files.length + pending.length > MAX_DROPPED_FILES) {
      throw tooMuch(`more than ${MAX_DROPPED_FILES} files`);
    }
    if (entry.isFile) {
      files.push(await fileOf(entry as FileSystemFileEntry));
    } else if (depth < MAX_DEPTH) {
      for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
        pending.push({ entry: child, depth: depth + 1 });
      }
    }
  }
  return checkDropped(files);
}

/** The same files, if they are few and small enough; fails with `certificates.tooMuch`. */
export function checkDropped<F extends { readonly size: number }>(files: readonly F[]): readonly F[] {
  if (files.length > MAX_DROPPED_FILES) {
    throw tooMuch(`more than ${MAX_DROPPED_FILES} files`);
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > MAX_DROPPED_BYTES) {
    throw tooMuch('more than 16 MB');
  }
  return files;
}

function tooMuch(what: string): FailureError {
  return fail('certificates.tooMuch', `The drop holds ${what}.`, 'Drop the certificates and keys alone.');
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader hands out a folder's entries in portions, the last of them empty. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  while (children.length <= MAX_DROPPED_FILES) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) {
      break;
    }
    children.push(...portion);
  }
  return children;
}
