import { z } from 'zod';
import { loadTestSchema } from '../../load/load-test.ts';
import { defineOperation } from '../define.ts';

/** What runs shows in the feed `loadRun`. */
export const loadOperations = {
  /**
   * Answers when it has begun. Fails with `guard.readOnly` and `guard.confirm` as `publish` does, with `load.running`,
   * `load.cap`, `load.tooLarge`, `publish.offline` and what composing its first messages says.
   */
  'load.start': defineOperation<void>()(
    z.object({ test: loadTestSchema, confirmation: z.string().max(64).optional() }),
  ),
  /** At once. */
  'load.stop': defineOperation<void>()(z.object({})),
};
