import { fail } from '#app/contract/failure.ts';
import type { DemoBroker } from '../demo/demo-broker.ts';
import type { SessionRegistry } from './session-registry.ts';

/** The embedded broker with its profile: started with the first use, one per engine. */
export class DemoSession {
  readonly #sessions: SessionRegistry;
  #broker: Promise<DemoBroker> | undefined;
  #opening: Promise<string> | undefined;

  constructor(sessions: SessionRegistry) {
    this.#sessions = sessions;
  }

  /** The session of the demo, opened and connecting. Asked for twice at once, it is opened once. */
  open(): Promise<string> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    await (await broker)?.close();
  }

  async #open(): Promise<string> {
    // Loaded when asked for: most runs need no broker.
    const { demoProfile, startDemoBroker } = await import('../demo/demo-broker.ts');
    this.#broker ??= startDemoBroker();
    let broker: DemoBroker;
    try {
      broker = await this.#broker;
    } catch (error) {
      this.#broker = undefined;
      const detail = error instanceof Error ? error.message : String(error);
      throw fail('demo.broker', 'The demo broker could not be started.', 'Try again.', detail);
    }
    const profile = demoProfile(broker.port);
    const sessionId = this.#sessions.find(profile.id) ?? this.#sessions.open(profile, { temporary: true });
    await this.#sessions.connectIfIdle(sessionId);
    return sessionId;
  }
}
