import { compileFilter } from '#app/mqtt/topic.ts';

/** Topics whose handlers are remembered. */
const MAX_TOPICS = 10_000;

/** Which handlers of a script want the messages of a topic. Remembered, so that many filters cost each topic once. */
export class TopicHandlers {
  readonly #filters = new Map<number, (topic: string) => boolean>();
  readonly #known = new Map<string, readonly number[]>();

  /** `filter` has to be a valid one. */
  add(handler: number, filter: string): void {
    this.#filters.set(handler, compileFilter(filter));
    this.#known.clear();
  }

  remove(handler: number): void {
    this.#filters.delete(handler);
    this.#known.clear();
  }

  of(topic: string): readonly number[] {
    const known = this.#known.get(topic);
    if (known !== undefined) {
      return known;
    }
    const handlers = [...this.#filters].flatMap(([handler, matches]) => (matches(topic) ? [handler] : []));
    if (this.#known.size >= MAX_TOPICS) {
      this.#known.clear();
    }
    this.#known.set(topic, handlers);
    return handlers;
  }
}
