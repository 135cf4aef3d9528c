import { z } from 'zod';
import { payloadSchema } from '../../profile/schemas.ts';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);

/** Operations of the main process on the schemas of a connection. Kept in the profile; what rules show follows at once. */
export const schemasOperations = {
  /** Adds a schema, or replaces the one with its id. */
  'schemas.keep': defineOperation<void>()(z.object({ sessionId: id, schema: payloadSchema })),
  'schemas.remove': defineOperation<void>()(z.object({ sessionId: id, schemaId: id })),
};
