import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { silenceFeeds, TopicSilenceWindow } from '#app/contract/feeds/silence.ts';
import { packFlags } from '../../session/log/shared-log.ts';
import type { SessionLogs } from '../session-logs.ts';
import type { TickedSource } from '../ticked-feed.ts';
import { TopicScan } from '../topic-scan.ts';
import { Arrivals } from './arrivals.ts';
import { HeardTopics } from './heard-time.ts';
import { IntervalTable } from './interval-table.ts';
import { rhythmOf } from './rhythm.ts';
import type { SilenceSources } from './silence-feed.ts';

type Params = ParsedParamsOf<typeof silenceFeeds.topicSilence>;

/** Milliseconds from one window to the next: less than what counts as silence. */
const MIN_INTERVAL = 400;

interface TopicSources extends Pick<SilenceSources, 'listening' | 'now'> {
  readonly logs: SessionLogs;
}

/** The rhythm of one topic: of the log, only the column of topics is gone through. */
export class TopicSilenceFeed implements TickedSource<Params, TopicSilenceWindow> {
  readonly #sources: TopicSources;
  #params: Params;
  #scan: TopicScan;
  #table = new IntervalTable();
  #arrivals = new Arrivals(this.#table);
  #heard = new HeardTopics();
  /** The first row of the stream when it was first looked at. */
  #first: number | undefined;
  #sent = '';
  #sentAt = 0;

  constructor(sources: TopicSources, params: Params) {
    this.#sources = sources;
    this.#params = params;
    this.#scan = new TopicScan(sources.logs, params.sessionId, params.topicId);
    this.#table.add();
  }

  update(params: Params): void {
    const { sessionId, topicId } = this.#params;
    this.#params = params;
    if (sessionId !== params.sessionId || topicId !== params.topicId) {
      this.#scan = new TopicScan(this.#sources.logs, params.sessionId, params.topicId);
      this.#table = new IntervalTable();
      this.#table.add();
      this.#arrivals = new Arrivals(this.#table);
      this.#heard = new HeardTopics();
      this.#first = undefined;
      this.#sent = '';
    }
  }

  advance(deadline: number): boolean {
    const { sessionId } = this.#params;
    this.#heard.follow(this.#sources.listening.changesOf(sessionId));
    this.#first ??= this.#scan.reader?.firstSequence;
    const first = this.#first ?? 0;
    const heard = this.#heardTime;
    return this.#scan.advance(deadline, (sequence, reader) => {
      const row = reader.details(sequence);
      if (row === undefined || row.topicId !== this.#params.topicId) {
        // It made room before it was read.
        this.#table.forgetLast();
        return;
      }
      const { kind, qos, retain, dup, topicId, receivedAt: at, size } = row;
      const entered = { sequence, flags: packFlags(kind, qos, retain, dup), topicId, at, size };
      if (sequence < first) {
        this.#arrivals.keep(0, entered);
      } else {
        this.#arrivals.enter(0, entered, heard, reader);
      }
    });
  }

  build(moved: boolean): TopicSilenceWindow | undefined {
    const now = this.#sources.now();
    if (!moved && Math.abs(now - this.#sentAt) < MIN_INTERVAL) {
      return undefined;
    }
    const from = this.#table.lastAt(0);
    const { progress } = this.#scan;
    const isKnown = this.#table.seenAt(0) !== Number.NEGATIVE_INFINITY;
    const window: Omit<TopicSilenceWindow, 'at'> = {
      topicId: this.#params.topicId,
      // Half read, an old message would pass for the last.
      ...(isKnown && progress === 1 ? { rhythm: rhythmOf(this.#table, 0, this.#heardTime, from, now) } : {}),
      progress,
    };
    const version = JSON.stringify(window);
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    this.#sentAt = now;
    return { at: now, ...window };
  }

  dispose(): void {
    // What was read goes with the feed.
  }

  get #heardTime() {
    return this.#heard.heard(this.#heard.classOf(this.#params.topic));
  }
}
