import type { MessagePort } from 'node:worker_threads';
import type { TopicsAsked, TopicsTold } from './log/topic-names.ts';
import type { TopicTree } from './tree/topic-tree.ts';

/** Nodes that one answer goes through: a fraction of what one turn may take. */
const NODES_AT_ONCE = 8192;
/** UTF-16 units of the names of one answer: topics may be 64 KB long. */
const MAX_UNITS = 4 * 1024 * 1024;

/** Answers who reads the log from another thread with the names of its topics, for as long as the port is open. */
export function tellTopics(tree: Pick<TopicTree, 'nameOf' | 'nodes' | 'find'>, port: MessagePort): void {
  port.on('message', (asked: TopicsAsked) => port.postMessage(answer(tree, asked)));
  // A session that is asked to leave leaves.
  port.unref();
}

function answer(tree: Pick<TopicTree, 'nameOf' | 'nodes' | 'find'>, asked: TopicsAsked): TopicsTold {
  if ('find' in asked) {
    const found = asked.find.map((name) => tree.find(name) ?? 0);
    return { ids: found, names: asked.find, isAll: false, isFound: true };
  }
  const ids: number[] = [];
  const names: string[] = [];
  const isAll = 'from' in asked;
  const first = isAll ? asked.from : 0;
  const end = isAll ? Math.min(tree.nodes + 1, first + NODES_AT_ONCE) : asked.ids.length;
  let at = first;
  for (let units = 0; at < end && units < MAX_UNITS; at++) {
    const id = isAll ? at : (asked.ids[at] ?? 0);
    const name = tree.nameOf(id);
    if (name !== undefined) {
      ids.push(id);
      names.push(name);
      units += name.length;
    }
  }
  return { ids, names, isAll, ...(isAll && at <= tree.nodes ? { next: at } : {}) };
}
