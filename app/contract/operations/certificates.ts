import { z } from 'zod';
import { defineOperation } from '../define.ts';
import type { CertificateObject, StagedFile } from './main.ts';

const id = z.string().min(1).max(64);
const storedFile = z.object({ ref: id, fileName: z.string().max(255) });

/** Most that one drop may hold, zip archives unpacked or not. With names and passphrases it fits into one frame. */
export const MAX_DROPPED_FILES = 500;
export const MAX_DROPPED_BYTES = 12 * 1024 * 1024;
/** The same in words. */
export const MAX_DROPPED_TEXT = `${MAX_DROPPED_BYTES / 1024 / 1024} MB`;

/**
 * What an object is. `root`: issued by itself; `intermediate`: a CA that another one vouches for; `leaf`: a certificate
 * of a client or server; `keystore`: a container that stays shut (no passphrase yet, a Java keystore).
 */
export type SortedKind =
  | 'root'
  | 'intermediate'
  | 'leaf'
  | 'private-key'
  | 'public-key'
  | 'certificate-request'
  | 'keystore'
  | 'unknown';

/** One object of a drop: what may be shown of it and where it went. Names are text from the file. */
export interface SortedObject extends Omit<CertificateObject, 'kind'> {
  /** Of the dropped file; `archive.zip/name` for what lay in an archive. */
  readonly fileName: string;
  readonly kind: SortedKind;
  /** The slot of the form that it was placed in; absent where it is of no use there. */
  readonly place?: 'ca' | 'certificate' | 'key';
  /** Of one without a place, beside its `problem`. What is placed is judged where it stands: `certificates.report`. */
  readonly advice?: readonly CertificateAdvice[];
}

/** A finding of the doctor: one sentence that ends with what to do. */
export interface CertificateAdvice {
  /** What was found: `expired`. Unique within an answer: the next one is `expired-2`. */
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** What became of a drop. Staged files are in the vault and go into the profile by their refs. */
export interface SortedDrop {
  readonly objects: readonly SortedObject[];
  /** File names (as in `objects`) that none of the passphrases opens: ask for it and send the files again. */
  readonly needsPassphrase: readonly string[];
  /** Only slots that the drop changes: `ca` is added to what is there, the others replace it. */
  readonly placed: {
    /** A file each; more than ten are bundled into one. */
    readonly ca: readonly StagedFile[];
    /** The certificate followed by its intermediates, as PEM. */
    readonly certificate?: StagedFile;
    /** Plain PKCS#8 in PEM: it needs no passphrase any more. */
    readonly key?: StagedFile;
  };
}

/** Operations on key material beyond `certificates.stage` and `certificates.report`. */
export const certificateOperations = {
  /**
   * Identifies everything in the dropped files (PEM, DER, PKCS#12, zip), puts it into its slots and says why something
   * has none. Nothing is staged for the slots of files that need a passphrase.
   */
  'certificates.sort': defineOperation<SortedDrop>()(
    z.object({
      /** Gives access to the stored passphrase, which is tried as well. */
      profileId: id.optional(),
      /** Name that the broker's certificate has to be for; empty where it is not known. */
      host: z.string().max(1000),
      files: z
        .array(
          z.object({
            fileName: z.string().max(255),
            bytes: z.instanceof(Uint8Array),
          }),
        )
        .max(MAX_DROPPED_FILES)
        .refine(
          (files) => files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MAX_DROPPED_BYTES,
          `More than ${MAX_DROPPED_TEXT} in all`,
        ),
      /** Each is tried on each file. */
      passphrases: z.array(z.string().max(65535)).max(10),
      /** What the slots hold: a key or an intermediate that comes later is joined with the certificate that is there. */
      present: z
        .object({
          ca: z.array(storedFile).max(100),
          certificate: storedFile.optional(),
          key: storedFile.optional(),
        })
        .optional(),
    }),
  ),
  /**
   * All certificates of the stored files as PEM, in their order; never a private key. Fails with `certificates.none`
   * where there is none, and with `vault.missing` where a file is gone.
   */
  'certificates.export': defineOperation<{ readonly fileName: string; readonly pem: string }>()(
    z.object({ files: z.array(storedFile).min(1).max(100) }),
  ),
};
