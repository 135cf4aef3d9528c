import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import { profileProblems } from '#app/profile/problems.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { EnvironmentStore } from './environment-store.ts';
import type { ProfileStore } from './profile-store.ts';
import type { SessionRegistry } from './session-registry.ts';

interface AutoConnectParts {
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly sessions: SessionRegistry;
  readonly onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void;
}

/**
 * Opens the tabs of all profiles that connect at start; they connect each on its own, and none waits for another. A
 * profile that could not connect as it is, is left out with a notice.
 */
export function autoConnect({ profiles, environments, sessions, onNotice }: AutoConnectParts): void {
  for (const profile of profiles.all) {
    if (!profile.autoConnect || sessions.find(profile.id) !== undefined) {
      continue;
    }
    try {
      const failure = problemOf(profile, environments);
      if (failure !== undefined) {
        onNotice(skipped(profile, failure));
        continue;
      }
      const sessionId = sessions.open(profile, { temporary: false });
      void sessions.connectQuietly(sessionId);
    } catch (error) {
      onNotice(skipped(profile, toFailure(error)));
    }
  }
}

function problemOf(profile: Profile, environments: EnvironmentStore): Failure | undefined {
  try {
    const secrets = { password: profile.passwordRef !== undefined && !profile.askCredentials };
    const problem = profileProblems(environments.apply(profile), secrets)[0];
    return problem === undefined
      ? undefined
      : {
          code: 'profile.problem',
          message: problem.message,
          hint: `Open the profile, tab “${problem.tab}”.`,
          detail: problem.field,
        };
  } catch (error) {
    return toFailure(error);
  }
}

function skipped(profile: Profile, { message, hint, detail }: Failure): Omit<Notice, 'id' | 'at'> {
  return {
    level: 'warning',
    message: `“${profile.name}” was not connected at start. ${message}`,
    ...(hint === undefined ? {} : { hint }),
    ...(detail === undefined ? {} : { detail }),
  };
}
