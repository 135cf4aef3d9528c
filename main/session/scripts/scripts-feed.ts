import type { WindowOf } from '#app/contract/define.ts';
import type { scriptsFeeds } from '#app/contract/feeds/scripts.ts';
import type { scriptsOperations } from '#app/contract/operations/scripts.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import { type PublishGuard, type PublishPermit, readOnlyFailure } from '../publish-guard.ts';
import type { SessionScripts } from './session-scripts.ts';

/** Lines and checks that are shown of one script. */
const MAX_SHOWN = 300;

/** Of a script that was started on a read-only connection: it hears, and publishes nothing, whatever the guard becomes. */
const watching: PublishPermit = {
  check: () => {
    throw readOnlyFailure('Nothing was sent.');
  },
};

/** The feed `scripts`. */
export function createScriptsFeed(
  scripts: SessionScripts,
  pacer: Pacer,
): FeedSource<{ readonly scriptId?: string | undefined }, WindowOf<typeof scriptsFeeds.scripts>> {
  return (params, push) => {
    let shown = -1;
    return pacedFeed(pacer, params, push, {
      build({ scriptId }, moved) {
        if (!moved && scripts.revision === shown) {
          return undefined;
        }
        shown = scripts.revision;
        const run = scripts.runOf(scriptId);
        return {
          scripts: scripts.statuses,
          lines: run?.lines.slice(-MAX_SHOWN) ?? [],
          checks: run?.checks.slice(-MAX_SHOWN) ?? [],
        };
      },
    });
  };
}

/** The operations on scripts, for one client. */
export function createScriptHandlers(
  scripts: SessionScripts,
  guard: PublishGuard,
): OperationHandlers<typeof scriptsOperations> {
  return {
    'script.start': ({ script, confirmation }) =>
      scripts.start(script, () => (guard.isReadOnly ? watching : guard.permit(confirmation))),
    'script.stop': ({ scriptId }) => scripts.stop(scriptId),
    'script.command': ({ scriptId, name, argument }) => scripts.command(scriptId, name, argument),
  };
}
