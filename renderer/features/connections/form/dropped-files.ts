import { type FailureError, fail } from '#app/contract/failure.ts';
import {
  MAX_DROPPED_BYTES,
  MAX_DROPPED_FILES,
  MAX_DROPPED_TEXT,
} from '#app/contract/operations/certificates.ts';

/** A file of a drop under the name that it is shown by: with the folders that it lies in. */
export interface DroppedFile {
  readonly name: string;
  readonly file: Pick<File, 'size' | 'arrayBuffer'>;
}

/** Folders in folders that are looked into. */
const MAX_DEPTH = 8;
const MAX_NAME = 255;
/** What systems leave behind in folders, and what hides itself. */
const LITTER = /^(\..*|__MACOSX|Thumbs\.db|desktop\.ini)$/i;

/** The files of a drop, those in folders as well. Has to be called while the event is handled: later it is empty. */
export function filesOfDrop(transfer: Pick<DataTransfer, 'items'>): Promise<readonly DroppedFile[]> {
  const folders: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : undefined;
    const file = item.kind === 'file' ? item.getAsFile() : undefined;
    if (entry?.isDirectory === true) {
      folders.push(entry);
    } else if (file !== null && file !== undefined) {
      loose.push(file);
    }
  }
  return filesOfFolders(folders, filesOfInput(loose));
}

/** The files that were chosen, or those of a chosen folder. */
export function filesOfInput(files: Iterable<File>): readonly DroppedFile[] {
  return [...files].flatMap((file) => {
    const path = file.webkitRelativePath ?? '';
    return path.split('/').some((part) => LITTER.test(part))
      ? []
      : [{ name: shortened(path === '' ? file.name : path), file }];
  });
}

async function filesOfFolders(
  folders: readonly FileSystemEntry[],
  loose: readonly DroppedFile[],
): Promise<readonly DroppedFile[]> {
  const files = [...loose];
  const pending = folders.map((entry) => ({ entry, depth: 0 }));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { entry, depth } = next;
    if (files.length + pending.length > MAX_DROPPED_FILES) {
      throw tooMuch(`more than ${MAX_DROPPED_FILES} files`);
    }
    if (entry.isFile) {
      const file = await fileOf(entry as FileSystemFileEntry);
      files.push({ name: shortened(entry.fullPath.replace(/^\//, '')), file });
    } else if (depth < MAX_DEPTH) {
      for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
        if (!LITTER.test(child.name)) {
          pending.push({ entry: child, depth: depth + 1 });
        }
      }
    }
  }
  return files;
}

/** Reads the files, if they are few and small enough; fails with `certificates.tooMuch` before reading any. */
export async function readDropped(
  files: readonly DroppedFile[],
): Promise<readonly { readonly fileName: string; readonly bytes: Uint8Array<ArrayBuffer> }[]> {
  if (files.length > MAX_DROPPED_FILES) {
    throw tooMuch(`more than ${MAX_DROPPED_FILES} files`);
  }
  if (files.reduce((sum, { file }) => sum + file.size, 0) > MAX_DROPPED_BYTES) {
    throw tooMuch(`more than ${MAX_DROPPED_TEXT}`);
  }
  return Promise.all(
    files.map(async ({ name, file }) => {
      try {
        return { fileName: name, bytes: new Uint8Array(await file.arrayBuffer()) };
      } catch (error) {
        throw fail(
          'certificates.unreadable',
          `“${name}” could not be read.`,
          'See whether the file is still there and may be read, and drop it again.',
          String(error),
        );
      }
    }),
  );
}

function tooMuch(what: string): FailureError {
  return fail('certificates.tooMuch', `The drop holds ${what}.`, 'Drop the certificates and keys alone.');
}

/** The end tells files apart. */
function shortened(name: string): string {
  return name.length > MAX_NAME ? `…${name.slice(1 - MAX_NAME)}` : name;
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
