import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { showTopic } from '#renderer/state/pane-requests.ts';

/** Chooses a node and brings it into view in the tree. Rows carry long topics cut: the whole name is asked for. */
export function showInTree(sessionId: string, nodeId: number): void {
  attempt(async () => {
    const { path } = await engineClient().session(sessionId, 'tree.path', { nodeId });
    showTopic(sessionId, path, nodeId);
  });
}
