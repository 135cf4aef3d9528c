import type { ParsedParamsOf } from '#app/contract/define.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { ResultRow, SearchWindow, searchFeeds } from '#app/contract/feeds/search.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import { contextOf, noContext } from '../message-context.ts';
import type { SessionLogs } from '../session-logs.ts';
import type { TickedSource } from '../ticked-feed.ts';
import { QueryMatcher } from './query-matcher.ts';
import { resultRow } from './result-rows.ts';
import { SearchScan } from './search-scan.ts';
import type { TopicNames, TopicNamesOfSessions } from './topic-names.ts';

type SearchParams = ParsedParamsOf<typeof searchFeeds.search>;

/** The results of one query, window by window. What was found is kept as numbers; rows are made for the window only. */
export class SearchFeed implements TickedSource<SearchParams, SearchWindow> {
  readonly #logs: SessionLogs;
  readonly #allNames: TopicNamesOfSessions;
  #params: SearchParams;
  #names: TopicNames;
  #reader: LogReader | undefined;
  #matcher: QueryMatcher | undefined;
  #scan: SearchScan | undefined;
  #failure: Failure | undefined;
  #rows = new Map<number, ResultRow>();
  #sent = '';

  constructor(logs: SessionLogs, names: TopicNamesOfSessions, params: SearchParams) {
    this.#logs = logs;
    this.#allNames = names;
    this.#params = params;
    this.#names = names.take(params.sessionId);
    this.#begin();
  }

  update(params: SearchParams): void {
    const last = this.#params;
    this.#params = params;
    const isOther = last.sessionId !== params.sessionId;
    if (isOther) {
      this.#allNames.giveBack(last.sessionId, this.#names);
      this.#names = this.#allNames.take(params.sessionId);
    }
    // The order of what is all found needs no new search.
    const isTurned = last.order !== params.order && this.#scan?.isDone !== true;
    if (isOther || isTurned || JSON.stringify(last.query) !== JSON.stringify(params.query)) {
      this.#begin();
    }
  }

  advance(deadline: number): boolean {
    const reader = this.#logs.reader(this.#params.sessionId);
    if (reader !== this.#reader) {
      // The session was started anew: its numbers and names are others.
      this.#reader = reader;
      this.#allNames.giveBack(this.#params.sessionId, this.#names);
      this.#names = this.#allNames.take(this.#params.sessionId);
      this.#begin();
    }
    if (
      reader === undefined ||
      this.#scan === undefined ||
      this.#failure !== undefined ||
      this.#params.isStopped
    ) {
      return false;
    }
    try {
      return this.#scan.advance(reader, deadline);
    } catch (error) {
      this.#failure = toFailure(error);
      return false;
    }
  }

  build(moved: boolean): SearchWindow | undefined {
    const scan = this.#scan;
    const { order, count, near, isStopped } = this.#params;
    const total = scan?.total ?? 0;
    const offset = Math.min(this.#params.offset, Math.max(0, total - 1));
    const placeOf = (row: number) => (order === 'oldest' ? row : total - 1 - row);
    const sequences: number[] = [];
    for (let row = offset; row < Math.min(total, offset + count); row++) {
      const sequence = scan?.at(placeOf(row));
      if (sequence !== undefined) {
        sequences.push(sequence);
      }
    }
    const rows = this.#take(sequences);
    const state =
      this.#failure !== undefined
        ? 'failed'
        : scan?.isDone === true
          ? 'live'
          : isStopped
            ? 'stopped'
            : 'searching';
    const progress = scan?.progress ?? 0;
    const version = [
      offset,
      total,
      state,
      progress,
      rows.length,
      rows[0]?.sequence,
      rows.at(-1)?.sequence,
    ].join();
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    const place = near === undefined || scan === undefined ? undefined : scan.lowerBound(near);
    return {
      offset,
      total,
      rows,
      state: isStopped && state === 'live' ? 'stopped' : state,
      progress,
      partly: this.#matcher?.partly ?? 0,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(place === undefined || place >= total ? {} : { nearRow: placeOf(place) }),
    };
  }

  dispose(): void {
    this.#allNames.giveBack(this.#params.sessionId, this.#names);
    this.#scan = undefined;
  }

  #begin(): void {
    this.#failure = undefined;
    this.#scan = undefined;
    this.#matcher = undefined;
    this.#rows = new Map();
    this.#sent = '';
    this.#reader = this.#logs.reader(this.#params.sessionId);
    try {
      this.#matcher = new QueryMatcher(
        this.#params.query,
        this.#names,
        this.#reader === undefined ? noContext : contextOf(this.#reader),
      );
      this.#scan = new SearchScan(this.#matcher, this.#params.order === 'newest');
    } catch (error) {
      this.#failure = toFailure(error);
    }
  }

  /** The rows of a window; those that are in it since the last one are not made again. */
  #take(sequences: readonly number[]): ResultRow[] {
    const reader = this.#reader;
    const next = new Map<number, ResultRow>();
    const gone = new Set<number>();
    if (reader === undefined) {
      return [];
    }
    const unnamed = new Set<number>();
    for (const sequence of sequences) {
      const row = this.#rows.get(sequence) ?? this.#make(reader, sequence, unnamed);
      if (row === undefined) {
        gone.add(sequence);
      } else if (row !== 'unnamed') {
        next.set(sequence, row);
      }
    }
    this.#names.want(unnamed);
    if (gone.size > 0) {
      this.#scan?.forget(gone);
    }
    this.#rows = next;
    return [...next.values()];
  }

  #make(reader: LogReader, sequence: number, unnamed: Set<number>): ResultRow | 'unnamed' | undefined {
    const details = reader.details(sequence);
    const name = details === undefined ? '' : this.#names.get(details.topicId);
    if (details !== undefined && name === undefined) {
      unnamed.add(details.topicId);
      return 'unnamed';
    }
    const { query } = this.#params;
    try {
      return resultRow(reader, sequence, name ?? '', this.#matcher?.text, query);
    } catch (error) {
      // The expression ran away on what is shown.
      this.#failure = toFailure(error);
      return resultRow(reader, sequence, name ?? '', undefined, query);
    }
  }
}
