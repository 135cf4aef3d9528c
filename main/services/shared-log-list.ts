import type { SharedLogUpdate } from '../session/log/shared-log.ts';

/**
 * The memory of one session's log as it is now: the updates that a reader who comes late has to be told, in order.
 * What was dropped is left out.
 */
export class SharedLogList {
  readonly #updates = new Map<string, SharedLogUpdate>();

  get current(): readonly SharedLogUpdate[] {
    return [...this.#updates.values()];
  }

  apply(update: SharedLogUpdate): void {
    switch (update.type) {
      case 'open':
        this.#updates.clear();
        this.#updates.set('open', update);
        break;
      case 'chunk':
      case 'latest':
        this.#updates.set(`${update.type} ${update.id}`, update);
        break;
      case 'drop-chunk':
      case 'drop-latest':
        this.#updates.delete(`${update.type.slice('drop-'.length)} ${update.id}`);
        break;
    }
  }
}
