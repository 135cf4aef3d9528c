import { z } from 'zod';
import { MAX_SCRIPT_LENGTH } from './script-messages.ts';

/** Scripts of one connection. */
export const MAX_SCRIPTS = 100;

/** A script that is kept for a connection. */
export const scriptSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1, 'A script needs a name').max(100),
  source: z.string().max(MAX_SCRIPT_LENGTH),
});
export type Script = Readonly<z.infer<typeof scriptSchema>>;
