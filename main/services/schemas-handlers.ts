import type { contract } from '#app/contract/contract.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { ProfileStore } from './profile-store.ts';
import type { SessionRegistry } from './session-registry.ts';

interface Parts {
  readonly profiles: ProfileStore;
  readonly sessions: SessionRegistry;
}

/** What the operations on schemas do. Throws `schemas.size` where there would be too much of them. */
export function schemasHandlers({
  profiles,
  sessions,
}: Parts): Pick<OperationHandlers<typeof contract.main.operations>, 'schemas.keep' | 'schemas.remove'> {
  const edit = async (
    sessionId: string,
    change: (schemas: readonly PayloadSchema[]) => readonly PayloadSchema[],
  ) => {
    const { profile } = sessions.profileOf(sessionId);
    const apply = (current: Profile): Profile => {
      const changed = { ...current, schemas: [...change(current.schemas)] };
      sessions.checkRoom(changed);
      return changed;
    };
    if (profiles.get(profile.id) === undefined) {
      sessions.setProfile(apply(profile), true);
    } else {
      sessions.setProfile(await profiles.edit(profile.id, apply), false);
    }
  };
  return {
    'schemas.keep': ({ sessionId, schema }) =>
      edit(sessionId, (schemas) =>
        schemas.some(({ id }) => id === schema.id)
          ? schemas.map((other) => (other.id === schema.id ? schema : other))
          : [...schemas, schema],
      ),
    'schemas.remove': ({ sessionId, schemaId }) =>
      edit(sessionId, (schemas) => schemas.filter(({ id }) => id !== schemaId)),
  };
}
