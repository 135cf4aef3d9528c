import { unzipSync } from 'fflate';
import {
  MAX_DROPPED_BYTES,
  MAX_DROPPED_FILES,
  MAX_DROPPED_TEXT,
} from '#app/contract/operations/certificates.ts';

/** A file of a drop; of an archive as `archive.zip/folder/name`. */
export interface DroppedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export type Unpacked =
  | { readonly files: readonly DroppedFile[]; readonly problem?: undefined }
  | { readonly files?: undefined; readonly problem: string };

const ENCRYPTED = 0x0001;

/** True for a zip archive that is not empty. */
export function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('hex') === '504b0304';
}

/** Unpacks an archive in memory, within the limits of a drop: what it claims to unpack to is all that it gets. */
export function unpackZip({ fileName, bytes }: DroppedFile): Unpacked {
  if (((bytes[6] ?? 0) & ENCRYPTED) !== 0) {
    return {
      problem: 'This ZIP archive is locked with a password: unpack it and drop the files that are in it.',
    };
  }
  let count = 0;
  let size = 0;
  let isTooLarge = false;
  try {
    const entries = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (name.endsWith('/') || /(^|\/)(__MACOSX\/|\.DS_Store$|\._)/.test(name)) {
          return false;
        }
        count += 1;
        size += originalSize;
        isTooLarge ||= count > MAX_DROPPED_FILES || size > MAX_DROPPED_BYTES;
        return !isTooLarge;
      },
    });
    if (isTooLarge) {
      return {
        problem: `This ZIP archive unpacks to more than ${MAX_DROPPED_FILES} files or ${MAX_DROPPED_TEXT}: drop only the certificate files that are in it.`,
      };
    }
    return {
      files: Object.entries(entries).map(([name, content]) => ({
        fileName: `${fileName}/${name}`.slice(0, 255),
        bytes: content,
      })),
    };
  } catch {
    return { problem: 'This ZIP archive is damaged: get it again, or drop the files that are in it.' };
  }
}
