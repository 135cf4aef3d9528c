import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import { movedToGroup } from '#app/profile/groups.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useEngineData } from '#renderer/state/engine-data.ts';
import { editProfile, selectProfile } from '#renderer/state/home.ts';
import type { Place } from './group-rows.ts';

/** Deletes at once and offers the way back. The neighbour in the list is selected. */
export async function deleteProfile(profile: Pick<ProfileSummary, 'id' | 'name'>): Promise<void> {
  const profiles = useEngineData.getState().profiles ?? [];
  const index = profiles.findIndex(({ id }) => id === profile.id);
  await engineClient().main('profiles.delete', { profileId: profile.id });
  selectProfile((profiles[index + 1] ?? profiles[index - 1])?.id);
  notify({
    id: `deleted-${profile.id}`,
    level: 'info',
    message: `Deleted “${profile.name}”.`,
    action: {
      label: 'Undo',
      run: () =>
        attempt(async () => {
          await engineClient().main('profiles.restore', { profileId: profile.id });
          selectProfile(profile.id);
        }),
    },
  });
}

/** Makes a copy and opens its form. */
export async function duplicateProfile(profile: Pick<ProfileSummary, 'id'>): Promise<void> {
  const copy = await engineClient().main('profiles.duplicate', { profileId: profile.id });
  await profileIsListed(copy.id);
  editProfile(copy.id);
}

/** Puts a profile into a group and place; shown at once, and as the engine says after it. */
export async function moveProfile(profileId: string, { group, before }: Place): Promise<void> {
  useEngineData.setState(({ profiles }) => ({
    profiles: profiles === undefined ? undefined : movedToGroup(profiles, profileId, group, before),
  }));
  const place = before === undefined ? {} : { before };
  await engineClient().main('groups.move', { profileId, group, ...place });
}

/** Renames a group with all below it. */
export async function renameGroup(from: string, to: string): Promise<void> {
  if (from !== to) {
    await engineClient().main('groups.rename', { from, to });
  }
}

/** The list of profiles is a feed: what was just made may not be in it yet. Waits for it, a second at most. */
function profileIsListed(profileId: string): Promise<void> {
  const isListed = () => useEngineData.getState().profiles?.some(({ id }) => id === profileId) ?? false;
  return new Promise((resolve) => {
    if (isListed()) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, 1000);
    const unsubscribe = useEngineData.subscribe(() => {
      if (isListed()) {
        done();
      }
    });
  });
}
