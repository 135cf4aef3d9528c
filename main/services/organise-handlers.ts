import { fail } from '#app/contract/failure.ts';
import type { organiseOperations } from '#app/contract/operations/environments.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { isWithin, movedToGroup, normalizeGroup, renamedGroup } from '#app/profile/groups.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { EnvironmentStore } from './environment-store.ts';
import type { ProfileStore } from './profile-store.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface OrganiseParts {
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly sessions: SessionRegistry;
}

/** What the operations on environments and groups do. */
export function organiseHandlers({
  profiles,
  environments,
  sessions,
}: OrganiseParts): OperationHandlers<typeof organiseOperations> {
  const rearrange = async (change: (profiles: readonly Profile[]) => readonly Profile[]): Promise<void> => {
    const before = new Map(profiles.all.map((profile) => [profile.id, profile]));
    await profiles.rearrange(change);
    for (const profile of profiles.all) {
      if (before.get(profile.id) !== profile) {
        sessions.setProfile(profile, false);
      }
    }
  };
  return {
    async 'environments.save'({ environment }) {
      const saved = await environments.save(environment);
      sessions.refill();
      return saved;
    },
    async 'environments.delete'({ environmentId }) {
      await environments.delete(environmentId);
      sessions.refill();
    },
    'groups.move': ({ profileId, group, before }) =>
      rearrange((all) => moved(all, profileId, normalizeGroup(group), before)),
    async 'groups.rename'({ from, to }) {
      let count = 0;
      await rearrange((all) =>
        all.map((profile) => {
          if (!isWithin(profile.group, from)) {
            return profile;
          }
          count += 1;
          const group = renamedGroup(profile.group, from, to);
          checkLength(group);
          return { ...profile, group };
        }),
      );
      return { profiles: count };
    },
  };
}

function moved(
  all: readonly Profile[],
  profileId: string,
  group: string,
  before: string | undefined,
): readonly Profile[] {
  if (!all.some(({ id }) => id === profileId)) {
    throw fail(
      'profile.unknown',
      'The profile is not there any more.',
      'It may have been deleted in another window.',
    );
  }
  checkLength(group);
  return movedToGroup(all, profileId, group, before);
}

function checkLength(group: string): void {
  if (group.length > 200) {
    throw fail('group.length', 'The name of a group with all its levels has 200 characters at most.');
  }
}
