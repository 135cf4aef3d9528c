import { toFailure } from '#app/contract/failure.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { showFailure } from '#renderer/commands/notify.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';

/** What stops the replies of a connection, whichever tab is shown. */
export function RepliesCommands({ sessionId }: { readonly sessionId: string }) {
  const { window } = useSessionFeed(sessionId, 'replies', {});
  useCommand({
    id: 'replies.stop',
    label: 'Stop answering',
    group: 'Replies',
    enabled: () => window?.isOn === true,
    run: () => {
      engineClient()
        .session(sessionId, 'replies.stop', {})
        .catch((error: unknown) => showFailure(toFailure(error)));
    },
  });
  return undefined;
}
