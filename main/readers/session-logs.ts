import { setTimeout as delay } from 'node:timers/promises';
import { type FailureError, fail } from '#app/contract/failure.ts';
import { LogReader, type SharedRow } from '../session/log/log-reader.ts';
import { unpackProperties } from '../session/log/properties.ts';
import { RowKind, type SharedLogUpdate } from '../session/log/shared-log.ts';
import { setContextOf } from './message-context.ts';
import type { TopicKnowledge } from './topic-knowledge.ts';

/** One message as the decoder needs it. `payload` is a copy of its own. */
export interface StoredMessage {
  readonly payload: Uint8Array;
  readonly contentType?: string;
  readonly payloadIsUtf8?: boolean;
  /** The user property `content-encoding`. */
  readonly contentEncoding?: string;
}

/** How long a message that the log does not show yet is waited for, in milliseconds, and in how many steps. */
const WAIT_STEP = 20;
const WAIT_STEPS = 15;
/** A message older than the stream is gone, unless it is just moving to the newest of the topics. */
const WAIT_STEPS_IF_OLD = 2;

/** The logs of all sessions, read in place. */
export class SessionLogs {
  readonly #readers = new Map<string, LogReader>();
  /** What is known of topics; set by who can ask the sessions for names. */
  knowledge: TopicKnowledge | undefined;

  apply(sessionId: string, update: SharedLogUpdate): void {
    let reader = this.#readers.get(sessionId);
    if (reader === undefined || update.type === 'open') {
      reader = new LogReader();
      if (this.knowledge !== undefined) {
        setContextOf(reader, this.knowledge.contextFor(sessionId, reader));
      }
      this.#readers.set(sessionId, reader);
    }
    reader.apply(update);
  }

  close(sessionId: string): void {
    this.#readers.delete(sessionId);
  }

  /** The log of a session, to be read along with; `undefined` while it is not known. */
  reader(sessionId: string): LogReader | undefined {
    return this.#readers.get(sessionId);
  }

  /**
   * Copies a message out of its log. Rejects with `message.evicted` when the budget took it. News of the log's memory
   * takes another way than requests and may be late: what is not there yet is waited for, for a short time.
   */
  async read(sessionId: string, sequence: number): Promise<StoredMessage> {
    for (let step = 0; ; step++) {
      const reader = this.#readers.get(sessionId);
      const message = reader === undefined ? undefined : copyMessage(reader, sequence);
      if (message !== undefined) {
        return message;
      }
      const isOld = reader !== undefined && sequence < reader.firstSequence;
      if (step === (isOld ? WAIT_STEPS_IF_OLD : WAIT_STEPS)) {
        throw missing(reader, sequence);
      }
      await delay(WAIT_STEP);
    }
  }
}

function copyMessage(reader: LogReader, sequence: number): StoredMessage | undefined {
  const row: SharedRow | undefined = reader.details(sequence);
  // A gap in the stream has a text, but is no message.
  if (row === undefined || row.kind === RowKind.gap) {
    return undefined;
  }
  const payload = reader.payload(sequence);
  if (payload === undefined) {
    return undefined;
  }
  return { payload, ...hintsOf(row) };
}

/** What a message says of its payload. */
export function hintsOf(row: SharedRow): Omit<StoredMessage, 'payload'> {
  const { contentType, payloadIsUtf8, userProperties } = unpackProperties(row.properties);
  const encoding = userProperties?.find(({ key }) => key.toLowerCase() === 'content-encoding');
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(payloadIsUtf8 === undefined ? {} : { payloadIsUtf8 }),
    ...(encoding === undefined ? {} : { contentEncoding: encoding.value }),
  };
}

function missing(reader: LogReader | undefined, sequence: number): FailureError {
  if (reader === undefined) {
    return fail('session.closed', 'This session is closed.', 'Open the connection again.');
  }
  return sequence < reader.firstSequence
    ? evictedFailure()
    : fail('message.unknown', 'There is no such message.', 'Choose another message.', `Sequence ${sequence}`);
}

/** A message that made room for newer ones. */
function evictedFailure(): FailureError {
  return fail(
    'message.evicted',
    'This message is no longer kept: newer ones took its place.',
    'To keep more, raise “Message log” in the profile under Advanced.',
  );
}
