import { type FailureError, fail } from '#app/contract/failure.ts';

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['The disk is full.', 'Free some space, then save again.'],
  EDQUOT: ['Your disk quota is used up.', 'Free some space, then save again.'],
  EACCES: ['Topicscope may not write there.', 'Check who owns the file and its folder, then save again.'],
  EPERM: ['Topicscope may not write there.', 'Check who owns the file and its folder, then save again.'],
  EROFS: ['The disk is read-only.', 'Choose another folder with --data-dir.'],
  ENOTDIR: [
    'A file is in the place of a folder.',
    'Move that file away, or choose another folder with --data-dir.',
  ],
  EISDIR: [
    'A folder is in the place of a file.',
    'Move that folder away, or choose another one with --data-dir.',
  ],
  EMFILE: ['Too many files are open.', 'Close some programs, then try again.'],
  EIO: ['The disk reported an error.', 'Check the disk, then try again.'],
};

/** The errno name of a file system error, if it is one. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A file that could not be written, in plain words. `what` is the subject: “The profiles”. */
export function writeFailure(what: string, path: string, error: unknown): FailureError {
  const errno = errnoOf(error) ?? '';
  const [reason, hint] = reasons[errno] ?? [
    'The file could not be written.',
    'Check the folder, then try again.',
  ];
  return fail(
    'file.write',
    `${what} could not be saved. ${reason}`,
    `${hint} What was saved before is still there.`,
    `${path}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** A file that is there and could not be read, in plain words. */
export function readFailure(what: string, path: string, error: unknown): FailureError {
  const errno = errnoOf(error) ?? '';
  const known =
    errno === 'EACCES' || errno === 'EPERM' ? 'Topicscope may not read the file.' : reasons[errno]?.[0];
  return fail(
    'file.read',
    `${what} could not be read. ${known ?? 'The file could not be opened.'}`,
    'Check who owns the file and its folder, then start Topicscope again. Nothing was changed.',
    `${path}: ${error instanceof Error ? error.message : String(error)}`,
  );
}
