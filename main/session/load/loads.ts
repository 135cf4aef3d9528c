import { formatCount } from '#app/base/format.ts';
import type { WindowOf } from '#app/contract/define.ts';
import { fail } from '#app/contract/failure.ts';
import type { LoadRun, loadFeeds } from '#app/contract/feeds/load.ts';
import type { loadOperations } from '#app/contract/operations/load.ts';
import type { FeedSource, OperationHandlers } from '#app/contract/server.ts';
import { type LoadTest, loadCap } from '#app/load/load-test.ts';
import { pacedFeed } from '../feeds/paced-feed.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { Outbox } from '../outbox.ts';
import type { PublishGuard } from '../publish-guard.ts';
import { LoadMessages } from './load-messages.ts';
import { type LoadConnection, RunningLoad } from './load-run.ts';

export interface LoadsDependencies {
  readonly outbox: Outbox;
  readonly guard: PublishGuard;
  /** `undefined` while there is none. */
  readonly connection: () => LoadConnection | undefined;
  readonly onChange: () => void;
}

/** The load test of a session: one at a time, the newest stays in view. */
export class Loads {
  readonly #dependencies: LoadsDependencies;
  #run: RunningLoad | undefined;

  constructor(dependencies: LoadsDependencies) {
    this.#dependencies = dependencies;
  }

  get shown(): LoadRun | undefined {
    return this.#run?.shown;
  }

  /** See the operation `load.start`. */
  start(test: LoadTest, confirmation: string | undefined): void {
    const { outbox, guard, connection, onChange } = this.#dependencies;
    if (this.#run?.isOver === false) {
      throw fail('load.running', 'A load test is running already.', 'Stop it first.');
    }
    const cap = loadCap(guard.guard);
    if (cap !== undefined && (test.count > cap.count || test.rate > cap.rate)) {
      throw fail(
        'load.cap',
        `A load test on a production connection sends at most ${formatCount(cap.count)} messages, ${formatCount(cap.rate)} a second.`,
        'Ask for fewer, or use another profile.',
      );
    }
    const connected = connection();
    if (connected === undefined) {
      throw fail(
        'publish.offline',
        'Not connected, so nothing was sent.',
        'Connect first, then start again.',
      );
    }
    const messages = new LoadMessages(test, outbox);
    messages.checkSize(connected.connack);
    const permit = guard.permit(confirmation);
    this.#run = new RunningLoad(test, messages, connected, { outbox, permit, connection, onChange });
    void this.#run.run();
  }

  stop(): void {
    this.#run?.stop();
  }

  /** The connection was made or lost, or the guard is another one. */
  look(): void {
    this.#run?.look();
  }
}

/** The feed `loadRun`. */
export function createLoadFeed(
  loads: Loads,
  pacer: Pacer,
): FeedSource<object, WindowOf<typeof loadFeeds.loadRun>> {
  return (params, push) => {
    let last: string | undefined;
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        const run = loads.shown;
        const now = JSON.stringify(run ?? {});
        if (!moved && now === last) {
          return undefined;
        }
        last = now;
        return run === undefined ? {} : { run };
      },
    });
  };
}

/** The operations on load tests, for one client. */
export function createLoadHandlers(loads: Loads): OperationHandlers<typeof loadOperations> {
  return {
    'load.start': ({ test, confirmation }) => loads.start(test, confirmation),
    'load.stop': () => loads.stop(),
  };
}
