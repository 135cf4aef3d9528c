import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { TimelineWindow, timelineFeeds } from '#app/contract/feeds/timeline.ts';
import type { timelineOperations } from '#app/contract/operations/timeline.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { Ingest } from '../ingest.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { ConnectionMarks } from './connection-marks.ts';
import { density, momentAt, momentBeside, timeOf } from './moments.ts';

type Params = ParsedParamsOf<typeof timelineFeeds.timeline>;

/** Milliseconds between two windows; the present moves on also while nothing comes. */
const INTERVAL = 500;
/** Milliseconds that the timeline shows at least. */
const MIN_SPAN = 1000;

/** What a timeline reads from. */
export interface TimelineDependencies {
  readonly log: MessageLog;
  readonly pacer: Pacer;
  readonly connections: Pick<ConnectionMarks, 'marks'>;
  /** Its clock stamps the messages. */
  readonly ingest: Pick<Ingest, 'now'>;
}

/** The feed `timeline`. Nothing is kept for it: each window looks up its columns among the rows. */
export function createTimelineFeed(dependencies: TimelineDependencies): FeedSource<Params, TimelineWindow> {
  const { log, pacer, connections, ingest } = dependencies;
  // The sources of a session are made when it begins.
  const since = ingest.now();
  return (initial, push) => {
    const tick = setInterval(() => pacer.markDirty(), INTERVAL).unref();
    let due = 0;
    return pacedFeed<Params, TimelineWindow>(pacer, initial, push, {
      build({ columns }, moved) {
        const time = performance.now();
        // Half a tick early is on time.
        if (!moved && time < due - INTERVAL / 2) {
          return undefined;
        }
        due = time + INTERVAL;
        const to = ingest.now();
        const { firstSequence: first, newestSequence: newest } = log;
        const from = Math.min(timeOf(log, first) ?? since, to - MIN_SPAN);
        const { evicted, cleared } = log.counts;
        return {
          from,
          to,
          counts: density(log, from, to, columns),
          marks: connections.marks.filter(({ at }) => at >= from),
          first,
          newest,
          evicted,
          cleared,
          since,
        };
      },
      dispose: () => clearInterval(tick),
    });
  };
}

/** The operations that find moments. */
export function createTimelineHandlers(log: MessageLog): OperationHandlers<typeof timelineOperations> {
  return {
    'timeline.at': ({ at }) => momentAt(log, at),
    'timeline.step': ({ sequence, by }) => {
      const moment = momentBeside(log, sequence, by);
      return moment === undefined ? {} : { moment };
    },
  };
}
