import type { MessageLog } from '../log/message-log.ts';
import { RETAIN_FLAG } from '../log/shared-log.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { sameBytes } from './retained-link.ts';

/**
 * Since when this payload is on the topic, as the newest message that the session received there tells: `isExact` where
 * it came as news, not as a retained one. `undefined` where that was another payload, or none.
 */
export function seenInLog(
  log: MessageLog,
  tree: TopicTree,
  topic: string,
  payload: Uint8Array,
): { readonly since: number; readonly isExact: boolean } | undefined {
  const topicId = tree.find(topic);
  const sequence = topicId === undefined ? 0 : tree.lastSequence(topicId);
  const place = log.find(sequence);
  const newest = log.payload(sequence);
  if (place === undefined || newest === undefined || !sameBytes(newest, payload)) {
    return undefined;
  }
  const { columns } = place.source;
  return {
    since: columns.receivedAt[place.row] ?? 0,
    isExact: ((columns.flags[place.row] ?? 0) & RETAIN_FLAG) === 0,
  };
}
