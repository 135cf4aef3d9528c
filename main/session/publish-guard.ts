import { fail } from '#app/contract/failure.ts';
import type { HoldWay } from '#app/contract/operations/session.ts';
import type { Guard } from '#app/profile/profile.ts';

/** Milliseconds between the beginning of a hold and the publish that it allows. */
const HOLD: Readonly<Record<HoldWay, number>> = { hold: 900, twice: 200 };
/** Milliseconds for which a hold allows a publish; a large payload takes its time to be handed over. */
const VALID = 300_000;
const MAX_HOLDS = 100;

/** For what publishes by itself, after the user allowed it once. */
export interface PublishPermit {
  /** Throws `guard.readOnly` or `guard.changed` when it has to stop; to be asked before each message. */
  check(): void;
}

/**
 * Stands before every PUBLISH of a session: refuses all for a read-only profile, and those that nobody held the button
 * for where each is to be confirmed. A hold serves once.
 */
export class PublishGuard {
  readonly #now: () => number;
  readonly #holds = new Map<string, { readonly since: number; readonly way: HoldWay }>();
  #guard: Guard;

  /** `now` in milliseconds, steadily growing. */
  constructor(guard: Guard, now: () => number = () => performance.now()) {
    this.#guard = guard;
    this.#now = now;
  }

  get guard(): Guard {
    return this.#guard;
  }

  get isReadOnly(): boolean {
    return this.#guard === 'readOnly';
  }

  set(guard: Guard): void {
    this.#guard = guard;
    this.#holds.clear();
  }

  /**
   * Checks as {@link check} does, for what then publishes by itself: `check()` of the answer throws `guard.changed` once
   * the guard is another one that would not have let it begin.
   */
  permit(token: string | undefined): PublishPermit {
    this.check(token);
    const permitted = this.#guard;
    return {
      check: () => {
        if (this.#guard === 'readOnly') {
          throw readOnlyFailure('Stopped.');
        }
        if (this.#guard === 'confirm' && permitted === 'none') {
          throw fail(
            'guard.changed',
            'Stopped: this connection was marked as production meanwhile.',
            'Start it again, and confirm it.',
          );
        }
      },
    };
  }

  /** The user began to hold, or pressed the first of two times. */
  begin(way: HoldWay): { readonly token: string; readonly holdFor: number } {
    const token = crypto.randomUUID();
    this.#holds.set(token, { since: this.#now(), way });
    const oldest = this.#holds.keys().next().value;
    if (this.#holds.size > MAX_HOLDS && oldest !== undefined) {
      this.#holds.delete(oldest);
    }
    return { token, holdFor: HOLD[way] };
  }

  /** Throws `guard.readOnly`, or `guard.confirm` without a hold that was long enough, unused and recent. */
  check(token: string | undefined): void {
    if (this.#guard === 'none') {
      return;
    }
    if (this.#guard === 'readOnly') {
      throw readOnlyFailure('Nothing was sent.');
    }
    const hold = token === undefined ? undefined : this.#holds.get(token);
    if (token !== undefined) {
      this.#holds.delete(token);
    }
    const held = hold === undefined ? 0 : this.#now() - hold.since;
    if (hold === undefined || held < HOLD[hold.way] || held > VALID) {
      throw fail(
        'guard.confirm',
        'Nothing was sent: this connection is marked as production.',
        'Hold the button until it is full, or press Ctrl/Cmd+Enter twice.',
      );
    }
  }
}

/** What a read-only connection answers to all that would change something at the broker. */
export function readOnlyFailure(message: string) {
  return fail(
    'guard.readOnly',
    `${message} This connection is read-only.`,
    'To publish, open the profile and change “Guard” under General.',
  );
}
