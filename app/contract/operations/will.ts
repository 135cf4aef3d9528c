import { z } from 'zod';
import { defineOperation } from '../define.ts';

/** How a rehearsal ends the session's connection: by cutting its socket, or with DISCONNECT. */
export const rehearsalEnds = ['cut', 'disconnect'] as const;
export type RehearsalEnd = (typeof rehearsalEnds)[number];

/** Trying out the last will that the broker holds. What runs shows in the feed `rehearsal`. */
export const willOperations = {
  /**
   * A second connection subscribes to the will's topic, the session's own is ended, and what arrives is held against
   * what was set; then the retained message from before and the connection are put back. Answers when it has begun.
   * Fails with `guard.readOnly` and `guard.confirm` as `publish` does, and with `rehearsal.busy`, `rehearsal.offline`,
   * `rehearsal.unarmed` and `rehearsal.one-client`.
   */
  'will.rehearse': defineOperation<void>()(
    z.object({
      end: z.enum(rehearsalEnds).default('cut'),
      /** Token of `publish.hold`, where the profile wants each publish to be held. */
      confirmation: z.string().max(64).optional(),
    }),
  ),
  /** Waits no longer; everything is put back. */
  'will.stopRehearsal': defineOperation<void>()(z.object({})),
};
