import { z } from 'zod';
import { proxySchema } from '../profile/profile.ts';

/** What the user set for the whole app, and the layout: kept in the data directory, shared by all windows. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Sizes in percent, collapsed panes, hidden columns, ...: owned by the renderer, opaque to the engine. */
  layout: z.record(z.string().max(100), z.unknown()).default({}),
  /** Chosen view per topic: `profileId` + newline + topic → codec id. Newest last, bounded by the engine. */
  views: z.record(z.string().max(66_000), z.string().max(40)).default({}),
  /** Between us and all brokers whose profile does not say otherwise. `passwordRef`: vault key of its password. */
  proxy: proxySchema
    .extend({ passwordRef: z.string().min(1).max(64).optional() })
    .default({ kind: 'none', host: '', port: 8080, username: '' }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Only the given keys change; entries of `layout` and `views` are merged, `null` removes one. */
export const settingsPatchSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  layout: z.record(z.string().max(100), z.unknown()).optional(),
  views: z.record(z.string().max(66_000), z.string().max(40).nullable()).optional(),
  /** Replaces the proxy as a whole but for its password: absent keeps that, `null` removes it, a string replaces it. */
  proxy: proxySchema.extend({ password: z.string().max(65_535).nullable().optional() }).optional(),
});
