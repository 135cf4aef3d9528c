import { z } from 'zod';
import { defineOperation } from '../define.ts';
import { searchQuerySchema } from '../feeds/search.ts';

const exportId = z.string().min(1).max(64);

/** `jsonl`: lossless lines; `csv`: for spreadsheets; `zip`: each payload as a file. */
export const exportFormats = ['jsonl', 'csv', 'zip'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportOperations = {
  /** Begins to write messages that are kept: those that match now, or those that are named. */
  'export.open': defineOperation<{ readonly exportId: string }>()(
    z.object({
      sessionId: z.string().min(1).max(64),
      what: z.union([
        z.object({ query: searchQuerySchema }),
        z.object({ sequences: z.array(z.int().min(1)).min(1).max(10_000) }),
      ]),
      format: z.enum(exportFormats),
    }),
  ),
  /** The next part of the file, a few MiB at most; empty parts only say how far it is. */
  'export.read': defineOperation<{
    readonly bytes: Uint8Array;
    readonly messages: number;
    /** From 0 to 1. */
    readonly progress: number;
    readonly isDone: boolean;
    /** Messages that were evicted before they were written. */
    readonly lost: number;
  }>()(z.object({ exportId })),
  /** Ends an export before its end. */
  'export.close': defineOperation<void>()(z.object({ exportId })),
};
