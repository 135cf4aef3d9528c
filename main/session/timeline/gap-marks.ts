import type { TimelineMark } from '#app/contract/feeds/timeline.ts';
import { LOST_WORDS } from '../ingest.ts';
import type { MessageLog } from '../log/message-log.ts';
import { kindOf, RowKind } from '../log/shared-log.ts';

/** Marks that are held; older ones are counted. */
const MAX_MARKS = 200;
/** Rows between two looks at the clock. */
const AT_ONCE = 16_384;

const decoder = new TextDecoder();

/** The gaps in a session's log, found by going through it once and then along with it. */
export class GapMarks {
  readonly #log: MessageLog;
  #marks: TimelineMark[] = [];
  #omitted = 0;
  #next = 0;

  constructor(log: MessageLog) {
    this.#log = log;
  }

  /** Those that are kept, the oldest first. */
  get marks(): readonly TimelineMark[] {
    return this.#marks;
  }

  /** How many more there are than {@link marks}. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Looks at what is new until the deadline (as `performance.now()` counts); true: there is more. */
  advance(deadline: number): boolean {
    const log = this.#log;
    const first = log.firstSequence;
    if (this.#marks.some(({ sequence }) => sequence < first)) {
      this.#marks = this.#marks.filter(({ sequence }) => sequence >= first);
      // The omitted ones are the oldest.
      this.#omitted = 0;
    }
    this.#next = Math.max(this.#next, first);
    while (this.#next <= log.newestSequence) {
      const chunk = log.chunkAt(this.#next);
      if (chunk === undefined) {
        return false;
      }
      const { flags } = chunk.columns;
      const end = Math.min(chunk.end, this.#next + AT_ONCE);
      for (let sequence = this.#next; sequence < end; sequence += 1) {
        const row = sequence - chunk.first;
        if (kindOf(flags[row]!) === RowKind.gap) {
          this.#add(sequence, chunk.columns.receivedAt[row]!);
        }
      }
      this.#next = end;
      if (performance.now() > deadline) {
        return this.#next <= log.newestSequence;
      }
    }
    return false;
  }

  #add(sequence: number, at: number): void {
    // A copy: decoders do not take shared memory.
    const text = decoder.decode(new Uint8Array(this.#log.payload(sequence, 0, 1000) ?? []));
    this.#marks.push({ sequence, at, kind: text.startsWith(LOST_WORDS) ? 'lost' : 'back', text });
    if (this.#marks.length > MAX_MARKS) {
      this.#marks.shift();
      this.#omitted += 1;
    }
  }
}
