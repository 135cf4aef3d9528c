/** A subscription, as far as it says what can be heard. */
export interface ListenedFilter {
  /** Topic filter, variables filled in. */
  readonly filter: string;
  /** Messages keep the RETAIN flag that they were published with (MQTT 5.0 section 3.8.3.1). */
  readonly keepsRetain: boolean;
}

/** From this moment on (milliseconds since the epoch) a session hears these filters; none: it is not connected. */
export interface ListeningChange {
  readonly at: number;
  readonly isConnected: boolean;
  readonly filters: readonly ListenedFilter[];
}

/** Changes that are remembered of a session; the time before the oldest of them counts as not heard. */
export const MAX_LISTENING_CHANGES = 1000;

/** What each session could hear at what time. The list of a session is replaced when it changes, never changed. */
export class SessionListening {
  readonly #changes = new Map<string, readonly ListeningChange[]>();

  add(sessionId: string, change: ListeningChange): void {
    const before = this.#changes.get(sessionId) ?? [];
    this.#changes.set(sessionId, [...before.slice(1 - MAX_LISTENING_CHANGES), change]);
  }

  /** In their order; empty: nothing is known, and all time counts as heard. */
  changesOf(sessionId: string): readonly ListeningChange[] {
    return this.#changes.get(sessionId) ?? noChanges;
  }

  /** Those of all sessions. */
  get all(): Iterable<readonly [string, readonly ListeningChange[]]> {
    return this.#changes;
  }

  remove(sessionId: string): void {
    this.#changes.delete(sessionId);
  }
}

const noChanges: readonly ListeningChange[] = [];
