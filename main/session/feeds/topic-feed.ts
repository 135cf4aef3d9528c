import type { FeedSource } from '#app/contract/server.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';

export interface TopicWindow {
  readonly topicId?: number;
  readonly lastSequence?: number;
  readonly messages: number;
}

export interface TopicDependencies {
  readonly log: MessageLog;
  readonly tree: TopicTree;
  readonly pacer: Pacer;
}

/** The newest message of one topic, received or published, and how many were received on exactly this topic. */
export function createTopicFeed({
  log,
  tree,
  pacer,
}: TopicDependencies): FeedSource<{ readonly topic: string }, TopicWindow> {
  return (params, push) => {
    let shown = '';
    return pacedFeed(pacer, params, push, {
      build({ topic }, moved) {
        const topicId = tree.find(topic);
        const lastSequence =
          topicId === undefined ? 0 : log.newestOf(topicId) || keptSequence(log, tree, topicId);
        const messages = topicId === undefined ? 0 : tree.ownMessages(topicId);
        const key = [topicId, lastSequence, messages].join();
        if (!moved && key === shown) {
          return undefined;
        }
        shown = key;
        return {
          ...(topicId === undefined ? {} : { topicId }),
          ...(lastSequence === 0 ? {} : { lastSequence }),
          messages,
        };
      },
    });
  };
}

/** The newest received message, if it outlived a newer one that was published. */
function keptSequence(log: MessageLog, tree: TopicTree, topicId: number): number {
  const sequence = tree.lastSequence(topicId);
  return log.find(sequence) === undefined ? 0 : sequence;
}
