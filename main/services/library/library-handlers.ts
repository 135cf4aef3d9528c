import type { contract } from '#app/contract/contract.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { givingWay } from '#app/library/keys.ts';
import { MAX_SAVED, type SavedMessage, SHARED, savedMessageSchema } from '#app/library/saved-message.ts';
import { ProfileItemsStore } from '../profile-items-store.ts';
import { readMessages } from './read-messages.ts';

/** Version of the stored file; raised with each change of shape. */
const STORED_VERSION = 1;
const MAX_BYTES = 4_000_000;

export type LibraryStore = ProfileItemsStore<SavedMessage>;

/** Reads `library.json`. What is wrong with it is told through `onNotice`. */
export function openLibrary(
  path: string,
  onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
): Promise<LibraryStore> {
  return ProfileItemsStore.open<SavedMessage>(
    {
      path,
      what: 'The saved messages',
      kind: 'messages',
      version: STORED_VERSION,
      parse: (stored) => savedMessageSchema.parse(stored),
      maxItems: MAX_SAVED,
      maxBytes: MAX_BYTES,
    },
    onNotice,
  );
}

type Handlers = OperationHandlers<typeof contract.main.operations>;

/** What the operations on saved messages do. */
export function libraryHandlers(
  library: LibraryStore,
): Pick<Handlers, Extract<keyof Handlers, `library.${string}`>> {
  return {
    'library.keep': ({ ownerId, profileId, messages }) => {
      const owners = new Set([ownerId, profileId, SHARED]);
      const others = [...owners].flatMap((id) => library.list(id));
      return library.keepAll(ownerId, givingWay(messages, others));
    },
    'library.remove': ({ ownerId, messageId }) => library.remove(ownerId, messageId),
    'library.arrange': ({ ownerId, places }) => {
      const folders = new Map(places.map(({ id, folder }) => [id, folder]));
      return library.order(
        ownerId,
        places.map(({ id }) => id),
        (message) => ({ ...message, folder: folders.get(message.id) ?? message.folder }),
      );
    },
    'library.read': ({ text }) => readMessages(text),
  };
}
