import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { brokerFeeds, TalkersWindow } from '#app/contract/feeds/broker.ts';
import type { FeedSource } from '#app/contract/server.ts';
import { cutTopic } from '../feeds/message-rows.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { type Ranked, Talkers } from './talkers.ts';

/** Milliseconds between two sweeps at least; a sweep that took long is followed by a rest of ten times that. */
const INTERVAL = 1000;
const REST = 10;

type TalkersParams = ParsedParamsOf<(typeof brokerFeeds)['talkers']>;

export interface TalkersDependencies {
  readonly tree: TopicTree;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** When the session began. */
  readonly since: number;
}

/** The feed `talkers`. Each open one counts for itself; closed, nothing is counted. */
export function createTalkersFeed(
  dependencies: TalkersDependencies,
): FeedSource<TalkersParams, TalkersWindow> {
  const { tree, pacer, slices, now, since } = dependencies;
  return (initial, push) => {
    const talkers = new Talkers(tree, since);
    let ranked: Ranked | undefined;
    let rankingKey = keyOf(initial);
    let isNew = false;
    let timer: NodeJS.Timeout | undefined;
    let running: { dispose(): void } | undefined;
    let params = initial;

    const sweep = () => {
      running?.dispose();
      clearTimeout(timer);
      const began = performance.now();
      const steps = talkers.sweep(params, now());
      const task = (deadline: number) => {
        do {
          const step = steps.next();
          if (step.done === true) {
            ranked = step.value;
            isNew = true;
            running = undefined;
            timer = setTimeout(sweep, Math.max(INTERVAL, REST * (performance.now() - began)));
            pacer.markDirty();
            return false;
          }
        } while (performance.now() < deadline);
        return true;
      };
      running = slices.run(task);
    };
    sweep();

    return pacedFeed<TalkersParams, TalkersWindow>(pacer, initial, push, {
      build(next, moved) {
        params = next;
        if (keyOf(next) !== rankingKey) {
          rankingKey = keyOf(next);
          ranked = undefined;
          sweep();
          return undefined;
        }
        if (ranked === undefined || !(moved || isNew)) {
          return undefined;
        }
        isNew = false;
        return windowOf(tree, ranked, next);
      },
      dispose() {
        running?.dispose();
        clearTimeout(timer);
      },
    });
  };
}

function keyOf({ by, depth, span, order }: TalkersParams): string {
  return JSON.stringify([by, depth, span, order]);
}

function windowOf(tree: TopicTree, ranked: Ranked, params: TalkersParams): TalkersWindow {
  const { counted, messages, bytes, talkers, active } = ranked;
  const seconds = Math.max(counted, 1) / 1000;
  const offset = Math.min(params.offset, Math.max(0, talkers.length - 1));
  const whole = params.order === 'messages' ? messages : bytes;
  const floods = (sent: number) => sent / seconds >= params.floodRate;
  return {
    counted,
    messages,
    bytes,
    offset,
    total: talkers.length,
    active,
    flooding: talkers.filter((talker) => floods(talker.messages)).length,
    rows: talkers.slice(offset, offset + params.count).map((talker) => ({
      nodeId: talker.nodeId,
      topic: cutTopic(tree.topicOf(talker.nodeId)),
      isBranch: talker.isBranch,
      messages: talker.messages,
      bytes: talker.bytes,
      messagesPerSecond: talker.messages / seconds,
      bytesPerSecond: talker.bytes / seconds,
      share: whole === 0 ? 0 : Math.min(1, talker[params.order] / whole),
      floods: floods(talker.messages),
    })),
  };
}
