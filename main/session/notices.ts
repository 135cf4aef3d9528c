import type { Failure } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';

/** Milliseconds in which the same kind of trouble is told once. */
const QUIET_TIME = 60_000;

/** Tells the user of trouble outside of any one action, at most once a minute for each kind of it. */
export class SessionNotices {
  readonly #post: (notice: Notice) => void;
  readonly #lastAt = new Map<string, number>();

  constructor(post: (notice: Notice) => void) {
    this.#post = post;
  }

  /** `what` begins the message and says what was tried. */
  warn(what: string, failure: Failure): void {
    const now = Date.now();
    const last = this.#lastAt.get(failure.code);
    if (last !== undefined && now - last < QUIET_TIME) {
      return;
    }
    this.#lastAt.set(failure.code, now);
    this.#post({
      id: crypto.randomUUID(),
      level: 'warning',
      message: `${what} ${failure.message}`,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
      ...(failure.detail === undefined ? {} : { detail: failure.detail }),
      at: now,
    });
  }
}
