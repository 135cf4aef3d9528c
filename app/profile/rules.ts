import { z } from 'zod';
import { profileColors } from './colors.ts';

/** Rules that a profile may have. */
export const MAX_RULES = 200;

/** UTF-16 units of a binary template. */
export const MAX_TEMPLATE = 10_000;

/**
 * The view that a rule chooses. What a codec needs beside the bytes stands next to its id.
 */
export const ruleCodecSchema = z.object({
  /** A codec's id, or `auto`: as without the rule. */
  id: z.string().min(1).max(40),
  /** Of the codec `template`; see docs/formats/binary-template.md. */
  template: z.string().max(MAX_TEMPLATE).optional(),
  /** Id of a schema of the profile, of the kind that the codec has as its id; absent: without one. */
  schema: z.string().min(1).max(64).optional(),
  /** The message type, by its full name; absent: the one that the schema is of. */
  type: z.string().min(1).max(500).optional(),
});

/** How messages on some topics are shown. */
export const ruleSchema = z.object({
  id: z.string().min(1).max(64),
  /** Topic filter (MQTT 4.7); may name variables. */
  filter: z.string().min(1).max(65535),
  /** False: kept, and passed over. */
  enabled: z.boolean(),
  codec: ruleCodecSchema,
  /** Shown beside the topic; empty: none. */
  label: z.string().max(100),
  /** Absent: the colour of the subscription. */
  color: z.enum(profileColors).optional(),
  /** Shown behind values that are numbers; empty: none. */
  unit: z.string().max(30),
  /** Messages are kept and counted, but not shown in the stream. */
  muted: z.boolean(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** A rule that changes nothing yet. */
export function newRule(filter: string, overrides: Partial<Rule> = {}): Rule {
  return {
    id: crypto.randomUUID(),
    filter,
    enabled: true,
    codec: { id: 'auto' },
    label: '',
    unit: '',
    muted: false,
    ...overrides,
  };
}
