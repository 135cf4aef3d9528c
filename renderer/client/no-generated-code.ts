import { z } from 'zod';

/**
 * The content security policy forbids generated code; zod tries it once to see, which the browser reports as a
 * violation. Imported first by `main.tsx`, before the first schema is made.
 */
z.config({ jitless: true });
