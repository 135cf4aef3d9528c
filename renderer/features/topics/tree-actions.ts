import type { TreeRow } from '#app/contract/feeds/session.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { knownPath } from './tree-rows.ts';

/** Opens or closes a node, if `recursive` with everything below it. Node 0 is the whole tree. */
export async function expandNode(
  sessionId: string,
  nodeId: number,
  expanded: boolean,
  recursive = false,
): Promise<void> {
  await engineClient().session(sessionId, 'tree.expand', { nodeId, expanded, recursive });
}

/** The whole name of a row's topic: at once if the rows on screen tell it, else from the engine. */
export function pathOf(sessionId: string, rows: readonly TreeRow[], row: TreeRow): string | Promise<string> {
  return (
    knownPath(rows, row) ??
    engineClient()
      .session(sessionId, 'tree.path', { nodeId: row.nodeId })
      .then(({ path }) => path)
  );
}
