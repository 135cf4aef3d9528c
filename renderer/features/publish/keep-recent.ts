import { toFailure } from '#app/contract/failure.ts';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';

/** Longer texts are not kept for recalling (the contract's limit, in UTF-16 units). */
const MAX_RECENT_TEXT = 65_536;

/** Recalling is a convenience: that it was not kept must not look as if the message had not gone out. */
export async function keepRecent(profileId: string, recent: RecentPublish): Promise<void> {
  if (recent.text.length > MAX_RECENT_TEXT) {
    return;
  }
  try {
    const copy = { ...recent, properties: { ...recent.properties } };
    await engineClient().main('recents.add', { profileId, recent: copy });
  } catch (error) {
    const { message, detail } = toFailure(error);
    const text = 'The message is sent, but was not added to the recent publishes.';
    notify({ level: 'warning', message: text, hint: message, detail });
  }
}
