import { fail, toFailure } from '#app/contract/failure.ts';
import type { SavedMessage } from '#app/library/saved-message.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';
import { shortcutKeys } from '#renderer/ui/shortcut.ts';

export interface Library {
  readonly ownerId: string;
  readonly messages: readonly SavedMessage[];
  readonly isLoading: boolean;
  /** Resolves true once they are on the disk. */
  keep(messages: readonly SavedMessage[]): Promise<boolean>;
  /** Without a word: it is in another place. Resolves true once it is gone from this one. */
  takeAway(message: SavedMessage): Promise<boolean>;
  /** With a way back. */
  remove(message: SavedMessage): void;
  /** Takes over the order and the folders of a whole list. */
  arrange(messages: readonly SavedMessage[]): void;
}

/** The saved messages of a profile or of all connections, and how to change them. `profileId`: where that is done. */
export function useLibrary(ownerId: string, profileId: string): Library {
  const { window } = useMainFeed('library', { ownerId });
  const messages = window?.messages ?? [];
  const keep = async (kept: readonly SavedMessage[]) => {
    try {
      const now = await engineClient().main('library.keep', {
        ownerId,
        profileId,
        messages: structuredClone([...kept]),
      });
      tellLostKeys(kept, now);
      return true;
    } catch (error) {
      showFailure(toFailure(error));
      return false;
    }
  };
  const arrange = (arranged: readonly SavedMessage[]) => {
    engineClient()
      .main('library.arrange', { ownerId, places: arranged.map(({ id, folder }) => ({ id, folder })) })
      .catch((error: unknown) => showFailure(toFailure(error)));
  };
  return {
    ownerId,
    messages,
    isLoading: window === undefined,
    keep,
    arrange,
    async takeAway({ id: messageId, name }) {
      try {
        await engineClient().main('library.remove', { ownerId, messageId });
        return true;
      } catch (error) {
        const failure = toFailure(error);
        const message = `“${name}” is in both places now. ${failure.message}`;
        showFailure({ ...failure, message });
        return false;
      }
    },
    remove(message) {
      engineClient()
        .main('library.remove', { ownerId, messageId: message.id })
        .then(
          () =>
            notify({
              level: 'info',
              message: `Removed “${message.name}” from the library`,
              action: {
                label: 'Undo',
                run: () => void keep([message]).then((isKept) => isKept && arrange(messages)),
              },
            }),
          (error: unknown) => showFailure(toFailure(error)),
        );
    },
  };
}

/** Says which of the messages that were to be kept are without their key, because another one has it. */
function tellLostKeys(wanted: readonly SavedMessage[], kept: readonly SavedMessage[]): void {
  for (const { id, name, shortcut } of wanted) {
    if (shortcut !== undefined && kept.find((message) => message.id === id)?.shortcut === undefined) {
      const key = shortcutKeys(shortcut).join('+');
      const text = `“${name}” is without its key ${key}: another message has it now.`;
      notify({ level: 'warning', message: text, hint: 'Edit it to give it a key.' });
    }
  }
}

/** Reads a dropped or chosen file. Throws `library.size`. */
export async function textOfFile(file: File): Promise<string> {
  if (file.size > 8_000_000) {
    throw fail(
      'library.size',
      `The file ${file.name} is too large for saved messages.`,
      'Choose a file below 8 MB.',
    );
  }
  return file.text();
}
