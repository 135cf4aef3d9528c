import { performance } from 'node:perf_hooks';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { RequestRow, RequestsWindow, requestsFeeds } from '#app/contract/feeds/requests.ts';
import type { LogReader, RowBlock } from '../../session/log/log-reader.ts';
import { unpackProperties } from '../../session/log/properties.ts';
import { kindOf, RETAIN_FLAG, RowKind } from '../../session/log/shared-log.ts';
import type { TopicNames, TopicNamesOfSessions } from '../search/topic-names.ts';
import type { SessionLogs } from '../session-logs.ts';
import type { TickedSource } from '../ticked-feed.ts';
import { type Exchange, type Exchanged, Pairing } from './pairing.ts';

type RequestsParams = ParsedParamsOf<typeof requestsFeeds.requests>;

/** Rows between two looks at the clock. */
const BLOCK_ROWS = 2000;
/** Bytes of properties that are read at most; correlation data of this length serve no one. */
const MAX_PROPERTIES = 256 * 1024;
const MAX_TOPIC = 512;
const MAX_DIGITS = 64;
/** Milliseconds between two windows of which only the waiting time differs. */
const AGE_STEP = 1000;

/** The requests of a session and their answers: one pass over the log, and then along with it. */
export class RequestsFeed implements TickedSource<RequestsParams, RequestsWindow> {
  readonly #logs: SessionLogs;
  readonly #allNames: TopicNamesOfSessions;
  #params: RequestsParams;
  #names: TopicNames;
  #reader: LogReader | undefined;
  #pairing: Pairing;
  /** The next row that is looked at; 0: none was. */
  #next = 0;
  #begin = 0;
  #progress = 0;
  #changes = 0;
  #sent = '';

  constructor(logs: SessionLogs, names: TopicNamesOfSessions, params: RequestsParams) {
    this.#logs = logs;
    this.#allNames = names;
    this.#params = params;
    this.#names = names.take(params.sessionId);
    this.#reader = logs.reader(params.sessionId);
    this.#pairing = new Pairing(params.pairs);
  }

  update(params: RequestsParams): void {
    const last = this.#params;
    if (last.sessionId !== params.sessionId) {
      this.#allNames.giveBack(last.sessionId, this.#names);
      this.#names = this.#allNames.take(params.sessionId);
    }
    this.#params = params;
    if (last.sessionId !== params.sessionId || JSON.stringify(last.pairs) !== JSON.stringify(params.pairs)) {
      this.#restart();
    }
  }

  advance(deadline: number): boolean {
    const reader = this.#logs.reader(this.#params.sessionId);
    if (reader !== this.#reader) {
      // The session was started anew: its numbers and names are others.
      this.#allNames.giveBack(this.#params.sessionId, this.#names);
      this.#names = this.#allNames.take(this.#params.sessionId);
      this.#restart();
    }
    if (reader === undefined) {
      return false;
    }
    if (this.#next === 0) {
      this.#next = reader.firstSequence;
      this.#begin = this.#next;
    }
    for (;;) {
      // What was evicted meanwhile cannot be read any more.
      this.#next = Math.max(this.#next, reader.firstSequence);
      const block = reader.rowsFrom(this.#next, BLOCK_ROWS);
      if (block === undefined) {
        this.#progress = 1;
        return false;
      }
      const end = this.#read(block);
      if (end < block.end) {
        // The names of these topics are on their way, and bring the next tick.
        return false;
      }
      if (performance.now() > deadline) {
        const span = reader.newestSequence + 1 - this.#begin;
        this.#progress = Math.max(this.#progress, Math.min(0.999, (this.#next - this.#begin) / span));
        return true;
      }
    }
  }

  build(moved: boolean): RequestsWindow | undefined {
    const now = Date.now();
    const { order, timeout, text, state, count } = this.#params;
    const counts = { waiting: 0, answered: 0, unanswered: 0 };
    const shown: Exchange[] = [];
    const roundTrips: number[] = [];
    const part = text.toLowerCase();
    for (const exchange of this.#pairing.exchanges) {
      const isNow = stateOf(exchange, now, timeout);
      counts[isNow] += 1;
      if (exchange.answer !== undefined) {
        roundTrips.push(exchange.answer.at - exchange.request.at);
      }
      if ((state === 'all' || state === isNow) && (part === '' || isAbout(exchange, part))) {
        shown.push(exchange);
      }
    }
    if (order === 'slowest') {
      shown.sort((a, b) => duration(a, now) - duration(b, now));
    }
    shown.reverse();
    const offset = Math.min(this.#params.offset, Math.max(0, shown.length - 1));
    const age = counts.waiting > 0 && order === 'slowest' ? Math.floor(now / AGE_STEP) : 0;
    const version = [this.#changes, counts.waiting, counts.unanswered, age, this.#progress].join();
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    roundTrips.sort((a, b) => a - b);
    const at = (share: number) => roundTrips[Math.ceil(roundTrips.length * share) - 1] ?? 0;
    return {
      offset,
      total: shown.length,
      rows: shown.slice(offset, offset + count).map((exchange) => rowOf(exchange, now, timeout)),
      counts,
      ...(roundTrips.length === 0
        ? {}
        : { roundTrip: { median: at(0.5), p95: at(0.95), max: roundTrips.at(-1) ?? 0 } }),
      dropped: this.#pairing.dropped,
      progress: this.#progress,
    };
  }

  dispose(): void {
    this.#allNames.giveBack(this.#params.sessionId, this.#names);
  }

  #restart(): void {
    this.#reader = this.#logs.reader(this.#params.sessionId);
    this.#pairing = new Pairing(this.#params.pairs);
    this.#next = 0;
    this.#progress = 0;
    this.#changes += 1;
    this.#sent = '';
  }

  /** Reads the rows of a block up to the first whose topic has no name yet; returns the row behind the last. */
  #read(block: RowBlock): number {
    const { columns, first } = block;
    const unnamed = new Set<number>();
    for (let row = block.row; row < block.end; row++) {
      const topicId = columns.topicId[row] ?? 0;
      if (kindOf(columns.flags[row] ?? 0) !== RowKind.gap && this.#names.get(topicId) === undefined) {
        unnamed.add(topicId);
      }
    }
    this.#names.want(unnamed);
    let row = block.row;
    for (; row < block.end; row++) {
      const topicId = columns.topicId[row] ?? 0;
      const kind = kindOf(columns.flags[row] ?? 0);
      if (kind === RowKind.gap) {
        continue;
      }
      const topic = this.#names.get(topicId);
      if (topic === undefined) {
        break;
      }
      const length = columns.propertiesLength[row] ?? 0;
      if (length === 0 && !this.#pairing.isAwaited(topic) && this.#pairing.pairedTopic(topic) === undefined) {
        continue;
      }
      const message = messageOf(block, row, topic, length <= MAX_PROPERTIES ? length : 0);
      // Read in place: it counts only if it was still there after reading.
      if (block.isKept()) {
        this.#pairing.note(message);
        this.#changes += 1;
      }
    }
    this.#next = first + row;
    return row;
  }
}

function messageOf(block: RowBlock, row: number, topic: string, propertiesLength: number): Exchanged {
  const { columns, bytes, first } = block;
  const flags = columns.flags[row] ?? 0;
  const size = columns.length[row] ?? 0;
  const start = (columns.offset[row] ?? 0) + size;
  const { responseTopic, correlationData } =
    propertiesLength === 0 ? {} : tryUnpack(bytes.subarray(start, start + propertiesLength));
  return {
    sequence: first + row,
    at: columns.receivedAt[row] ?? 0,
    topicId: columns.topicId[row] ?? 0,
    topic,
    isPublished: kindOf(flags) === RowKind.published,
    isRetained: (flags & RETAIN_FLAG) !== 0,
    size,
    responseTopic,
    correlation: correlationData === undefined ? undefined : Buffer.from(correlationData).toString('hex'),
  };
}

/** Memory that is used again meanwhile need not be properties any more. */
function tryUnpack(bytes: Uint8Array): ReturnType<typeof unpackProperties> {
  try {
    return unpackProperties(bytes);
  } catch {
    return {};
  }
}

function stateOf({ answer, request }: Exchange, now: number, timeout: number): RequestRow['state'] {
  return answer !== undefined ? 'answered' : now - request.at < timeout ? 'waiting' : 'unanswered';
}

/** Milliseconds until the answer, or until now. */
function duration({ answer, request }: Exchange, now: number): number {
  return (answer?.at ?? now) - request.at;
}

function isAbout({ request, responseTopic }: Exchange, part: string): boolean {
  return request.topic.toLowerCase().includes(part) || responseTopic.toLowerCase().includes(part);
}

const directionOf = ({ isPublished }: Exchanged) => (isPublished ? 'published' : 'received');

function rowOf(exchange: Exchange, now: number, timeout: number): RequestRow {
  const { request, responseTopic, by, answer, count, lacksCorrelation } = exchange;
  return {
    sequence: request.sequence,
    at: request.at,
    direction: directionOf(request),
    topic: request.topic.slice(0, MAX_TOPIC),
    topicId: request.topicId,
    responseTopic: responseTopic.slice(0, MAX_TOPIC),
    by,
    ...(request.correlation === undefined ? {} : { correlation: request.correlation.slice(0, MAX_DIGITS) }),
    state: stateOf(exchange, now, timeout),
    ...(answer === undefined
      ? {}
      : {
          answer: {
            sequence: answer.sequence,
            topicId: answer.topicId,
            at: answer.at,
            direction: directionOf(answer),
            count,
            lacksCorrelation,
            isRetained: answer.isRetained,
          },
        }),
  };
}
