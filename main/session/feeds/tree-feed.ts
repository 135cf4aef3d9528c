import type { ParsedParamsOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { sessionFeeds, TreeWindow } from '#app/contract/feeds/session.ts';
import type { sessionOperations } from '#app/contract/operations/session.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { TopicLooks } from '../rules/topic-looks.ts';
import { completeTopics } from '../tree/complete-topics.ts';
import type { TreeExpansion } from '../tree/expansion.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import type { TreeView } from '../tree/tree-view.ts';
import type { ShownValue } from './message-rows.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';
import type { TimeSlices } from './time-slices.ts';
import { TreeWindowBuilder } from './tree-window.ts';

export interface TreeFeedDeps {
  readonly tree: TopicTree;
  readonly expansion: TreeExpansion;
  readonly pacer: Pacer;
  /** For the tree as it was. */
  readonly log: MessageLog;
  readonly slices: TimeSlices;
  /** What to show of a message on a topic; undefined when it is not kept any more. */
  preview(sequence: number, topicId: number): ShownValue | undefined;
  readonly looks: Pick<TopicLooks, 'version' | 'colorOf' | 'ruleOf' | 'isMuted'>;
  /** The open views that have a name. */
  readonly views: TreeViews;
  /** Milliseconds since the epoch, the same clock as `receivedAt`. */
  now(): number;
}

/** Views of the tree by the names that their clients gave them, for operations on what they show. */
export type TreeViews = Map<string, () => TreeView>;

/** What a client asks of the feed `tree`. */
export type TreeParams = ParsedParamsOf<(typeof sessionFeeds)['tree']>;

/** The feed `tree`: each client has a view of its own; what is open is shared. */
export function createTreeFeed(deps: TreeFeedDeps): FeedSource<TreeParams, TreeWindow> {
  return (initial, push) => {
    const builder = new TreeWindowBuilder(deps);
    const feed = pacedFeed(deps.pacer, initial, push, builder);
    let params = initial;
    const current = () => builder.current(params);
    const name = initial.view;
    if (name !== undefined) {
      deps.views.set(name, current);
    }
    // A click is answered at once, not at the next tick.
    const following = deps.expansion.onDidSettle(() => feed.update(params));
    return {
      update(next) {
        params = next;
        feed.update(next);
      },
      pull: () => feed.pull(),
      dispose() {
        // A window that lost its line may have opened its view anew before the old one is gone.
        if (name !== undefined && deps.views.get(name) === current) {
          deps.views.delete(name);
        }
        following.dispose();
        feed.dispose();
      },
    };
  };
}

type TreeOperation =
  | 'tree.expand'
  | 'tree.expandSiblings'
  | 'tree.find'
  | 'tree.reveal'
  | 'tree.path'
  | 'topics.complete';

/** The operations on the tree. */
export function createTreeHandlers({
  tree,
  expansion,
  views,
}: Pick<TreeFeedDeps, 'tree' | 'expansion' | 'views'>): Pick<
  OperationHandlers<typeof sessionOperations>,
  TreeOperation
> {
  const check = (nodeId: number) => {
    if (nodeId !== 0 && !tree.has(nodeId)) {
      throw fail(
        'tree.unknown',
        'This topic is not in the tree.',
        'The session was started anew: reload the window.',
      );
    }
  };
  const viewOf = (name: string): TreeView => {
    const current = views.get(name);
    if (current === undefined) {
      throw fail('tree.view', 'This tree is not shown any more.', 'Try again once it is.');
    }
    return current();
  };
  return {
    'tree.expandSiblings': ({ view, nodeId }) => {
      check(nodeId);
      expansion.openAll(viewOf(view).closedSiblings(nodeId));
    },
    'tree.find': ({ view, nodeId, text, isNext }) => {
      check(nodeId);
      const found = viewOf(view).find(text, { node: nodeId, isNext });
      return found === undefined ? {} : { nodeId: found };
    },
    'tree.expand': ({ nodeId, expanded, recursive }) => {
      check(nodeId);
      expansion.set(nodeId, expanded, recursive);
    },
    'tree.reveal': ({ topic }) => {
      const nodeId = tree.find(topic);
      if (nodeId === undefined || !tree.isAttached(nodeId)) {
        throw fail(
          'tree.unknown',
          'No message has come on this topic yet.',
          'It shows in the tree with its first message.',
        );
      }
      expansion.reveal(nodeId);
      return { nodeId };
    },
    'tree.path': ({ nodeId }) => {
      check(nodeId);
      return { path: tree.topicOf(nodeId) };
    },
    'topics.complete': ({ prefix, limit }) => ({ topics: completeTopics(tree, prefix, limit) }),
  };
}
