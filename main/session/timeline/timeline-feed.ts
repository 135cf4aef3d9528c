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

/** Milliseconds between two windows, and where nothing comes and only the present moves on. */
const INTERVAL = 500;
const IDLE_INTERVAL = 2000;
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
    let last = Number.NEGATIVE_INFINITY;
    let shown = -1;
    return pacedFeed<Params, TimelineWindow>(pacer, initial, push, {
      build({ columns, view }, moved) {
        const time = performance.now();
        const { firstSequence: first, newestSequence: newest } = log;
        const wait = newest === shown ? IDLE_INTERVAL : INTERVAL;
        // A little early is on time: the next tick would be late.
        if (!moved && time - last < wait - INTERVAL / 4) {
          return undefined;
        }
        last = time;
        shown = newest;
        const present = ingest.now();
        const oldest = Math.min(timeOf(log, first) ?? since, present - MIN_SPAN);
        const { from, to } = view ?? { from: oldest, to: present };
        const { evicted, cleared } = log.counts;
        return {
          oldest,
          present,
          from,
          to,
          counts: density(log, from, to, columns),
          marks: connections.marks.filter(({ at }) => at >= oldest),
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
