import { formatQuantity } from '#app/base/format.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { closeSession, openProfile } from '#renderer/state/actions.ts';

/**
 * Closes a tab at once and offers the way back: its messages are gone with it, which is said; the connection of a
 * saved profile can be opened again.
 */
export function requestClose({ sessionId, profile, temporary }: SessionSummary, kept?: number): void {
  attempt(async () => {
    await closeSession(sessionId);
    const lost = kept === undefined ? 'Its messages' : formatQuantity(kept, 'message');
    notify({
      id: `closed-${sessionId}`,
      level: 'info',
      message: `Closed “${profile.name}”. ${lost} in memory went with it.`,
      ...(temporary
        ? {}
        : { action: { label: 'Open again', run: () => attempt(() => openProfile(profile.id)) } }),
    });
  });
}
