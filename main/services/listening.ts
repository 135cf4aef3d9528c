import type { ListeningChange } from '../readers/session-listening.ts';
import type { OpenSession } from './open-session.ts';
import { usableSubscriptions } from './session-profile.ts';

/** Tells what each session can hear, whenever that is something else: silence is only what could have been heard. */
export class ListeningWatch {
  readonly #onChange: (sessionId: string, change: ListeningChange | undefined) => void;
  readonly #told = new Map<string, string>();

  /** `onChange`: with `undefined` once the session is closed. */
  constructor(onChange: (sessionId: string, change: ListeningChange | undefined) => void) {
    this.#onChange = onChange;
  }

  /** State or subscriptions may have changed; `now` in milliseconds since the epoch. */
  note(session: Pick<OpenSession, 'sessionId' | 'state' | 'filled'>, now: number): void {
    const { sessionId, state, filled } = session;
    const isConnected = state.kind === 'connected';
    const filters = isConnected
      ? usableSubscriptions(filled)
          .filter(({ enabled }) => enabled)
          .map(({ filter, retainAsPublished }) => ({
            filter,
            keepsRetain: state.mqttVersion === '5.0' && retainAsPublished,
          }))
      : [];
    const since = isConnected ? state.since : undefined;
    const key = JSON.stringify([since, filters]);
    const told = this.#told.get(sessionId);
    if (key !== told) {
      this.#told.set(sessionId, key);
      // The moment of the connection for what was subscribed then, and now for what joins or goes later.
      const isNew = told === undefined || !told.startsWith(`[${since ?? null},`);
      this.#onChange(sessionId, { at: isNew && since !== undefined ? since : now, isConnected, filters });
    }
  }

  forget(sessionId: string): void {
    if (this.#told.delete(sessionId)) {
      this.#onChange(sessionId, undefined);
    }
  }
}
