import { performance } from 'node:perf_hooks';
import type { LogReader } from '../session/log/log-reader.ts';
import { contextOf } from './message-context.ts';
import type { SessionLogs } from './session-logs.ts';

/** Rows of the stream that are looked at in one go: about a tenth of a millisecond. */
const ROWS_AT_ONCE = 100_000;

/** Goes through the messages of one topic in their order, in place, from the oldest that is kept on. */
export class TopicScan {
  readonly #logs: SessionLogs;
  readonly #sessionId: string;
  readonly #topicId: number;
  #reader: LogReader | undefined;
  #pending: readonly number[] = [];
  #at = 0;
  #next = 0;
  #begin = 0;
  #progress = 0;
  /** The codec that a rule named at the beginning, by its id. */
  #ruled: string | undefined;

  constructor(logs: SessionLogs, sessionId: string, topicId: number) {
    this.#logs = logs;
    this.#sessionId = sessionId;
    this.#topicId = topicId;
  }

  /** How much of what was kept at the first look was gone through: 0 to 1, and then it stays 1. */
  get progress(): number {
    return this.#progress;
  }

  /** Rules name another codec for the topic than when the scan began: what was read by it is to be read anew. */
  get isOutruled(): boolean {
    const { reader } = this;
    if (reader === undefined || this.#next === 0 || this.#logs.knowledge === undefined) {
      return false;
    }
    return (
      this.#logs.knowledge.isReady(this.#sessionId, reader, this.#topicId) &&
      contextOf(reader).ruledCodec(this.#topicId)?.id !== this.#ruled
    );
  }

  /** The log as it is now; `undefined` until the session has made it known, and once it is another one. */
  get reader(): LogReader | undefined {
    const reader = this.#logs.reader(this.#sessionId);
    this.#reader ??= reader;
    // After a restart of the session its ids mean something else.
    return reader === this.#reader ? reader : undefined;
  }

  /** Hands on one message after the other until the deadline. True: there are more. */
  advance(deadline: number, visit: (sequence: number, reader: LogReader) => void): boolean {
    const { reader } = this;
    if (reader === undefined) {
      return false;
    }
    if (this.#next === 0) {
      // Births of Sparkplug and rules count from the first message on.
      if (this.#logs.knowledge?.isReady(this.#sessionId, reader, this.#topicId) === false) {
        return false;
      }
      this.#ruled = contextOf(reader).ruledCodec(this.#topicId)?.id;
      const kept = reader.keptOf(this.#topicId);
      this.#pending = kept === undefined ? [] : [kept];
      this.#next = reader.firstSequence;
      this.#begin = this.#next;
    }
    for (;;) {
      while (this.#at < this.#pending.length) {
        const sequence = this.#pending[this.#at] ?? 0;
        this.#at += 1;
        visit(sequence, reader);
        if (performance.now() > deadline) {
          this.#noteProgress(reader);
          return true;
        }
      }
      const { sequences, next } = reader.topicRows(this.#topicId, this.#next, ROWS_AT_ONCE);
      if (next === this.#next) {
        this.#progress = 1;
        return false;
      }
      this.#pending = sequences;
      this.#at = 0;
      this.#next = next;
    }
  }

  #noteProgress(reader: LogReader): void {
    if (this.#progress < 1) {
      const seen = (this.#pending[this.#at - 1] ?? this.#begin) - this.#begin;
      this.#progress = Math.min(0.999, Math.max(0, seen / (reader.newestSequence + 1 - this.#begin)));
    }
  }
}
