import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { TimelineWindow, timelineFeeds } from '#app/contract/feeds/timeline.ts';
import type { timelineOperations } from '#app/contract/operations/timeline.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { TimeSlices } from '../feeds/time-slices.ts';
import type { MessageLog } from '../log/message-log.ts';
import { GapMarks } from './gap-marks.ts';
import { density, momentAt, momentBeside, timeOf } from './moments.ts';

type Params = ParsedParamsOf<typeof timelineFeeds.timeline>;

/** Milliseconds between two windows; the present moves on also while nothing comes. */
const INTERVAL = 500;
/** Milliseconds that a window may spend on looking for gaps; the rest goes on in slices. */
const BUILD_SLICE = 2;
/** Milliseconds that the timeline shows at least. */
const MIN_SPAN = 1000;

/** What a timeline reads from. */
export interface TimelineDependencies {
  readonly log: MessageLog;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
  /** Milliseconds since the epoch, by the clock that stamps the messages. */
  now(): number;
  /** When the session began. */
  readonly since: number;
}

/** The feed `timeline`. Nothing is kept for it: each window looks up its columns among the rows. */
export function createTimelineFeed(dependencies: TimelineDependencies): FeedSource<Params, TimelineWindow> {
  const { log, pacer, slices, now, since } = dependencies;
  return (initial, push) => {
    const gaps = new GapMarks(log);
    const tick = setInterval(() => pacer.markDirty(), INTERVAL).unref();
    let due = 0;
    const goOn = (deadline: number) => gaps.advance(deadline);
    let looking: { dispose(): void } | undefined;
    return pacedFeed<Params, TimelineWindow>(pacer, initial, push, {
      build({ columns }, moved) {
        const time = performance.now();
        // Half a tick early is on time.
        if (!moved && time < due - INTERVAL / 2) {
          return undefined;
        }
        due = time + INTERVAL;
        if (gaps.advance(time + BUILD_SLICE)) {
          looking = slices.run(goOn);
        }
        const to = now();
        const { firstSequence: first, newestSequence: newest } = log;
        const from = Math.min(timeOf(log, first) ?? since, to - MIN_SPAN);
        const { evicted, cleared } = log.counts;
        return {
          from,
          to,
          counts: density(log, from, to, columns),
          marks: gaps.marks,
          omittedMarks: gaps.omitted,
          first,
          newest,
          evicted,
          cleared,
          since,
        };
      },
      dispose() {
        clearInterval(tick);
        looking?.dispose();
      },
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
