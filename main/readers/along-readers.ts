import type { contract } from '#app/contract/contract.ts';
import { fail } from '#app/contract/failure.ts';
import type { FeedSources, OperationHandlers } from '#app/contract/server.ts';
import { numberOfField } from '#app/payload/number-text.ts';
import { ChartFeed } from './charts/chart-feed.ts';
import { lowerBound } from './charts/decimate.ts';
import { SeriesStore } from './charts/series-store.ts';
import type { DecodeWatch } from './decoder.ts';
import { fieldsOf, numberOfPayload, readMessage } from './field-reader.ts';
import { fieldText } from './field-text.ts';
import { HistoryFeed } from './history-feed.ts';
import { RequestsFeed } from './requests/requests-feed.ts';
import { Exports } from './search/exports.ts';
import { SearchFeed } from './search/search-feed.ts';
import { type AskTopics, TopicNamesOfSessions } from './search/topic-names.ts';
import { SessionListening } from './session-listening.ts';
import type { SessionLogs } from './session-logs.ts';
import { SessionRules } from './session-rules.ts';
import { ShapeFeed } from './shape-feed.ts';
import { SilenceFeed } from './silence/silence-feed.ts';
import { TopicSilenceFeed } from './silence/topic-silence-feed.ts';
import { SparkplugFeed } from './sparkplug/sparkplug-feed.ts';
import { tickedFeed } from './ticked-feed.ts';
import { Ticker } from './ticker.ts';
import { TopicKnowledge } from './topic-knowledge.ts';

type Feeds = typeof contract.readers.feeds;
type Operations = Pick<typeof contract.readers.operations, 'series.points' | 'message.numbers'>;

/** Points that one answer carries. */
const POINTS_AT_ONCE = 20_000;
const NUMBERS_AT_ONCE = 100;

/** What reads along with the logs for as long as it is looked at: charts, histories, shapes. */
export class AlongReaders {
  readonly #logs: SessionLogs;
  readonly #ticker: Ticker;
  readonly #series: SeriesStore;
  readonly sources: FeedSources<Feeds>;
  readonly handlers: OperationHandlers<Operations>;

  readonly rules: SessionRules;
  /** Names of topics, for searches and exports. */
  readonly names: TopicNamesOfSessions;

  /** What the sessions could hear at what time. */
  readonly listening = new SessionListening();

  constructor(
    logs: SessionLogs,
    watch: DecodeWatch,
    askTopics: AskTopics = closeAtOnce,
    rules = new SessionRules(),
  ) {
    const ticker = new Ticker(watch);
    const names = new TopicNamesOfSessions(askTopics, () => ticker.soon());
    this.names = names;
    this.rules = rules;
    logs.knowledge = new TopicKnowledge(rules, askTopics, () => ticker.soon());
    const series = new SeriesStore(logs);
    this.#logs = logs;
    this.#ticker = ticker;
    this.#series = series;
    const silence = { logs, names, rules, listening: this.listening, now: Date.now };
    this.sources = {
      chart: (params, push) => tickedFeed(ticker, push, new ChartFeed(series, params)),
      history: (params, push) => tickedFeed(ticker, push, new HistoryFeed(logs, params)),
      requests: (params, push) => tickedFeed(ticker, push, new RequestsFeed(logs, names, params)),
      search: (params, push) => tickedFeed(ticker, push, new SearchFeed(logs, names, params)),
      sparkplug: (params, push) => tickedFeed(ticker, push, new SparkplugFeed(logs, names, params)),
      silence: (params, push) => tickedFeed(ticker, push, new SilenceFeed(silence, params)),
      topicSilence: (params, push) => tickedFeed(ticker, push, new TopicSilenceFeed(silence, params)),
      shape: (params, push) => tickedFeed(ticker, push, new ShapeFeed(logs, params)),
    };
    this.handlers = {
      'message.numbers': async ({ sessionId, sequence, codec }) => {
        const reader = logs.reader(sessionId);
        const message = reader === undefined ? undefined : readMessage(reader, sequence);
        if (reader !== undefined && message !== undefined) {
          await logs.knowledge?.untilReady(sessionId, reader, message.row.topicId);
        }
        const fields = message === undefined ? [] : (fieldsOf(message, codec, { keepsWriting: true }) ?? []);
        return {
          fields: fields
            .filter(({ value }) => numberOfField(value) !== undefined)
            .slice(0, NUMBERS_AT_ONCE)
            .map((field) => ({ path: field.path, text: fieldText(field).text })),
          isNumber: message !== undefined && numberOfPayload(message.payload) !== undefined,
        };
      },
      'series.points': ({ sessionId, series: part, from, to, at }) => {
        const found = series.find({ ...part, sessionId });
        if (found === undefined) {
          throw fail('series.closed', 'This series is not in a chart that is open.', 'Open its chart again.');
        }
        const { points } = found;
        // Counted with those that made room, so that a page does not move between two calls.
        const first = Math.max(at - points.dropped, lowerBound(points, from));
        const last = Math.min(points.end, first + POINTS_AT_ONCE);
        let end = first;
        while (end < last && (points.times[end] ?? 0) <= to) {
          end += 1;
        }
        const isMore = end === last && end < points.end;
        return {
          times: [...points.times.subarray(first, end)],
          values: [...points.values.subarray(first, end)],
          ...(isMore ? { next: end + points.dropped } : {}),
        };
      },
    };
  }

  /** Exports for one client; they end with it. */
  openExports(): Exports {
    return new Exports(this.#logs, this.names);
  }

  removeSession(sessionId: string): void {
    this.#series.removeSession(sessionId);
    this.names.remove(sessionId);
    this.#logs.knowledge?.removeSession(sessionId);
  }

  dispose(): void {
    this.#ticker.dispose();
  }
}

/** Without a session to ask, topics have no names. */
const closeAtOnce: AskTopics = (_sessionId, port) => port.close();
