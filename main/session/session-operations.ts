import { fail, toFailure } from '#app/contract/failure.ts';
import type { automationOperations } from '#app/contract/operations/automation.ts';
import type { loadOperations } from '#app/contract/operations/load.ts';
import type { packetsOperations } from '#app/contract/operations/packets.ts';
import type { repliesOperations } from '#app/contract/operations/replies.ts';
import type { requestOperations } from '#app/contract/operations/requests.ts';
import type { retainedOperations } from '#app/contract/operations/retained.ts';
import type { scriptsOperations } from '#app/contract/operations/scripts.ts';
import type {
  MessageDetails,
  PublishedMany,
  PublishOutcome,
  sessionOperations,
} from '#app/contract/operations/session.ts';
import type { timelineOperations } from '#app/contract/operations/timeline.ts';
import type { willOperations } from '#app/contract/operations/will.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import type { MessageLog, RowPlace } from './log/message-log.ts';
import { unpackProperties } from './log/properties.ts';
import { DUP_FLAG, kindOf, qosOf, RETAIN_FLAG, RowKind } from './log/shared-log.ts';
import type { Outbox } from './outbox.ts';
import type { PublishGuard } from './publish-guard.ts';
import type { StagedPayloads } from './staged-payloads.ts';
import type { SubscriptionMatches } from './subscription-matches.ts';
import type { TopicTree } from './tree/topic-tree.ts';

type Handlers = OperationHandlers<typeof sessionOperations>;
type TreeOperation =
  | 'tree.expand'
  | 'tree.expandSiblings'
  | 'tree.find'
  | 'tree.reveal'
  | 'tree.path'
  | 'topics.complete';

export interface OperationDependencies {
  readonly log: MessageLog;
  readonly tree: TopicTree;
  readonly matches: SubscriptionMatches;
  readonly outbox: Outbox;
  readonly guard: PublishGuard;
  /** The log was emptied. */
  readonly onCleared: () => void;
}

/** The operations on messages and the one that publishes, for one client. Those on the tree come from `tree/`. */
export function createMessageOperations(
  dependencies: OperationDependencies,
  staged: StagedPayloads,
): Omit<
  Handlers,
  | TreeOperation
  | keyof typeof packetsOperations
  | keyof typeof retainedOperations
  | keyof typeof timelineOperations
  | keyof typeof automationOperations
  | keyof typeof loadOperations
  | keyof typeof repliesOperations
  | keyof typeof scriptsOperations
  | keyof typeof requestOperations
  | keyof typeof willOperations
> {
  const { log } = dependencies;
  return {
    'message.get': ({ sequence }) => detailsOf(dependencies, sequence),
    'message.bytes': ({ sequence, offset, length }) => {
      const { source, row } = findMessage(log, sequence);
      const bytes = log.payload(sequence, offset, length) ?? new Uint8Array(0);
      // A copy: the frame is encoded from it, and shared memory would change under it.
      return { bytes: new Uint8Array(bytes), size: source.columns.length[row] ?? 0 };
    },
    'log.clear': () => {
      const cleared = log.clear();
      dependencies.onCleared();
      return { cleared };
    },
    'payload.stage': ({ stagedId, slice }) => staged.append(stagedId, slice),
    'payload.discard': ({ stagedId }) => staged.discard(stagedId),
    'publish.hold': ({ way }) => dependencies.guard.begin(way),
    publish: async ({ confirmation, ...input }) => {
      const permit = dependencies.guard.permit(confirmation);
      const { payload } = input;
      const bytes = payload instanceof Uint8Array ? payload : staged.whole(payload.stagedId);
      const outcome = await dependencies.outbox.publish({ ...input, payload: bytes }, permit.check);
      if (!(payload instanceof Uint8Array)) {
        staged.discard(payload.stagedId);
      }
      return outcome;
    },
    'publish.many': async ({ messages, qos, retain, confirmation }) => {
      const permit = dependencies.guard.permit(confirmation);
      const outcomes = await Promise.allSettled(
        messages.map((message) => dependencies.outbox.publish({ ...message, qos, retain }, permit.check)),
      );
      return publishedMany(
        messages.map(({ topic }) => topic),
        outcomes,
      );
    },
  };
}

/** What became of several messages, in one answer. */
function publishedMany(
  topics: readonly string[],
  outcomes: readonly PromiseSettledResult<PublishOutcome>[],
): PublishedMany {
  const times: number[] = [];
  let failed = 0;
  let failure: PublishedMany['failure'];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') {
      failed += 1;
      failure ??= { topic: topics[index] ?? '', failure: toFailure(outcome.reason) };
    } else if (outcome.value.kind === 'acknowledged') {
      times.push(Math.max(0, outcome.value.acknowledgedAt - outcome.value.sentAt));
    }
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  const slowest = times.at(-1);
  return {
    published: outcomes.length - failed,
    failed,
    ...(failure === undefined ? {} : { failure }),
    ...(median === undefined || slowest === undefined ? {} : { acknowledged: { median, slowest } }),
  };
}

function detailsOf({ log, tree, matches }: OperationDependencies, sequence: number): MessageDetails {
  const { source, row } = findMessage(log, sequence);
  const { columns } = source;
  const flags = columns.flags[row] ?? 0;
  const topicId = columns.topicId[row] ?? 0;
  const previous = log.previousOf(sequence);
  return {
    sequence,
    direction: kindOf(flags) === RowKind.received ? 'received' : 'published',
    receivedAt: columns.receivedAt[row] ?? 0,
    topicId,
    topic: tree.topicOf(topicId),
    qos: qosOf(flags),
    retain: (flags & RETAIN_FLAG) !== 0,
    dup: (flags & DUP_FLAG) !== 0,
    size: columns.length[row] ?? 0,
    properties: unpackProperties(log.properties(sequence)),
    ...(previous === 0 ? {} : { previous }),
    matching: matches.filtersOf(topicId),
  };
}

function findMessage(log: MessageLog, sequence: number): RowPlace {
  const place = log.find(sequence);
  if (place === undefined) {
    throw sequence > log.newestSequence || sequence === 0
      ? fail('message.unknown', 'There is no such message.', 'Reload the window.')
      : fail(
          'message.evicted',
          'This message is no longer kept.',
          'To keep more, raise “Message log” in the profile under Advanced.',
        );
  }
  if (kindOf(place.source.columns.flags[place.row] ?? 0) === RowKind.gap) {
    throw fail('message.gap', 'This row marks a time without connection; it is not a message.');
  }
  return place;
}
