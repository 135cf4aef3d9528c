import { z } from 'zod';
import { MAX_SCRIPTS, type Script, scriptSchema } from '../../script/script.ts';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);

/** Scripts that run. What they do shows in the feed `scripts`. */
export const scriptsOperations = {
  /**
   * Starts a script, or starts it anew. Fails with `guard.confirm` as `publish` does, and `script.many`. On a read-only
   * connection it runs too: what it publishes fails with `guard.readOnly`.
   */
  'script.start': defineOperation<void>()(
    z.object({ script: scriptSchema, confirmation: z.string().max(64).optional() }),
  ),
  'script.stop': defineOperation<void>()(z.object({ scriptId: id })),
  /** Runs what the script has for a command of this name. Fails with `script.command`. */
  'script.command': defineOperation<void>()(
    z.object({ scriptId: id, name: z.string().max(100), argument: z.string().max(10_000).default('') }),
  ),
};

/** Scripts as they are kept. */
export const keptScriptsOperations = {
  'scripts.keep': defineOperation<readonly Script[]>()(z.object({ profileId: id, script: scriptSchema })),
  'scripts.remove': defineOperation<readonly Script[]>()(z.object({ profileId: id, scriptId: id })),
  'scripts.order': defineOperation<readonly Script[]>()(
    z.object({ profileId: id, scriptIds: z.array(id).max(MAX_SCRIPTS) }),
  ),
};
