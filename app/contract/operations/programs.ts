import { z } from 'zod';
import { MAX_PROGRAM_PAYLOAD, type Program, programTargets, shells } from '../../copy-as/program.ts';
import { publishPropertiesSchema, qosSchema } from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);

export const programsOperations = {
  /**
   * Writes a program that connects as a connection does, and publishes a message or subscribes as it does. Its text
   * holds the password only when `withPassword`. Fails with `copy.tooLarge`, and with what the profile's variables and
   * secrets fail with.
   */
  'program.make': defineOperation<Program>()(
    z.object({
      of: z.union([z.object({ sessionId: id }), z.object({ profileId: id })]),
      target: z.enum(programTargets),
      /** Where the target is a command line. */
      shell: z.enum(shells).default('sh'),
      withPassword: z.boolean().default(false),
      message: z
        .object({
          topic: z.string().min(1).max(65535),
          payload: z.instanceof(Uint8Array).refine(({ length }) => length <= 4 * MAX_PROGRAM_PAYLOAD),
          qos: qosSchema,
          retain: z.boolean(),
          properties: publishPropertiesSchema.default({}),
        })
        .optional(),
    }),
  ),
};
