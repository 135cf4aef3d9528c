import { toFailure } from '#app/contract/failure.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Outbox } from '../outbox.ts';
import { readOnlyFailure } from '../publish-guard.ts';
import type { ConnectionSettings } from '../settings.ts';

/** Milliseconds that DISCONNECT waits for the broker to acknowledge the farewell. */
const FAREWELL = 1_500;

export interface AnnouncementsDependencies {
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly settings: () => Pick<ConnectionSettings, 'birth' | 'will'> | undefined;
  /** Nothing may be published. */
  readonly isReadOnly: () => boolean;
  readonly warn: (message: string, failure: ReturnType<typeof toFailure>) => void;
}

/**
 * What a client says of itself beside its last will: a birth message after each connect, and the will's message before
 * DISCONNECT, on which the broker throws the will away (MQTT 5.0 section 3.14.4, 3.1.1 section 3.14.4).
 */
export class Announcements {
  readonly #dependencies: AnnouncementsDependencies;
  #isConnected = false;
  /** One at a time: a disconnect and the end of the session may come together. */
  #leaving: Promise<void> | undefined;

  constructor(dependencies: AnnouncementsDependencies) {
    this.#dependencies = dependencies;
  }

  onState(state: ConnectionState): void {
    const wasConnected = this.#isConnected;
    this.#isConnected = state.kind === 'connected';
    if (this.#isConnected && !wasConnected) {
      // Once whoever else is told of the connection knows of it.
      queueMicrotask(() => void this.#announce());
    }
  }

  /** To be called before DISCONNECT. Resolves once the broker has the message, or does not take it in time. */
  leave(): Promise<void> {
    this.#leaving ??= this.#sayFarewell().finally(() => {
      this.#leaving = undefined;
    });
    return this.#leaving;
  }

  async #sayFarewell(): Promise<void> {
    const { outbox, settings, isReadOnly, warn } = this.#dependencies;
    const will = settings()?.will;
    if (!this.#isConnected || will?.onDisconnect !== true || isReadOnly()) {
      return;
    }
    const { topic, payload, qos, retain, properties } = will;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL);
    });
    const farewell = outbox
      .publish({ topic, payload, qos, retain, properties }, () => this.#check())
      .then(
        () => {},
        (error: unknown) =>
          warn('The last will’s message was not taken before DISCONNECT.', toFailure(error)),
      );
    await Promise.race([farewell, limit]);
    clearTimeout(timer);
  }

  async #announce(): Promise<void> {
    const { outbox, settings, isReadOnly, warn } = this.#dependencies;
    const birth = settings()?.birth;
    if (birth === undefined || isReadOnly() || !this.#isConnected) {
      return;
    }
    try {
      await outbox.publish({ ...birth, properties: {} }, () => this.#check());
    } catch (error) {
      warn('The birth message was not taken.', toFailure(error));
    }
  }

  #check(): void {
    if (this.#dependencies.isReadOnly()) {
      throw readOnlyFailure('Nothing was sent.');
    }
  }
}
