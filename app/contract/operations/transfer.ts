import { z } from 'zod';
import { defineOperation } from '../define.ts';

/** Bytes of one file that is read, and of all that are read at once: they travel in one frame (16 MiB). */
export const MAX_IMPORT_FILE = 8_000_000;
export const MAX_IMPORT_TOTAL = 12_000_000;
/** Characters that the passphrase of a sealed export needs at least. */
export const MIN_PASSPHRASE = 8;

const id = z.string().min(1).max(64);
const passphrase = z.string().min(1).max(1024);

/** What profiles are read from: dropped files, and the text that was pasted as a command line. */
export const importSourceSchema = z.object({
  files: z
    .array(
      z.object({
        name: z.string().max(255),
        bytes: z.custom<Uint8Array>(
          (value) => value instanceof Uint8Array && value.length <= MAX_IMPORT_FILE,
          'Larger than 8 MB',
        ),
      }),
    )
    .max(100),
  commandLine: z.string().max(65_536).optional(),
  /** Opens sealed exports. */
  passphrase: passphrase.optional(),
});
export type ImportSource = z.infer<typeof importSourceSchema>;

/** What a file was recognised as, by its content. */
export const importKinds = [
  'topicscope',
  'mqtt-explorer',
  'mqttx',
  'mqttfx',
  'mqtt-spy',
  'command-line',
  'certificate',
  'unknown',
] as const;
export type ImportKind = (typeof importKinds)[number];

/** What was read from one file, or from the pasted command lines. */
export interface ImportedFile {
  readonly name: string;
  readonly kind: ImportKind;
  /** `locked`: sealed, and a passphrase is missing or wrong. */
  readonly seal: 'none' | 'open' | 'locked';
  /** Number of items that it gave. */
  readonly items: number;
  /** Why nothing could be read, and the way out. */
  readonly problem?: string;
  /** What concerns the file as a whole, in sentences. */
  readonly notes: readonly string[];
}

export interface NotTaken {
  readonly what: string;
  readonly why: string;
}

/** One connection that can be imported, and the report on it. Holds no secret. */
export interface ImportItem {
  /** Stays the same when the same sources are read again. */
  readonly itemId: string;
  /** Index into the preview's `files`. */
  readonly file: number;
  readonly name: string;
  readonly group: string;
  /** As a URL without user and password. */
  readonly endpoint: string;
  readonly taken: readonly string[];
  readonly notTaken: readonly NotTaken[];
  /** What deserves a look before connecting. */
  readonly warnings: readonly string[];
  /** A saved connection with the same id or the same name. */
  readonly existing?: { readonly profileId: string; readonly name: string; readonly isSame: boolean };
  /** The name that it gets beside what is there; differs from `name` where that is taken. */
  readonly newName: string;
  /** Why it can't be imported. */
  readonly problem?: string;
}

export interface ImportPreview {
  readonly files: readonly ImportedFile[];
  readonly items: readonly ImportItem[];
}

export interface ImportResult {
  /** For `transfer.undo`. */
  readonly importId: string;
  readonly profiles: readonly { readonly profileId: string; readonly name: string }[];
  readonly replaced: number;
}

export interface ExportResult {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** What is not in the file, in sentences. */
  readonly notes: readonly string[];
}

export const transferOperations = {
  /** One JSON file (docs/formats/connections-file.md). With a passphrase all of it is sealed, secrets included; else they are left out. */
  'transfer.export': defineOperation<ExportResult>()(
    z.object({
      profileIds: z.array(id).min(1).max(2000),
      passphrase: passphrase.min(MIN_PASSPHRASE).optional(),
    }),
    120_000,
  ),
  /** Reads the sources and says what would come of them. Changes nothing. */
  'transfer.preview': defineOperation<ImportPreview>()(importSourceSchema, 120_000),
  /** Reads the same sources again and keeps what was chosen: all of it, or nothing. */
  'transfer.import': defineOperation<ImportResult>()(
    importSourceSchema.extend({
      choices: z
        .array(z.object({ itemId: id, mode: z.enum(['add', 'replace']) }))
        .min(1)
        .max(2000),
    }),
    120_000,
  ),
  /** Takes the imported profiles out again and puts the replaced ones back. For as long as the process lives. */
  'transfer.undo': defineOperation<void>()(z.object({ importId: id })),
};
