import type { SubscriptionResult, SubscriptionRow } from '#app/contract/feeds/session.ts';
import type { FeedSource } from '#app/contract/server.ts';
import type { SubscriptionMatches } from '../subscription-matches.ts';
import { pacedFeed } from './paced-feed.ts';
import type { Pacer } from './pacer.ts';

export interface SubscriptionsDependencies {
  readonly matches: SubscriptionMatches;
  readonly pacer: Pacer;
  readonly resultOf: (subscriptionId: string) => SubscriptionResult;
}

/** The subscriptions in the user's order, each with the broker's answer and its count. */
export function createSubscriptionsFeed(
  dependencies: SubscriptionsDependencies,
): FeedSource<object, { readonly rows: readonly SubscriptionRow[] }> {
  const { matches, pacer, resultOf } = dependencies;
  return (params, push) => {
    let shown = '';
    return pacedFeed(pacer, params, push, {
      build(_, moved) {
        const rows = matches.subscriptions.map((subscription) => ({
          subscription,
          result: resultOf(subscription.id),
          messages: matches.messages(subscription.id),
        }));
        const key = JSON.stringify([matches.version, rows.map(({ result, messages }) => [result, messages])]);
        if (!moved && key === shown) {
          return undefined;
        }
        shown = key;
        return { rows };
      },
    });
  };
}
