import { compileFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import { isMutedByRule, withTopicMuted } from '#app/profile/rule-muting.ts';
import type { Rule } from '#app/profile/rules.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useEngineData } from '#renderer/state/engine-data.ts';
import { ruleMatcher } from '#renderer/state/topic-rule.ts';
import { notify } from './notify.tsx';
import { attempt } from './run.ts';
import { shortTopic } from './topic-actions.ts';

/** Leaves the messages of one topic out of the stream, by a rule. Can be undone. */
export async function muteTopic(sessionId: string, topic: string): Promise<void> {
  const { rules, matches } = rulesOf(sessionId, topic);
  await changeRules(sessionId, withTopicMuted(rules, topic, true, matches));
  notify({
    level: 'info',
    message: `Muted ${shortTopic(topic)}: kept and counted, but not shown in the stream`,
    action: { label: 'Undo', run: () => attempt(() => unmuteTopic(sessionId, topic)) },
  });
}

/**
 * Shows the messages of a topic in the stream again: by a rule where one mutes it, and by its subscriptions where these
 * do, which then show what else they bring.
 */
export async function unmuteTopic(sessionId: string, topic: string): Promise<void> {
  const { rules, matches, subscriptions } = rulesOf(sessionId, topic);
  if (isMutedByRule(rules, matches)) {
    await changeRules(sessionId, withTopicMuted(rules, topic, false, matches));
  }
  const muting = subscriptions.filter(
    ({ filter, enabled, muted }) =>
      enabled && muted && topicFilterProblem(filter) === undefined && compileFilter(filter)(topic),
  );
  for (const subscription of muting) {
    await engineClient().main('subscriptions.change', {
      sessionId,
      subscription: { ...subscription, muted: false },
    });
  }
  const [first] = muting;
  const whole =
    first === undefined ? '' : ` The subscription ${shortTopic(first.filter)} is not muted any more.`;
  notify({ level: 'info', message: `${shortTopic(topic)} is shown in the stream again.${whole}` });
}

function rulesOf(sessionId: string, topic: string) {
  const { sessions, environments } = useEngineData.getState();
  const profile = sessions?.find((session) => session.sessionId === sessionId)?.profile;
  const environment = environments.find(({ id }) => id === profile?.environmentId);
  const matches = ruleMatcher(topic, environment);
  return { rules: profile?.rules ?? [], subscriptions: profile?.subscriptions ?? [], matches };
}

async function changeRules(sessionId: string, rules: readonly Rule[]): Promise<void> {
  await engineClient().main('rules.change', { sessionId, rules: [...rules] });
}
