import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { FieldChangeText, HistoryRow, HistoryWindow, readerFeeds } from '#app/contract/feeds/readers.ts';
import type { Codec } from '#app/payload/codec.ts';
import { type FieldChange, fieldChanges } from '#app/payload/field-changes.ts';
import { ruledPreview } from '#app/payload/ruled-preview.ts';
import type { LogReader } from '../session/log/log-reader.ts';
import { RowKind } from '../session/log/shared-log.ts';
import { fieldsOf, type ReadMessage, readMessage } from './field-reader.ts';
import { fieldText, pathText } from './field-text.ts';
import { HistoryRuns, type Run } from './history-runs.ts';
import { contextOf } from './message-context.ts';
import type { SessionLogs } from './session-logs.ts';
import type { TickedSource } from './ticked-feed.ts';
import { TopicScan } from './topic-scan.ts';

type HistoryParams = ParsedParamsOf<typeof readerFeeds.history>;

const PREVIEW_BYTES = 4096;
const MAX_CHANGES = 12;
/** Bytes of a payload that is still compared field by field for a row. */
const MAX_COMPARED = 256 * 1024;

/** The messages of a topic, newest first, equal ones folded, with what changed from one to the next. */
export class HistoryFeed implements TickedSource<HistoryParams, HistoryWindow> {
  readonly #logs: SessionLogs;
  #params: HistoryParams;
  #scan: TopicScan;
  #runs: HistoryRuns;
  #rows = new Map<string, HistoryRow>();
  #sent = '';
  /** Of the rule for the topic: rows are made anew with another one. */
  #codec: Codec | undefined;

  constructor(logs: SessionLogs, params: HistoryParams) {
    this.#logs = logs;
    this.#params = params;
    this.#scan = new TopicScan(logs, params.sessionId, params.topicId);
    this.#runs = new HistoryRuns(params.fold);
  }

  update(params: HistoryParams): void {
    const last = this.#params;
    this.#params = params;
    const isSameTopic = last.sessionId === params.sessionId && last.topicId === params.topicId;
    if (!isSameTopic || last.fold !== params.fold) {
      this.#scan = new TopicScan(this.#logs, params.sessionId, params.topicId);
      this.#runs = new HistoryRuns(params.fold);
    }
    if (!isSameTopic || last.codec !== params.codec || last.changes !== params.changes) {
      this.#rows = new Map();
    }
  }

  advance(deadline: number): boolean {
    const codec = this.#ruledCodec();
    if (codec !== this.#codec) {
      this.#codec = codec;
      this.#rows = new Map();
      this.#sent = '';
    }
    return this.#scan.advance(deadline, (sequence, reader) => this.#runs.add(sequence, reader));
  }

  build(moved: boolean): HistoryWindow | undefined {
    const { reader } = this.#scan;
    if (reader !== undefined) {
      this.#runs.trim(reader);
    }
    const runs = this.#runs;
    const newest = runs.at(0);
    const version = `${runs.total} ${runs.messages} ${newest?.newest} ${this.#scan.progress}`;
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    const rows: HistoryRow[] = [];
    const known = new Map<string, HistoryRow>();
    const offset = Math.min(this.#params.offset, runs.total);
    for (let index = offset; reader !== undefined && index < offset + this.#params.count; index++) {
      const run = runs.at(index);
      if (run === undefined) {
        break;
      }
      const before = runs.at(index + 1);
      const key = `${run.oldest} ${run.newest} ${run.count} ${before?.newest}`;
      const row = this.#rows.get(key) ?? this.#makeRow(run, before, reader);
      if (row !== undefined) {
        known.set(key, row);
        rows.push(row);
      }
    }
    this.#rows = known;
    return {
      offset,
      total: runs.total,
      rows,
      messages: runs.messages,
      progress: this.#scan.progress,
    };
  }

  dispose(): void {
    this.#rows.clear();
  }

  #ruledCodec(): Codec | undefined {
    const { reader } = this.#scan;
    return reader === undefined ? undefined : contextOf(reader).ruledCodec(this.#params.topicId);
  }

  #makeRow(run: Run, before: Run | undefined, reader: LogReader): HistoryRow | undefined {
    const { topicId, changes: hasChanges } = this.#params;
    const message = readMessage(reader, run.newest, topicId);
    if (message === undefined) {
      return undefined;
    }
    const { row, payload } = message;
    const earlier = before === undefined ? undefined : readMessage(reader, before.newest, topicId);
    const firstAt = run.count === 1 ? row.receivedAt : reader.details(run.oldest)?.receivedAt;
    const changes = hasChanges && earlier !== undefined ? this.#changes(earlier, message) : undefined;
    return {
      sequence: run.newest,
      oldest: run.oldest,
      receivedAt: row.receivedAt,
      count: run.count,
      firstAt: firstAt ?? row.receivedAt,
      direction: row.kind === RowKind.published ? 'published' : 'received',
      qos: row.qos,
      retain: row.retain,
      size: row.size,
      preview: ruledPreview(payload.subarray(0, PREVIEW_BYTES), payload.length, this.#codec),
      ...(earlier === undefined ? {} : { beforeAt: earlier.row.receivedAt }),
      ...(changes === undefined ? {} : { changes: changes.slice(0, MAX_CHANGES).map(changeText) }),
      moreChanges: Math.max(0, (changes?.length ?? 0) - MAX_CHANGES),
    };
  }

  #changes(before: ReadMessage, after: ReadMessage): FieldChange[] | undefined {
    if (Math.max(before.payload.length, after.payload.length) > MAX_COMPARED) {
      return undefined;
    }
    const { codec } = this.#params;
    const exact = { keepsWriting: true };
    const [old, now] = [fieldsOf(before, codec, exact), fieldsOf(after, codec, exact)];
    return old === undefined || now === undefined ? undefined : fieldChanges(old, now);
  }
}

function changeText(change: FieldChange): FieldChangeText {
  const path = pathText(change.path);
  switch (change.kind) {
    case 'changed': {
      // A number that became a text of the same digits has to be seen.
      const quoted = typeof change.before.value !== 'string' || typeof change.after.value !== 'string';
      const before = fieldText(change.before, quoted).text;
      return { kind: 'changed', path, before, after: fieldText(change.after, quoted).text };
    }
    case 'appeared':
      return { kind: 'appeared', path, after: fieldText(change.after).text };
    case 'gone':
      return { kind: 'gone', path, before: fieldText(change.before).text };
  }
}
