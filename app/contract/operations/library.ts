import { z } from 'zod';
import {
  MAX_SAVED,
  type ReadMessages,
  type SavedMessage,
  savedMessageSchema,
} from '../../library/saved-message.ts';
import { defineOperation } from '../define.ts';

/** A profile's id, or `shared`. */
const ownerId = z.string().min(1).max(64);
const id = z.string().min(1).max(64);

/** Saved messages. Each change answers with the list as it is then. */
export const libraryOperations = {
  /**
   * Puts messages in the places of those with their ids, or at the end. A key that another message of the owner, of the
   * profile or of all connections has stays with that one. Fails with `messages.size`.
   */
  'library.keep': defineOperation<readonly SavedMessage[]>()(
    z.object({
      ownerId,
      /** Where it is done. */
      profileId: id,
      messages: z.array(savedMessageSchema).min(1).max(MAX_SAVED),
    }),
  ),
  'library.remove': defineOperation<readonly SavedMessage[]>()(z.object({ ownerId, messageId: id })),
  /** Order and folders of all of them; those that are not named stay behind, as they are. */
  'library.arrange': defineOperation<readonly SavedMessage[]>()(
    z.object({
      ownerId,
      places: z.array(z.object({ id, folder: z.string().max(200) })).max(MAX_SAVED),
    }),
  ),
  /**
   * Finds messages in a file's text or a pasted one, and keeps nothing. Fails with `library.unknown`, `library.newer`,
   * `library.damaged`, `library.none` and `library.size`.
   */
  'library.read': defineOperation<ReadMessages>()(z.object({ text: z.string().max(8_000_000) })),
};
