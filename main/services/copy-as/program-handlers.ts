import type { programsOperations } from '#app/contract/operations/programs.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { makeProgram } from '#app/copy-as/make-program.ts';
import { programConnection } from '#app/copy-as/program-connection.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { LooseSecrets } from '../connection-settings.ts';
import type { EnvironmentStore } from '../environment-store.ts';
import type { ProfileStore } from '../profile-store.ts';
import type { SessionRegistry } from '../session-registry.ts';
import type { SecretVault } from '../vault.ts';

interface Parts {
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly sessions: SessionRegistry;
  readonly vault: SecretVault;
}

/** What the operation on programs does. */
export function programHandlers(parts: Parts): OperationHandlers<typeof programsOperations> {
  return {
    'program.make': async ({ of, target, shell, withPassword, message }) => {
      const profile =
        'sessionId' in of
          ? parts.sessions.profileOf(of.sessionId).profile
          : parts.profiles.require(of.profileId);
      const loose = parts.sessions.looseSecretsOf(profile.id);
      const known = withLoose(profile, loose);
      const password = withPassword ? await passwordOf(profile, loose, parts.vault) : undefined;
      const connection = programConnection(parts.environments.fill(known).profile, password);
      return makeProgram(target, message === undefined ? { connection } : { connection, message }, shell);
    },
  };
}

/** A temporary session's password has no place in its profile. */
function withLoose(profile: Profile, loose: LooseSecrets): Profile {
  return loose.password === undefined ? profile : { ...profile, passwordRef: 'loose' };
}

async function passwordOf(
  { passwordRef }: Profile,
  loose: LooseSecrets,
  vault: SecretVault,
): Promise<string | undefined> {
  return (
    loose.password ??
    (passwordRef === undefined ? undefined : new TextDecoder().decode(await vault.get(passwordRef)))
  );
}
