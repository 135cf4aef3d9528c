import type { Notice } from '#app/contract/feeds/main.ts';
import { type JsonFile, NewerVersionError } from './json-file.ts';

/** Tells the user something in the window. */
export type Notify = (notice: Omit<Notice, 'id' | 'at'>) => void;

export interface OpenJsonOptions<T> {
  /** Within sentences: “jobs”; a sentence begins with “The jobs”. */
  readonly kind: string;
  readonly what: string;
  /** What of a damaged file can be used, where its backup is of no use either, and what the user is told to do then. */
  readonly salvage: (stored: unknown) => T | undefined;
  readonly remedy: (setAside: string) => string;
}

/** What a store begins with. `readOnly`: why nothing may be written: the file is of a newer version, or can't be read. */
export interface OpenedJson<T> {
  readonly value: T | undefined;
  readonly readOnly: string | undefined;
}

/** Reads a store's file. What is wrong with it is told; a file that can't be used is kept. Never rejects. */
export async function openJsonFile<T>(
  file: JsonFile<T>,
  { kind, what, salvage, remedy }: OpenJsonOptions<T>,
  onNotice: Notify,
): Promise<OpenedJson<T>> {
  const { path } = file;
  try {
    const state = await file.read();
    if (state.kind === 'restored') {
      const aside = state.setAside === undefined ? '' : ` The damaged file is kept as ${state.setAside}.`;
      onNotice({
        level: 'warning',
        message: `The file of your ${kind} was damaged or gone. The backup was used.`,
        hint: `Check your ${kind}.${aside}`,
        detail: path,
      });
      await file.write(state.value).catch(() => undefined);
    }
    if (state.kind === 'damaged') {
      onNotice({
        level: 'error',
        message: `The file of your ${kind} was damaged and there is no usable backup.`,
        hint: remedy(state.setAside),
        detail: `${path}: ${state.reason}`,
      });
      return { value: salvage(state.stored), readOnly: undefined };
    }
    return { value: 'value' in state ? state.value : undefined, readOnly: undefined };
  } catch (error) {
    const isNewer = error instanceof NewerVersionError;
    const message = isNewer
      ? `${what} were written by a newer version of Topicscope.`
      : `The file of your ${kind} could not be read.`;
    const hint = isNewer
      ? 'Update Topicscope, or start it with another --data-dir. The file is left as it is.'
      : 'Check who owns the file and its folder, then start Topicscope again. Nothing was changed.';
    onNotice({ level: 'error', message, hint, detail: path });
    return { value: undefined, readOnly: message };
  }
}
