import type { WindowOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { Rehearsal, willFeeds } from '#app/contract/feeds/will.ts';
import type { RehearsalEnd, willOperations } from '#app/contract/operations/will.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { PublishGuard } from '../publish-guard.ts';
import type { ConnectionSettings } from '../settings.ts';
import { isBoundToClientId } from '../throw-away-settings.ts';
import { type RehearsalDependencies, RehearsalRun, type RehearsedConnection } from './rehearsal.ts';

export interface RehearsalsDependencies extends Omit<RehearsalDependencies, 'onChange'> {
  /** The connection that is up with a will that the broker holds; why there is none otherwise. */
  readonly connection: () => RehearsedConnection | 'offline' | 'unarmed';
  /** Something that the feed shows has changed. */
  readonly onChange: () => void;
}

/** Rehearsals of a session's last will, one at a time. It costs nothing until one is asked for. */
export class Rehearsals {
  readonly #dependencies: RehearsalsDependencies;
  #rehearsal: Rehearsal | undefined;
  #running: { readonly run: RehearsalRun; readonly ended: Promise<void> } | undefined;

  constructor(dependencies: RehearsalsDependencies) {
    this.#dependencies = dependencies;
  }

  /** The newest one. */
  get rehearsal(): Rehearsal | undefined {
    return this.#rehearsal;
  }

  start(end: RehearsalEnd): void {
    const connection = this.#dependencies.connection();
    if (this.#running !== undefined) {
      throw fail('rehearsal.busy', 'A rehearsal is running already.', 'Wait for its end, or stop it.');
    }
    if (connection === 'offline') {
      throw fail('rehearsal.offline', 'Not connected, so no broker holds the last will.', 'Connect first.');
    }
    if (connection === 'unarmed') {
      throw fail(
        'rehearsal.unarmed',
        'The broker holds no last will of this connection.',
        'Switch it on in the profile, then connect again.',
      );
    }
    if (isBoundToClientId(connection.settings)) {
      throw fail(
        'rehearsal.one-client',
        'This broker knows its clients by their credentials, so no second connection can watch for the will.',
        'Watch the topic with another client, and use “Drop connection”.',
      );
    }
    const { topic } = connection.will;
    this.#rehearsal = { state: 'running', phase: 'watching', end, topic, reasons: [], restored: [] };
    const run = new RehearsalRun(connection, end, {
      ...this.#dependencies,
      onChange: (patch) => {
        if (this.#rehearsal !== undefined) {
          this.#rehearsal = { ...this.#rehearsal, ...patch };
          this.#dependencies.onChange();
        }
      },
    });
    const ended = run.run().then(() => {
      this.#running = undefined;
    });
    this.#running = { run, ended };
    this.#dependencies.onChange();
  }

  /** Waits no longer; everything is put back. */
  stop(): void {
    this.#running?.run.stop(false);
  }

  /** The user connects or disconnects: what runs leaves the connection alone from now on. */
  interrupt(): void {
    this.#running?.run.stop(true);
  }

  /** The connection was made read-only: what runs comes back without a will. */
  disarm(): void {
    this.#running?.run.disarm();
  }

  async dispose(): Promise<void> {
    this.interrupt();
    await this.#running?.ended;
  }
}

/** The connection that is up with the will that the broker holds, or why there is none. */
export function rehearsed(
  state: ConnectionState,
  settings: ConnectionSettings | undefined,
  willArmed: string | undefined,
): RehearsedConnection | 'offline' | 'unarmed' {
  if (state.kind !== 'connected' || settings === undefined) {
    return 'offline';
  }
  const { will } = settings;
  return will === undefined || willArmed === undefined ? 'unarmed' : { settings, will, state };
}

/** The feed `rehearsal`. */
export function createRehearsalFeed(
  rehearsals: Pick<Rehearsals, 'rehearsal'>,
  pacer: Pacer,
): FeedSource<object, WindowOf<typeof willFeeds.rehearsal>> {
  return (params, push) => {
    let shown: Rehearsal | undefined;
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        const { rehearsal } = rehearsals;
        if (!moved && rehearsal === shown) {
          return undefined;
        }
        shown = rehearsal;
        return rehearsal === undefined ? {} : { rehearsal };
      },
    });
  };
}

/** The operations on the last will. */
export function createWillHandlers(
  rehearsals: Rehearsals,
  guard: PublishGuard,
): OperationHandlers<typeof willOperations> {
  return {
    'will.rehearse': ({ end, confirmation }) => {
      guard.check(confirmation);
      rehearsals.start(end);
    },
    'will.stopRehearsal': () => rehearsals.stop(),
  };
}
