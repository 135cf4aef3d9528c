import type { SubscriptionRow } from '#app/contract/feeds/session.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Subscription } from '#app/profile/profile.ts';
import { type Environment, missingVariableText, substitute, variablesOf } from '#app/profile/variables.ts';

/** Rows for the subscriptions that the session leaves out, as their variables give no filter; with the reason. */
export function unresolvedRows(
  subscriptions: readonly Subscription[],
  environment: Environment | undefined,
): readonly SubscriptionRow[] {
  return subscriptions.flatMap((subscription): readonly SubscriptionRow[] => {
    const { text, missing } = substitute(subscription.filter, variablesOf(environment));
    const name = missing[0];
    const message = name === undefined ? topicFilterProblem(text) : missingVariableText(name, environment);
    return message === undefined
      ? []
      : [
          {
            subscription,
            result: { kind: 'refused', failure: { code: 'environment.variable', message, detail: text } },
            messages: 0,
          },
        ];
  });
}
