import type { WindowOf } from '#app/contract/define.ts';
import type { repliesFeeds } from '#app/contract/feeds/replies.ts';
import type { repliesOperations } from '#app/contract/operations/replies.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { MessageLog } from '../log/message-log.ts';
import { unpackProperties } from '../log/properties.ts';
import { kindOf, qosOf, RETAIN_FLAG, RowKind } from '../log/shared-log.ts';
import type { PublishGuard } from '../publish-guard.ts';
import type { AutoReplies, Request } from './auto-replies.ts';

/** The feed `replies`. */
export function createRepliesFeed(
  replies: AutoReplies,
  pacer: Pacer,
): FeedSource<object, WindowOf<typeof repliesFeeds.replies>> {
  return (params, push) => {
    let shown = -1;
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        if (!moved && replies.revision === shown) {
          return undefined;
        }
        shown = replies.revision;
        return replies.shown;
      },
    });
  };
}

/** The operations on replies, for one client. */
export function createRepliesHandlers(
  replies: AutoReplies,
  guard: PublishGuard,
): OperationHandlers<typeof repliesOperations> {
  return {
    'replies.start': ({ rules, confirmation }) => replies.start(rules, () => guard.permit(confirmation)),
    'replies.change': ({ rules }) => replies.change(rules),
    'replies.stop': () => replies.stop(),
    'replies.try': ({ rule, sequence }) => replies.try(rule, sequence),
  };
}

/** A received message that is kept; `undefined` when it is none, or not kept any more. */
export function keptRequest(
  log: MessageLog,
  topicOf: (topicId: number) => string,
  sequence: number,
): Request | undefined {
  const place = log.find(sequence);
  const payload = log.payload(sequence);
  if (place === undefined || payload === undefined) {
    return undefined;
  }
  const { columns } = place.source;
  const flags = columns.flags[place.row] ?? 0;
  if (kindOf(flags) !== RowKind.received) {
    return undefined;
  }
  return {
    topic: topicOf(columns.topicId[place.row] ?? 0),
    // A copy: shared memory would change under it.
    payload: new Uint8Array(payload),
    qos: qosOf(flags),
    retain: (flags & RETAIN_FLAG) !== 0,
    properties: unpackProperties(log.properties(sequence)),
  };
}
