import { z } from 'zod';
import type { PublishOutcome } from '../contract/operations/session.ts';
import { type PublishProperties, publishPropertiesSchema, type Qos, qosSchema } from '../profile/profile.ts';

/** UTF-16 units of a script. */
export const MAX_SCRIPT_LENGTH = 500_000;
/** UTF-16 units of a line in the console; what is longer is cut. */
export const MAX_LINE_LENGTH = 4000;

export const lineLevels = ['log', 'warn', 'error'] as const;
export type LineLevel = (typeof lineLevels)[number];

/** Of a script: its own `console`, or what went wrong in it. `line` counts from 1. */
export interface ScriptLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: LineLevel;
  readonly text: string;
  readonly line?: number;
}

/** What a check of a script came to. */
export interface ScriptCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed. */
  readonly problem?: string;
  readonly line?: number;
}

/** Bytes of a payload that a script is handed or publishes. */
export const MAX_SCRIPT_PAYLOAD = 1_000_000;

const id = z.int().min(1);

/** A message as a script publishes it. */
export interface ScriptPublish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Of MQTT 5.0; left out for older versions. */
  readonly properties: PublishProperties;
}

const writtenPropertiesSchema = publishPropertiesSchema
  .omit({ correlationData: true, userProperties: true })
  .extend({
    correlationText: z.string().max(65_535).optional(),
    correlationHex: z
      .string()
      .max(131_070)
      .regex(/^(?:[0-9a-f]{2})*$/)
      .optional(),
    userProperties: z
      .array(z.tuple([z.string().max(65_535), z.string().max(65_535)]))
      .max(1000)
      .optional(),
  });
export type WrittenProperties = z.infer<typeof writtenPropertiesSchema>;

const writtenSchema = z.object({
  topic: z.string().max(65_535),
  /** The payload, where it does not come as bytes beside the JSON. */
  text: z.string().default(''),
  qos: qosSchema,
  retain: z.boolean(),
  properties: writtenPropertiesSchema.default({}),
});

/** What the code in the sandbox asks of the outside, as JSON. */
export const scriptRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('publish'), call: id, message: writtenSchema }),
  z.object({ kind: z.literal('subscribe'), call: id, filter: z.string().max(65_535), qos: qosSchema }),
  z.object({ kind: z.literal('unsubscribe'), call: id, filter: z.string().max(65_535) }),
  /** `handler` wants the messages of a filter. */
  z.object({ kind: z.literal('listen'), handler: id, filter: z.string().max(65_535) }),
  /** It does not any more. */
  z.object({ kind: z.literal('forget'), handler: id }),
  z.object({ kind: z.literal('command'), name: z.string().min(1).max(100) }),
  z.object({ kind: z.literal('timer'), timer: id, after: z.number().min(0).max(2_147_483_647) }),
  z.object({ kind: z.literal('clearTimer'), timer: id }),
  z.object({
    kind: z.literal('line'),
    level: z.enum(lineLevels),
    text: z.string().transform((text) => text.slice(0, MAX_LINE_LENGTH)),
    line: id.optional(),
  }),
  /** A check began that takes its time. */
  z.object({ kind: z.literal('checking') }),
  z.object({
    kind: z.literal('check'),
    /** It is one of those that took their time. */
    waited: z.boolean().optional(),
    // Cut, not refused: a check that says a lot has failed all the same.
    name: z.string().transform((text) => text.slice(0, 1000)),
    passed: z.boolean(),
    problem: z
      .string()
      .transform((text) => text.slice(0, 10_000))
      .optional(),
    line: id.optional(),
  }),
]);
type WrittenRequest = z.infer<typeof scriptRequestSchema>;
/** The same, with the bytes that a message is sent with. */
export type ScriptRequest = Readonly<
  | Exclude<WrittenRequest, { readonly kind: 'publish' }>
  | { readonly kind: 'publish'; readonly call: number; readonly message: ScriptPublish }
>;

/** A received message for handlers of a script. */
export interface ScriptDelivery {
  readonly handlers: readonly number[];
  readonly topic: string;
  readonly payload: Uint8Array;
  /** As the inspector reads it; absent: the payload as UTF-8. */
  readonly text?: string;
  readonly qos: number;
  readonly retain: boolean;
  /** Absent: it has none. */
  readonly properties?: PublishProperties;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where a script is wrong, or why it was stopped. */
export interface ScriptFault {
  /** `script.error`, `script.time`, `script.memory`, `script.stuck` or `script.ended`. */
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

export type ToScript =
  | { readonly type: 'start'; readonly source: string }
  | { readonly type: 'message'; readonly message: ScriptDelivery }
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'command'; readonly name: string; readonly argument: string }
  /** The answer to `publish`, `subscribe` and `unsubscribe`. */
  | {
      readonly type: 'settle';
      readonly call: number;
      readonly outcome?: PublishOutcome;
      readonly problem?: string;
    }
  | { readonly type: 'ping' }
  | { readonly type: 'leave' };

export type FromScript =
  | {
      readonly type: 'request';
      readonly request: Exclude<ScriptRequest, { readonly kind: 'timer' | 'clearTimer' | 'checking' }>;
    }
  /** One of the messages that it was sent is dealt with. */
  | { readonly type: 'took' }
  | { readonly type: 'pong' }
  /** How many checks have begun and not ended. */
  | { readonly type: 'pending'; readonly checks: number }
  /** Checks that came too fast to be handed over one by one. */
  | { readonly type: 'checks'; readonly passed: number; readonly failed: number }
  | { readonly type: 'failed'; readonly fault: ScriptFault };
