import { performance } from 'node:perf_hooks';
import { fail } from '#app/contract/failure.ts';
import { type SearchQuery, searchQuerySchema } from '#app/contract/feeds/search.ts';
import type { ExportFormat } from '#app/contract/operations/export.ts';
import { contextOf } from '../message-context.ts';
import type { SessionLogs } from '../session-logs.ts';
import { type ExportWriter, exportWriter } from './export-writer.ts';
import { QueryMatcher } from './query-matcher.ts';
import { SearchScan } from './search-scan.ts';
import type { TopicNames, TopicNamesOfSessions } from './topic-names.ts';

/** Milliseconds that one call works, and bytes of one part: a single message may be larger. */
const SLICE = 40;
const PART = 2 * 1024 * 1024;
/** Exports that may be open; the oldest is ended for the next. */
const MAX_OPEN = 4;

export type ExportWhat = { readonly query: SearchQuery } | { readonly sequences: readonly number[] };

interface OpenExport {
  readonly sessionId: string;
  readonly names: TopicNames;
  readonly writer: ExportWriter;
  readonly scan: SearchScan | undefined;
  /** Found and not written yet. */
  queue: readonly number[];
  at: number;
  /** The newest message when it began: what comes later is not in it. */
  readonly last: number;
  readonly total: number;
  lost: number;
  messages: number;
}

/** What one call gives. */
export interface ExportPart {
  readonly bytes: Uint8Array;
  readonly messages: number;
  readonly progress: number;
  readonly isDone: boolean;
  readonly lost: number;
}

/** Exports of one client: each call makes the next part, so that neither side holds the whole. */
export class Exports {
  readonly #logs: SessionLogs;
  readonly #names: TopicNamesOfSessions;
  readonly #open = new Map<string, OpenExport>();
  #nextId = 1;

  constructor(logs: SessionLogs, names: TopicNamesOfSessions) {
    this.#logs = logs;
    this.#names = names;
  }

  open(sessionId: string, what: ExportWhat, format: ExportFormat): { readonly exportId: string } {
    const reader = this.#logs.reader(sessionId);
    if (reader === undefined) {
      throw fail('session.closed', 'This session is closed.', 'Open the connection again.');
    }
    const names = this.#names.take(sessionId);
    try {
      const scan =
        'query' in what
          ? new SearchScan(
              new QueryMatcher(searchQuerySchema.parse(what.query), names, contextOf(reader)),
              false,
            )
          : undefined;
      const exportId = String(this.#nextId++);
      this.#open.set(exportId, {
        sessionId,
        names,
        writer: exportWriter(format),
        scan,
        queue: 'sequences' in what ? what.sequences : [],
        at: 0,
        last: reader.newestSequence,
        total: 'sequences' in what ? what.sequences.length : 0,
        lost: 0,
        messages: 0,
      });
      for (const oldest of this.#open.keys()) {
        if (this.#open.size <= MAX_OPEN) {
          break;
        }
        this.close(oldest);
      }
      return { exportId };
    } catch (error) {
      this.#names.giveBack(sessionId, names);
      throw error;
    }
  }

  read(exportId: string): ExportPart {
    const open = this.#open.get(exportId);
    const reader = open === undefined ? undefined : this.#logs.reader(open.sessionId);
    if (open === undefined || reader === undefined) {
      throw fail('export.closed', 'This export was ended.', 'Export again.');
    }
    const deadline = performance.now() + SLICE;
    const parts: Uint8Array[] = [];
    let size = 0;
    const { scan, writer } = open;
    try {
      for (;;) {
        while (open.at < open.queue.length && size < PART && performance.now() < deadline) {
          const sequence = open.queue[open.at] ?? 0;
          const row = reader.details(sequence);
          const topic = row === undefined ? '' : open.names.get(row.topicId);
          if (row !== undefined && topic === undefined) {
            open.names.want([row.topicId]);
            // The name is on its way: the next call goes on here.
            return this.#part(open, parts, false);
          }
          open.at += 1;
          const payload = row === undefined ? undefined : reader.payload(sequence);
          if (sequence > open.last) {
            continue;
          }
          if (row === undefined || payload === undefined) {
            open.lost += 1;
            continue;
          }
          const bytes = writer.message(row, topic ?? '', payload);
          open.messages += 1;
          parts.push(bytes);
          size += bytes.length;
        }
        if (open.at < open.queue.length) {
          return this.#part(open, parts, false);
        }
        if (scan === undefined || (scan.isDone && scan.total === 0)) {
          parts.push(writer.end());
          const part = this.#part(open, parts, true);
          this.close(exportId);
          return part;
        }
        const hasMore = scan.advance(reader, deadline);
        open.queue = scan.takeFound();
        open.at = 0;
        if (open.queue.length === 0 && !scan.isDone && (!hasMore || performance.now() >= deadline)) {
          return this.#part(open, parts, false);
        }
        if (scan.isDone && (open.queue[0] ?? Number.POSITIVE_INFINITY) > open.last) {
          open.queue = [];
        }
      }
    } catch (error) {
      this.close(exportId);
      throw error;
    }
  }

  close(exportId: string): void {
    const open = this.#open.get(exportId);
    if (open !== undefined) {
      this.#open.delete(exportId);
      this.#names.giveBack(open.sessionId, open.names);
    }
  }

  dispose(): void {
    for (const exportId of [...this.#open.keys()]) {
      this.close(exportId);
    }
  }

  #part(
    { scan, total, at, messages, lost }: OpenExport,
    parts: readonly Uint8Array[],
    isDone: boolean,
  ): ExportPart {
    const progress = isDone ? 1 : (scan?.progress ?? (total === 0 ? 0 : at / total));
    // A frame takes bytes that are not shared and not a view on more.
    return { bytes: new Uint8Array(Buffer.concat(parts)), messages, progress, isDone, lost };
  }
}
