import { z } from 'zod';
import { type Environment, environmentSchema } from '../../profile/variables.ts';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);
const groupPath = z.string().max(200);

/** Operations that keep many connections in order: environments with variables, groups of the list. */
export const organiseOperations = {
  /** Creates or replaces by id. Open connections take the new values over: subscriptions at once, the rest with the next connect. */
  'environments.save': defineOperation<Environment>()(z.object({ environment: environmentSchema })),
  /** Profiles that use it keep naming it, so that saving it again brings everything back. */
  'environments.delete': defineOperation<void>()(z.object({ environmentId: id })),

  /** Puts a profile into a group and, in the list, before another one; without `before` behind the group's last one. */
  'groups.move': defineOperation<void>()(
    z.object({ profileId: id, group: groupPath, before: id.optional() }),
  ),
  /** Renames a group with all groups below it; to a name that exists: they become one. Empty: its profiles have none. */
  'groups.rename': defineOperation<{ readonly profiles: number }>()(
    z.object({ from: groupPath.min(1), to: groupPath }),
  ),
};
