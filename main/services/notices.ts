import { Emitter } from '#app/base/event.ts';
import type { Notice } from '#app/contract/feeds/main.ts';

/** More than this many are of no use to a reader: the oldest go. */
const MAX_NOTICES = 100;

/** What the engine has to tell the user, newest last. */
export class Notices {
  #notices: readonly Notice[] = [];
  readonly #changed = new Emitter<void>();

  readonly onDidChange = this.#changed.event;

  get all(): readonly Notice[] {
    return this.#notices;
  }

  add(notice: Omit<Notice, 'id' | 'at'>): void {
    this.take({ ...notice, id: crypto.randomUUID(), at: Date.now() });
  }

  /** Takes a notice that a session has made. */
  take(notice: Notice): void {
    this.#notices = [...this.#notices, notice].slice(-MAX_NOTICES);
    this.#changed.fire();
  }
}
