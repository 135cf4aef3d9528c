import type { contract } from '#app/contract/contract.ts';
import { fail } from '#app/contract/failure.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { ruleViewProblem } from '#app/payload/rule-codec.ts';
import { newProfile } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { EnvironmentStore } from './environment-store.ts';
import type { ProfileStore } from './profile-store.ts';
import type { SessionRegistry } from './session-registry.ts';

interface Parts {
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly sessions: SessionRegistry;
}

/** What the operations on rules do. */
export function rulesHandlers({
  profiles,
  environments,
  sessions,
}: Parts): Pick<OperationHandlers<typeof contract.main.operations>, 'rules.change'> {
  return {
    async 'rules.change'({ sessionId, rules }) {
      const { profile } = sessions.profileOf(sessionId);
      const { environmentId } = profile;
      const plain = newProfile({ rules });
      const filled = environments.fill(environmentId === undefined ? plain : { ...plain, environmentId });
      checkRules(filled.profile.rules);
      const apply = (current: Profile): Profile => {
        const changed = { ...current, rules };
        sessions.checkRoom(changed);
        return changed;
      };
      if (profiles.get(profile.id) === undefined) {
        sessions.setProfile(apply(profile), true);
      } else {
        sessions.setProfile(await profiles.edit(profile.id, apply), false);
      }
    },
  };
}

function checkRules(rules: readonly Rule[]): void {
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw fail('rules.twice', 'Two rules have the same id.', 'Reload the window and try again.');
  }
  for (const rule of rules) {
    // A rule may name a schema that is gone: it says so in the table, and must not stand in the way of others.
    const view = rule.codec.schema === undefined ? ruleViewProblem(rule.codec, []) : undefined;
    if (view !== undefined) {
      throw view;
    }
    const problem = topicFilterProblem(rule.filter);
    if (problem !== undefined) {
      throw fail(
        'rules.filter',
        `The topic filter of a rule is not valid. ${problem}`,
        undefined,
        rule.filter,
      );
    }
  }
}
