import type { TreeRow } from '#app/contract/feeds/session.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { knownPath } from './tree-rows.ts';
import type { Wanted } from './type-ahead.ts';

/** UTF-16 units that the engine takes of a typed word. */
const MAX_TYPED = 256;

/** Opens or closes a node, if `recursive` with everything below it. Node 0 is the whole tree. */
export async function expandNode(
  sessionId: string,
  nodeId: number,
  expanded: boolean,
  recursive = false,
): Promise<void> {
  await engineClient().session(sessionId, 'tree.expand', { nodeId, expanded, recursive });
}

/** Opens a node and all its siblings that a view of the tree shows. */
export async function expandSiblings(sessionId: string, view: string, nodeId: number): Promise<void> {
  await engineClient().session(sessionId, 'tree.expandSiblings', { view, nodeId });
}

/** The next row of a view that is wanted, from a node on; `undefined` when there is none, or the engine is away. */
export function findNode(
  sessionId: string,
  view: string,
  nodeId: number,
  { text, isNext }: Wanted,
): Promise<number | undefined> {
  return engineClient()
    .session(sessionId, 'tree.find', { view, nodeId, text: text.slice(0, MAX_TYPED), isNext })
    .then(
      (found) => found.nodeId,
      // A key that leads nowhere is not worth an error message.
      () => undefined,
    );
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
