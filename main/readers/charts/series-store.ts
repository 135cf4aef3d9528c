import type { SessionLogs } from '../session-logs.ts';
import { Series, type SeriesSource } from './series.ts';

/** Series that nobody looks at and that are kept nevertheless: a chart that is shown again is there at once. */
const MAX_UNUSED = 6;

interface Held {
  readonly series: Series;
  readonly sessionId: string;
  users: number;
}

/** The series of all clients: who asks for the same gets the same. */
export class SeriesStore {
  readonly #logs: SessionLogs;
  readonly #held = new Map<string, Held>();

  constructor(logs: SessionLogs) {
    this.#logs = logs;
  }

  /** Gives back with {@link release}. */
  take(source: SeriesSource): Series {
    const key = keyOf(source);
    const held = this.#held.get(key) ?? {
      series: new Series(this.#logs, source),
      sessionId: source.sessionId,
      users: 0,
    };
    held.users += 1;
    // The one that was used last stands last.
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.series;
  }

  release(source: SeriesSource): void {
    const held = this.#held.get(keyOf(source));
    if (held === undefined) {
      return;
    }
    held.users -= 1;
    const unused = [...this.#held].filter(([, { users }]) => users <= 0);
    for (const [key] of unused.slice(0, Math.max(0, unused.length - MAX_UNUSED))) {
      this.#held.delete(key);
    }
  }

  /** A series that somebody looks at. */
  find(source: SeriesSource): Series | undefined {
    return this.#held.get(keyOf(source))?.series;
  }

  removeSession(sessionId: string): void {
    for (const [key, held] of this.#held) {
      if (held.sessionId === sessionId) {
        this.#held.delete(key);
      }
    }
  }
}

function keyOf({ sessionId, topicId, codec, value }: SeriesSource): string {
  return JSON.stringify([sessionId, topicId, codec, value.kind, value.kind === 'field' ? value.path : '']);
}
