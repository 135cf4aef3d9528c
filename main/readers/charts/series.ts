import type { SeriesValue } from '#app/contract/feeds/readers.ts';
import { numberOfField } from '#app/payload/number-text.ts';
import type { LogReader } from '../../session/log/log-reader.ts';
import { fieldsOf, numberOfPayload, readMessage } from '../field-reader.ts';
import type { SessionLogs } from '../session-logs.ts';
import { TopicScan } from '../topic-scan.ts';
import { SeriesPoints } from './series-points.ts';

/** What makes a series. */
export interface SeriesSource {
  readonly sessionId: string;
  readonly topicId: number;
  readonly codec: string;
  readonly value: SeriesValue;
}

/** Milliseconds that the newest point may be behind the newest message before messages are left out, and taken again. */
const MAX_LAG = 2000;
const SMALL_LAG = 500;
const MAX_STRIDE = 1 << 16;
const SECOND = 1000;
/** Seconds of silence that are drawn one by one. */
const MAX_SILENCE = 3600;

/** One number of each message of a topic, from the oldest that is kept on, as they come. */
export class Series {
  #points = new SeriesPoints();
  #restarts = 0;
  readonly #source: SeriesSource;
  readonly #logs: SessionLogs;
  #scan: TopicScan;
  #without = 0;
  #skipped = 0;
  #stride = 1;
  #ordinal = 0;
  #lastAt = 0;
  /** Of a rate: the second that is being counted, and its messages so far. */
  #second = Number.NaN;
  #inSecond = 0;

  constructor(logs: SessionLogs, source: SeriesSource) {
    this.#logs = logs;
    this.#source = source;
    this.#scan = new TopicScan(logs, source.sessionId, source.topicId);
  }

  get points(): SeriesPoints {
    return this.#points;
  }

  /** Messages in which there was no such number. */
  get without(): number {
    return this.#without;
  }

  /** Messages left out, as they came faster than they could be read. */
  get skipped(): number {
    return this.#skipped;
  }

  get progress(): number {
    return this.#scan.progress;
  }

  /** Changes with everything that a chart shows. */
  get version(): string {
    return `${this.#restarts} ${this.points.end} ${this.points.dropped} ${this.#without} ${this.#skipped} ${this.progress}`;
  }

  /** Reads on until the deadline; true: there is more. */
  advance(deadline: number): boolean {
    if (this.#source.value.kind === 'field' && this.#source.codec === 'auto' && this.#scan.isOutruled) {
      this.#restart();
    }
    const hasMore = this.#scan.advance(deadline, (sequence, reader) => this.#visit(sequence, reader));
    this.#keepUp(hasMore);
    if (this.#source.value.kind === 'rate' && !hasMore) {
      // Messages of the last moment may not be in the log yet.
      this.#endSecond(Date.now() - 300);
    }
    return hasMore;
  }

  /** A rule chose another codec for the topic: the messages are read anew. */
  #restart(): void {
    this.#restarts += 1;
    this.#points = new SeriesPoints();
    this.#scan = new TopicScan(this.#logs, this.#source.sessionId, this.#source.topicId);
    this.#without = 0;
    this.#skipped = 0;
    this.#stride = 1;
    this.#ordinal = 0;
    this.#lastAt = 0;
  }

  #visit(sequence: number, reader: LogReader): void {
    this.#ordinal += 1;
    if (this.#ordinal % this.#stride !== 0) {
      this.#skipped += 1;
      return;
    }
    const { topicId, value } = this.#source;
    if (value.kind === 'size' || value.kind === 'rate') {
      const row = reader.details(sequence);
      if (row !== undefined && row.topicId === topicId) {
        this.#lastAt = row.receivedAt;
        if (value.kind === 'size') {
          this.points.push(row.receivedAt, row.size);
        } else {
          this.#count(row.receivedAt);
        }
      }
      return;
    }
    const message = readMessage(reader, sequence, topicId);
    if (message === undefined) {
      return;
    }
    const { receivedAt } = message.row;
    this.#lastAt = receivedAt;
    const number =
      value.kind === 'payload'
        ? numberOfPayload(message.payload)
        : numberOfField(
            fieldsOf(message, this.#source.codec)?.findLast(({ path }) => path === value.path)?.value ?? null,
          );
    if (number === undefined) {
      this.#without += 1;
    } else {
      this.points.push(receivedAt, number);
    }
  }

  /** Messages that come faster than they can be read are taken in steps, rather than shown ever later. */
  #keepUp(hasMore: boolean): void {
    const { reader } = this.#scan;
    if (!hasMore || this.progress < 1 || reader === undefined || this.#source.value.kind === 'rate') {
      this.#stride = hasMore ? this.#stride : Math.max(1, this.#stride >> 1);
      return;
    }
    const newest = reader.details(reader.newestSequence)?.receivedAt ?? this.#lastAt;
    const lag = newest - this.#lastAt;
    if (lag > MAX_LAG) {
      this.#stride = Math.min(MAX_STRIDE, this.#stride * 2);
    } else if (lag < SMALL_LAG) {
      this.#stride = Math.max(1, this.#stride >> 1);
    }
  }

  #count(receivedAt: number): void {
    const second = Math.floor(receivedAt / SECOND);
    if (Number.isNaN(this.#second)) {
      this.#second = second;
    } else if (second > this.#second) {
      this.#endSecond(receivedAt);
    }
    this.#inSecond += 1;
  }

  /**
   * Once a second is over its messages are a point, and so is each second of silence after it; of more than an hour of
   * silence only the first and the last.
   */
  #endSecond(now: number): void {
    const second = Math.floor(now / SECOND);
    if (!(second > this.#second)) {
      return;
    }
    this.points.push(this.#second * SECOND, this.#inSecond);
    const silent = second - this.#second - 1;
    for (let next = this.#second + 1; next < second; next += silent > MAX_SILENCE ? silent - 1 : 1) {
      this.points.push(next * SECOND, 0);
    }
    this.#second = second;
    this.#inSecond = 0;
  }
}
