import type { StatusWindow } from '#app/contract/feeds/session.ts';
import type { FeedSource } from '#app/contract/server.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Ingest } from '../ingest.ts';
import type { TopicTree } from '../tree/topic-tree.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';
import { Rates } from './rates.ts';

/** While a rate is not zero it changes without a message: looked at again after this many milliseconds. */
const DECAY_INTERVAL = 500;

export interface StatusDependencies {
  readonly ingest: Ingest;
  readonly tree: TopicTree;
  readonly pacer: Pacer;
  readonly connection: () => { readonly state: ConnectionState; readonly willArmed: string | undefined };
}

/** State of the connection, ledger and rates, for the status bar. */
export function createStatusFeed(dependencies: StatusDependencies): FeedSource<object, StatusWindow> {
  const { ingest, tree, pacer, connection } = dependencies;
  return (params, push) => {
    const rates = new Rates(['received', 'bytes', 'published']);
    let timer: NodeJS.Timeout | undefined;
    let shown = '';
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        const { ledger } = ingest;
        const { state, willArmed } = connection();
        const rate = rates.update(performance.now(), {
          received: ledger.received,
          bytes: ingest.receivedBytes,
          published: ledger.published,
        });
        if (rate.received > 0 || rate.published > 0) {
          clearTimeout(timer);
          timer = setTimeout(() => pacer.markDirty(), DECAY_INTERVAL);
        }
        const key = JSON.stringify([rate, ledger, tree.topics, willArmed, state]);
        if (!moved && key === shown) {
          return undefined;
        }
        shown = key;
        return {
          state,
          ledger,
          receivedPerSecond: rate.received,
          bytesPerSecond: rate.bytes,
          publishedPerSecond: rate.published,
          topics: tree.topics,
          ...(willArmed === undefined ? {} : { willArmed }),
        };
      },
      dispose: () => clearTimeout(timer),
    });
  };
}
