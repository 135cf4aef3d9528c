import type { z } from 'zod';
import type { Disposable } from '#app/base/disposable.ts';
import type { MessageFilter, MessagesWindow, messagesParamsSchema } from '#app/contract/feeds/session.ts';
import type { FeedSource } from '#app/contract/server.ts';
import type { MessageLog } from '../log/message-log.ts';
import type { TopicLooks } from '../rules/topic-looks.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { MessageRows } from './message-rows.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';
import { FilteredLog, type RowList, WholeLog } from './row-list.ts';
import { messageFilterProblem, RowMatcher } from './row-matcher.ts';
import type { TimeSlices } from './time-slices.ts';
import { TopicHistory } from './topic-history.ts';

type MessagesParams = z.output<typeof messagesParamsSchema>;

/** Milliseconds that a window's own turn may spend on taking in new rows; the rest goes on in slices. */
const BUILD_SLICE = 4;

/** What the feeds of a session read from. */
export interface FeedDependencies {
  readonly log: MessageLog;
  readonly tree: TopicTree;
  readonly matches: TopicLooks;
  readonly pacer: Pacer;
  readonly slices: TimeSlices;
}

/** The message stream, whole or filtered, and the history of a topic. */
export function createMessagesFeed(
  dependencies: FeedDependencies,
): FeedSource<MessagesParams, MessagesWindow> {
  return (params, push) => {
    const view = new MessagesView(dependencies);
    return pacedFeed(dependencies.pacer, params, push, view);
  };
}

class MessagesView {
  readonly #dependencies: FeedDependencies;
  readonly #rows: MessageRows;
  #list: RowList;
  #listKey = '';
  #scan: Disposable | undefined;
  /** What the last window showed. */
  #shown = '';

  constructor(dependencies: FeedDependencies) {
    const { log, tree, matches } = dependencies;
    this.#dependencies = dependencies;
    this.#rows = new MessageRows(log, tree, matches);
    this.#list = new WholeLog(log);
  }

  build(params: MessagesParams, moved: boolean): MessagesWindow | undefined {
    const { log, matches } = this.#dependencies;
    this.#chooseList(params.filter);
    const list = this.#list;
    if (list.advance(performance.now() + BUILD_SLICE)) {
      this.#scanOn();
    }
    const { until } = params;
    const total = until === undefined ? list.length : list.lowerBound(until + 1);
    const offset = firstRow(params, list, total);
    const count = Math.max(0, Math.min(params.count, total - offset));
    const sequences = Array.from({ length: count }, (_, index) => list.at(offset + index));
    const waiting = list.length - total;
    const shown = [
      offset,
      total,
      waiting,
      list.evictedRows,
      list.isScanning,
      matches.version,
      sequences[0],
      sequences.at(-1),
    ];
    const key = shown.join();
    if (!moved && key === this.#shown) {
      return undefined;
    }
    this.#shown = key;
    const filterProblem = messageFilterProblem(params.filter);
    return {
      offset,
      total,
      evictedRows: list.evictedRows,
      rows: this.#rows.take(sequences),
      waiting,
      newestSequence: log.newestSequence,
      scanning: list.isScanning,
      ...(filterProblem === undefined ? {} : { filterProblem }),
    };
  }

  dispose(): void {
    this.#scan?.dispose();
  }

  /** Takes another list when the filter, or which topics are muted, changed. */
  #chooseList(filter: MessageFilter): void {
    const { log, matches } = this.#dependencies;
    const hidesMuted = !filter.includeMuted && matches.hasMuted;
    const key = JSON.stringify([filter, hidesMuted ? matches.mutingVersion : -1]);
    if (key === this.#listKey) {
      return;
    }
    this.#listKey = key;
    this.#scan?.dispose();
    this.#scan = undefined;
    if (!hidesMuted && isEverything(filter)) {
      this.#list = new WholeLog(log);
      return;
    }
    const matcher = new RowMatcher(filter, matches, (topicId) => this.#dependencies.tree.topicOf(topicId));
    this.#list =
      filter.topicId === undefined
        ? new FilteredLog(log, matcher)
        : new TopicHistory(log, filter.topicId, matcher);
  }

  #scanOn(): void {
    const { pacer, slices } = this.#dependencies;
    const list = this.#list;
    this.#scan ??= slices.run((deadline) => {
      const hasMore = list.advance(deadline);
      pacer.markDirty();
      if (!hasMore) {
        this.#scan = undefined;
      }
      return hasMore;
    });
  }
}

/** Number of the first row to show. */
function firstRow(params: MessagesParams, list: RowList, total: number): number {
  switch (params.at.kind) {
    case 'live':
      return Math.max(0, total - params.count);
    case 'row':
      return Math.min(params.at.row, total);
    case 'sequence':
      return Math.min(total, Math.max(0, list.lowerBound(params.at.sequence) - params.at.rowsBefore));
  }
}

function isEverything(filter: MessageFilter): boolean {
  const { topicFilter, text, direction, retain, qos, topicId } = filter;
  return (
    (topicFilter === '' || messageFilterProblem(filter) !== undefined) &&
    text === '' &&
    direction === 'both' &&
    retain === 'any' &&
    qos.length === 0 &&
    topicId === undefined
  );
}
