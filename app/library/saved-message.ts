import { z } from 'zod';
import { messageTemplateSchema } from '../publish/message-template.ts';

/** Saved messages of one connection, or of all together. */
export const MAX_SAVED = 1000;
/** In the place of a profile's id: what all connections share. */
export const SHARED = 'shared';

/** Keys that can send a saved message: Alt+Shift and a digit, which nothing else uses. */
export const sendShortcuts = [
  'alt+shift+1',
  'alt+shift+2',
  'alt+shift+3',
  'alt+shift+4',
  'alt+shift+5',
  'alt+shift+6',
  'alt+shift+7',
  'alt+shift+8',
  'alt+shift+9',
] as const;

const name = z.string().trim().max(200);

/** A message that is kept in order to be sent by one click. */
export const savedMessageSchema = z.object({
  id: z.string().min(1).max(64),
  name: name.min(1, 'A saved message needs a name'),
  /** Name of its folder; empty: in none. */
  folder: name,
  message: messageTemplateSchema,
  shortcut: z.enum(sendShortcuts).optional(),
});
export type SavedMessage = Readonly<z.infer<typeof savedMessageSchema>>;

/** What a file or a pasted text holds: what becomes of it, and what could not be taken over, in whole sentences. */
export interface ReadMessages {
  readonly messages: readonly Omit<SavedMessage, 'id'>[];
  readonly notes: readonly string[];
}

/** Version of the exported file; raised with each change of shape. */
export const LIBRARY_FILE_VERSION = 1;

/** The file that saved messages are exported to. See docs/formats. */
export const libraryFileSchema = z.object({
  format: z.literal('topicscope-messages'),
  version: z.int().min(1),
  messages: z.array(savedMessageSchema.omit({ id: true })).max(MAX_SAVED),
});
export type LibraryFile = z.infer<typeof libraryFileSchema>;

/** The text of a file with saved messages; keys stay with the library that they were chosen in. */
export function libraryFile(messages: readonly SavedMessage[]): string {
  const file: LibraryFile = {
    format: 'topicscope-messages',
    version: LIBRARY_FILE_VERSION,
    messages: messages.map(({ name: kept, folder, message }) => ({ name: kept, folder, message })),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
