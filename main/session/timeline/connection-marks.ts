import type { TimelineMark } from '#app/contract/feeds/timeline.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';

/** Marks that are held; older ones go. */
const MAX_MARKS = 200;

/** When the connection of a session was there and when it was not. */
export class ConnectionMarks {
  #marks: readonly TimelineMark[] = [];
  #isConnected = false;

  /** The oldest first. */
  get marks(): readonly TimelineMark[] {
    return this.#marks;
  }

  /** Takes note of the connection's state at a time in milliseconds since the epoch. */
  note(state: ConnectionState, at: number): void {
    const isConnected = state.kind === 'connected';
    if (isConnected === this.#isConnected) {
      return;
    }
    this.#isConnected = isConnected;
    this.#marks = [...this.#marks, { at, ...markOf(state) }].slice(-MAX_MARKS);
  }
}

function markOf(state: ConnectionState): Pick<TimelineMark, 'kind' | 'text'> {
  switch (state.kind) {
    case 'connected':
      return { kind: 'connected', text: 'Connected' };
    case 'waiting':
    case 'failed':
      return { kind: 'lost', text: `Connection lost: ${state.failure.message}` };
    case 'connecting':
      // Tried again at once: why it was lost stands in the stream.
      return { kind: 'lost', text: 'Connection lost' };
    case 'offline':
    case 'disconnecting':
      return { kind: 'disconnected', text: 'Disconnected' };
  }
}
