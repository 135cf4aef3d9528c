import { toFailure } from '#app/contract/failure.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { showFailure } from '#renderer/commands/notify.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';
import { isActive } from './job-words.ts';

/** What stops the jobs of a connection, whichever tab is shown. */
export function AutomationCommands({ sessionId }: { readonly sessionId: string }) {
  const { window } = useSessionFeed(sessionId, 'jobRuns', {});
  useCommand({
    id: 'automation.stop',
    label: 'Stop all jobs',
    group: 'Automation',
    enabled: () => (window?.runs ?? []).some(isActive),
    run: () => {
      engineClient()
        .session(sessionId, 'job.stop', {})
        .catch((error: unknown) => showFailure(toFailure(error)));
    },
  });
  return undefined;
}
