import { performance } from 'node:perf_hooks';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { SilenceRow, SilenceWindow, silenceFeeds } from '#app/contract/feeds/silence.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import type { TopicNames, TopicNamesOfSessions } from '../search/topic-names.ts';
import type { SessionListening } from '../session-listening.ts';
import type { SessionLogs } from '../session-logs.ts';
import type { SessionRules } from '../session-rules.ts';
import type { TickedSource } from '../ticked-feed.ts';
import { rhythmOf } from './rhythm.ts';
import { SilenceOrder } from './silence-order.ts';
import { SilenceScan } from './silence-scan.ts';

type Params = ParsedParamsOf<typeof silenceFeeds.silence>;

/** Milliseconds from one order of the rows to the next, and how much of them making it may take at most. */
const ORDER_INTERVAL = 1000;
const ORDER_PART = 20;
const MAX_TOPIC = 512;

/** What a feed of silence reads, and by which clock (milliseconds since the epoch). */
export interface SilenceSources {
  readonly logs: Pick<SessionLogs, 'reader'>;
  readonly names: Pick<TopicNamesOfSessions, 'take' | 'giveBack'>;
  readonly listening: Pick<SessionListening, 'changesOf'>;
  readonly rules: Pick<SessionRules, 'ruleOf'>;
  readonly now: () => number;
}

/** The topics of a session with how long they have been silent: one pass over the log, and then along with it. */
export class SilenceFeed implements TickedSource<Params, SilenceWindow> {
  readonly #sources: SilenceSources;
  #params: Params;
  #names: TopicNames | undefined;
  #reader: LogReader | undefined;
  #scan: SilenceScan | undefined;
  #order: SilenceOrder | undefined;
  #orderedAt = Number.NEGATIVE_INFINITY;
  #orderedView = '';
  #nextOrder = ORDER_INTERVAL;
  /** What the last window was made of, and what it said. */
  #builtOf = '';
  #sent = '';

  constructor(sources: SilenceSources, params: Params) {
    this.#sources = sources;
    this.#params = params;
  }

  update(params: Params): void {
    if (params.sessionId !== this.#params.sessionId) {
      this.dispose();
    }
    this.#params = params;
  }

  advance(deadline: number): boolean {
    const { sessionId } = this.#params;
    const reader = this.#sources.logs.reader(sessionId);
    if (reader === undefined) {
      return false;
    }
    if (reader !== this.#reader || this.#scan === undefined) {
      // After a restart of the session its ids mean something else.
      this.dispose();
      this.#reader = reader;
      this.#names = this.#sources.names.take(sessionId);
      this.#scan = new SilenceScan({ names: this.#names });
      this.#order = new SilenceOrder(this.#scan);
    }
    return this.#scan.advance(reader, this.#sources.listening.changesOf(sessionId), deadline);
  }

  build(moved: boolean): SilenceWindow | undefined {
    const scan = this.#scan;
    const order = this.#order;
    if (scan === undefined || order === undefined) {
      return undefined;
    }
    const now = scan.knownUntil(this.#sources.now());
    this.#arrange(order, now);
    const stamp = [scan.changes, scan.progress, this.#orderedAt].join();
    if (stamp === this.#builtOf && !moved) {
      return undefined;
    }
    this.#builtOf = stamp;
    const { slots, counts } = order;
    const offset = Math.min(this.#params.offset, Math.max(0, slots.length - 1));
    const rows = Array.from(slots.subarray(offset, offset + this.#params.count), (slot) =>
      this.#row(scan, slot, now),
    );
    const { offlineSince } = scan.heard;
    const window: Omit<SilenceWindow, 'at'> = {
      offset,
      total: slots.length,
      rows,
      counts,
      topics: scan.table.slots,
      leftOut: scan.leftOut,
      ...(offlineSince === undefined ? {} : { offlineSince }),
      progress: scan.progress,
    };
    // A few hundred rows at most. Time that passes alone changes nothing in them.
    const version = JSON.stringify(window);
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    return { at: now, ...window };
  }

  dispose(): void {
    if (this.#names !== undefined) {
      this.#sources.names.giveBack(this.#params.sessionId, this.#names);
    }
    this.#names = undefined;
    this.#scan = undefined;
    this.#order = undefined;
    this.#orderedView = '';
    this.#sent = '';
  }

  /** States and places change with time alone, but not so fast that they must be looked at with each window. */
  #arrange(order: SilenceOrder, now: number): void {
    const { text, state, factor, sort, frozen } = this.#params;
    const view = JSON.stringify([text, state, factor, sort]);
    const isSame = view === this.#orderedView;
    // The first topics are shown at once: an order of none would say that none fits.
    const isFirst = order.topics === 0;
    if (isSame && !isFirst && Math.abs(now - this.#orderedAt) < this.#nextOrder) {
      return;
    }
    const begun = performance.now();
    order.update({ text, state, factor, sort }, now, frozen && isSame);
    this.#nextOrder = Math.max(ORDER_INTERVAL, (performance.now() - begun) * ORDER_PART);
    this.#orderedAt = now;
    this.#orderedView = view;
  }

  #row(scan: SilenceScan, slot: number, now: number): SilenceRow {
    const topic = scan.topics[slot] ?? '';
    const rule = this.#sources.rules.ruleOf(this.#params.sessionId, topic);
    return {
      topicId: scan.topicIds[slot] ?? 0,
      topic: topic.slice(0, MAX_TOPIC),
      ...(rule === undefined || rule.label === '' ? {} : { label: rule.label }),
      ...(rule?.color === undefined ? {} : { color: rule.color }),
      ...rhythmOf(scan.table, slot, scan.heard.heard(scan.classOf(slot)), scan.silentFrom(slot), now),
    };
  }
}
