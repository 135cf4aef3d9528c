/** One SUBSCRIBE or UNSUBSCRIBE of a filter; an object of its own, so that a late answer is known to be late. */
interface Request {
  readonly kind: 'subscribe' | 'unsubscribe';
  /** The broker may have had the filter before it was asked. */
  readonly wasHeld: boolean;
}

/**
 * The filters that the broker may hold for our session. In doubt it holds one: an UNSUBSCRIBE too many does nothing,
 * one too few leaves messages coming that nobody wants, for as long as the session lives.
 */
export class HeldFilters {
  /** By filter, the last that was asked over this connection; undefined: nothing yet. */
  readonly #requests = new Map<string, Request | undefined>();

  /** The session may be older than what is known of it, and may have been given these. */
  suspect(filters: Iterable<string>): void {
    for (const filter of filters) {
      if (!this.#requests.has(filter)) {
        this.#requests.set(filter, undefined);
      }
    }
  }

  /** The broker has no session of ours. */
  clear(): void {
    this.#requests.clear();
  }

  /** The connection is gone: what was asked and not answered may or may not have had its effect. */
  disconnected(): void {
    for (const filter of this.#requests.keys()) {
      this.#requests.set(filter, undefined);
    }
  }

  /** What may be held, is not wanted, and was not given back over this connection. */
  unwanted(isWanted: (filter: string) => boolean): readonly string[] {
    return [...this.#requests]
      .filter(([filter, request]) => request?.kind !== 'unsubscribe' && !isWanted(filter))
      .map(([filter]) => filter);
  }

  /** A SUBSCRIBE is sent. Call the result if the broker refused it. */
  subscribing(filter: string): () => void {
    const request: Request = { kind: 'subscribe', wasHeld: this.#requests.has(filter) };
    this.#requests.set(filter, request);
    return () => {
      // A refusal leaves alone what there was before (MQTT 3.1.1 section 3.8.4).
      if (!request.wasHeld) {
        this.#forget(filter, request);
      }
    };
  }

  /** An UNSUBSCRIBE is sent. Call the result when the broker has done it. */
  unsubscribing(filter: string): () => void {
    const request: Request = { kind: 'unsubscribe', wasHeld: true };
    this.#requests.set(filter, request);
    return () => this.#forget(filter, request);
  }

  /** Unless something else was asked in the meantime. */
  #forget(filter: string, request: Request): void {
    if (this.#requests.get(filter) === request) {
      this.#requests.delete(filter);
    }
  }
}
