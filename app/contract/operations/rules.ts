import { z } from 'zod';
import { MAX_RULES, ruleSchema } from '../../profile/rules.ts';
import { defineOperation } from '../define.ts';

/** Operations of the main process on the rules of a connection. */
export const rulesOperations = {
  /** The whole table in its order. Kept in the profile; all that is shown of the session follows at once. */
  'rules.change': defineOperation<void>()(
    z.object({ sessionId: z.string().min(1).max(64), rules: z.array(ruleSchema).max(MAX_RULES) }),
  ),
};
