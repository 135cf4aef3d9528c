import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { BrokerRow, BrokerWindow, brokerFeeds } from '#app/contract/feeds/broker.ts';
import type { FeedSource } from '#app/contract/server.ts';
import { recogniseBroker, type SysName, sysGroups, sysName } from '#app/mqtt/sys-topics.ts';
import { previewOf } from '../feeds/message-rows.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { SysHistory, sysPoints } from './sys-history.ts';

/** Values that are shown; a cluster's nodes and clients under `$SYS` may be many more. */
const MAX_VALUES = 1000;
const MAX_TOPIC = 256;

type BrokerParams = ParsedParamsOf<(typeof brokerFeeds)['broker']>;

export interface BrokerDependencies {
  readonly log: MessageLog;
  readonly tree: TopicTree;
  readonly pacer: Pacer;
  /** The session subscribes to topics under `$SYS`. */
  readonly isSubscribed: () => boolean;
}

interface SysTopic {
  readonly topicId: number;
  readonly topic: string;
  readonly name: SysName;
}

/** The feed `broker`: what came under `$SYS`, as named values with their last numbers. */
export function createBrokerFeed({
  log,
  tree,
  pacer,
  isSubscribed,
}: BrokerDependencies): FeedSource<BrokerParams, BrokerWindow> {
  return (initial, push) => {
    const history = new SysHistory(log, tree);
    let topics: readonly SysTopic[] = [];
    let known = -1;
    let shown = '';
    const refresh = () => {
      const root = tree.find('$SYS');
      const count = root === undefined ? 0 : tree.topicsBelow(root);
      if (count !== known) {
        known = count;
        topics = root === undefined ? [] : sysTopics(tree, root);
      }
      return count;
    };
    return pacedFeed<BrokerParams, BrokerWindow>(pacer, initial, push, {
      build(params, moved) {
        const count = refresh();
        const offset = Math.min(params.offset, Math.max(0, topics.length - 1));
        const page = topics.slice(offset, offset + params.count);
        const key = JSON.stringify([
          isSubscribed(),
          count,
          page.map(({ topicId }) => [topicId, tree.lastSequence(topicId)]),
        ]);
        if (!moved && key === shown) {
          return undefined;
        }
        shown = key;
        return {
          broker: recogniseBroker(topics.map(({ topic }) => topic)),
          isSubscribed: isSubscribed(),
          offset,
          total: topics.length,
          omitted: count - topics.length,
          rows: page.map((each) => rowOf(each, log, tree, history)),
        };
      },
    });
  };
}

/** All topics under `$SYS`, the known ones in the order of their groups, then the others by name. */
function sysTopics(tree: TopicTree, root: number): readonly SysTopic[] {
  const { firstChild, nextSibling } = tree.columns;
  const found: SysTopic[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined && found.length < MAX_VALUES; node = waiting.pop()) {
    if (tree.isTopic(node)) {
      const topic = tree.topicOf(node);
      const name = sysName(topic) ?? {
        label: topic.slice('$SYS/'.length),
        group: 'Other',
        kind: 'gauge' as const,
      };
      found.push({ topicId: node, topic, name });
    }
    for (let child = firstChild[node] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
      waiting.push(child);
    }
  }
  const order = new Map<string, number>(sysGroups.map((group, index) => [group, index]));
  const place = ({ name }: SysTopic) => order.get(name.group) ?? sysGroups.length;
  return found.sort(
    (a, b) => place(a) - place(b) || (a.name.label < b.name.label ? -1 : a.name.label > b.name.label ? 1 : 0),
  );
}

function rowOf(
  { topicId, topic, name }: SysTopic,
  log: MessageLog,
  tree: TopicTree,
  history: SysHistory,
): BrokerRow {
  const payload = log.payload(tree.lastSequence(topicId));
  const samples = history.of(topicId);
  const last = samples.at(-1);
  const value = last?.sequence === tree.lastSequence(topicId) ? last.value : undefined;
  // What is not known by name counts as what it is.
  const kind = value === undefined ? 'text' : name.kind === 'text' ? 'text' : name.kind;
  const points = kind === 'text' ? [] : sysPoints(samples, kind);
  return {
    topicId,
    topic: topic.slice(0, MAX_TOPIC),
    label: name.label.slice(0, MAX_TOPIC),
    group: name.group,
    kind,
    ...(name.unit === undefined ? {} : { unit: name.unit }),
    text: payload === undefined ? '' : previewOf(payload),
    ...(value === undefined ? {} : { value }),
    ...(kind === 'counter' && points.length > 0 ? { perSecond: points.at(-1) ?? 0 } : {}),
    at: tree.lastAt(topicId),
    points,
  };
}
