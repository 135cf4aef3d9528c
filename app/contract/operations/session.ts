import { z } from 'zod';
import type { PublishProperties, Qos } from '../../profile/profile.ts';
import { publishPropertiesSchema, qosSchema } from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';
import type { Failure } from '../failure.ts';
import { automationOperations } from './automation.ts';
import { loadOperations } from './load.ts';
import { packetsOperations } from './packets.ts';
import { repliesOperations } from './replies.ts';
import { requestOperations } from './requests.ts';
import { retainedOperations } from './retained.ts';
import { scriptsOperations } from './scripts.ts';
import { timelineOperations } from './timeline.ts';
import { willOperations } from './will.ts';

const sequence = z.int().min(0);
const view = z.string().min(1).max(64);
/** The largest payload that goes inline; larger ones are staged in slices first. */
export const MAX_INLINE_PAYLOAD = 1024 * 1024;
/** MQTT's own limit of a packet (section 1.5.5 / 2.2.3): 256 MiB less one byte. */
export const MAX_STAGED_PAYLOAD = 268_435_455;
const slice = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length <= MAX_INLINE_PAYLOAD, 'Larger than 1 MiB');

/** Everything about one message but its payload. */
export interface MessageDetails {
  readonly sequence: number;
  readonly direction: 'received' | 'published';
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly topicId: number;
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Bytes of the payload. */
  readonly size: number;
  readonly properties: PublishProperties & {
    readonly topicAlias?: number;
    readonly subscriptionIdentifiers?: readonly number[];
  };
  /** The message before this one on the same topic, if it is still kept. */
  readonly previous?: number;
  /** Filters of the enabled subscriptions that match the topic now. */
  readonly matching: readonly string[];
}

/**
 * The four packets of QoS 2 (MQTT 5.0 section 4.3.3): milliseconds from the PUBLISH until PUBREC came, PUBREL went out and
 * PUBCOMP came.
 */
export interface PublishSteps {
  readonly received: number;
  readonly released: number;
  readonly completed: number;
}

/** How a PUBLISH ended. QoS 0 is `sent` when the socket took it. Times in milliseconds since the epoch. */
export type PublishOutcome =
  | { readonly kind: 'sent'; readonly sequence: number; readonly sentAt: number }
  | {
      readonly kind: 'acknowledged';
      readonly sequence: number;
      readonly sentAt: number;
      readonly acknowledgedAt: number;
      /** MQTT 5.0; 0 for older versions. */
      readonly reasonCode: number;
      readonly reasonName: string;
      /** Of QoS 2, where they were all seen: a connection lost between them hides some. */
      readonly steps?: PublishSteps;
    };

/** Messages that are published at once at most, and the bytes of their payloads together. */
export const MAX_PUBLISHED_TOGETHER = 1000;
export const MAX_TOGETHER_BYTES = 8 * 1024 * 1024;

/** How several messages ended. Milliseconds from the sending to the acknowledgement, where there are any. */
export interface PublishedMany {
  /** Out, and at QoS 1 and 2 acknowledged. */
  readonly published: number;
  readonly failed: number;
  /** The first that failed. */
  readonly failure?: { readonly topic: string; readonly failure: Failure };
  readonly acknowledged?: { readonly median: number; readonly slowest: number };
}

/** How a publish of a guarded connection is confirmed: by holding the button, or by pressing its keys twice. */
const holdWays = ['hold', 'twice'] as const;
export type HoldWay = (typeof holdWays)[number];

export const sessionOperations = {
  ...packetsOperations,
  ...retainedOperations,
  ...timelineOperations,
  ...automationOperations,
  ...loadOperations,
  ...repliesOperations,
  ...scriptsOperations,
  ...requestOperations,
  ...willOperations,
  /** Fails with `message.evicted` when the budget took it. */
  'message.get': defineOperation<MessageDetails>()(z.object({ sequence })),
  /** At most 1 MiB a call, of a payload that may be far larger. */
  'message.bytes': defineOperation<{ readonly bytes: Uint8Array; readonly size: number }>()(
    z.object({ sequence, offset: z.int().min(0), length: z.int().min(0).max(MAX_INLINE_PAYLOAD) }),
  ),
  /** Empties stream and history; the tree keeps the newest message of each topic. Cleared messages stay counted. */
  'log.clear': defineOperation<{ readonly cleared: number }>()(z.object({})),

  /** Expands or collapses a node, with all below it if `recursive`. The state belongs to the session. */
  'tree.expand': defineOperation<void>()(
    z.object({ nodeId: z.int().min(0), expanded: z.boolean(), recursive: z.boolean().default(false) }),
  ),
  /** Opens a node and all its siblings, as far as the view of the open tree feed shows them. */
  'tree.expandSiblings': defineOperation<void>()(z.object({ view, nodeId: z.int().min(1) })),
  /**
   * The first row of the view, from a node on (`isNext`: behind it) and around the end, whose segment begins with the
   * text, whatever its case; an empty segment counts as “(empty)”. Only what is open and not filtered out has rows.
   */
  'tree.find': defineOperation<{ readonly nodeId?: number }>()(
    z.object({ view, nodeId: z.int().min(1), text: z.string().min(1).max(256), isNext: z.boolean() }),
  ),
  /** Opens the way to a topic and says where its row is under the given parameters of the open tree feed. */
  'tree.reveal': defineOperation<{ readonly nodeId: number }>()(z.object({ topic: z.string().max(65535) })),
  /** The node's whole name from the root, uncut. */
  'tree.path': defineOperation<{ readonly path: string }>()(z.object({ nodeId: z.int().min(0) })),
  'topics.complete': defineOperation<{ readonly topics: readonly string[] }>()(
    z.object({ prefix: z.string().max(65535), limit: z.int().min(1).max(100).default(20) }),
  ),

  /** Appends a slice to a payload in the making; without `stagedId` begins one. */
  'payload.stage': defineOperation<{ readonly stagedId: string; readonly size: number }>()(
    z.object({ stagedId: z.string().max(64).optional(), slice }),
  ),
  'payload.discard': defineOperation<void>()(z.object({ stagedId: z.string().max(64) })),
  /**
   * The user began to hold the button, or pressed the keys the first time. The token confirms one `publish`, no earlier
   * than `holdFor` milliseconds from now.
   */
  'publish.hold': defineOperation<{ readonly token: string; readonly holdFor: number }>()(
    z.object({ way: z.enum(holdWays) }),
  ),
  /**
   * Fails with `guard.readOnly`, and with `guard.confirm` where the profile wants each publish to be held.
   * Answers when the message is sent (QoS 0) or acknowledged (QoS 1, 2); a refusal is a failure `publish.refused`.
   */
  publish: defineOperation<PublishOutcome>()(
    z.object({
      topic: z.string().min(1).max(65535),
      payload: z.union([slice, z.object({ stagedId: z.string().max(64) })]),
      qos: qosSchema,
      retain: z.boolean(),
      properties: publishPropertiesSchema.default({}),
      /** Token of `publish.hold`. */
      confirmation: z.string().max(64).optional(),
    }),
    120_000,
  ),
  /**
   * As `publish`, for several messages at once that one hold allows: handed to the broker in their order, each answered
   * for itself. Fails as a whole only where none may be sent.
   */
  'publish.many': defineOperation<PublishedMany>()(
    z.object({
      messages: z
        .array(
          z.object({
            topic: z.string().min(1).max(65535),
            payload: slice,
            properties: publishPropertiesSchema.default({}),
          }),
        )
        .min(1)
        .max(MAX_PUBLISHED_TOGETHER)
        .refine(
          (messages) => messages.reduce((sum, { payload }) => sum + payload.length, 0) <= MAX_TOGETHER_BYTES,
          'More than 8 MiB together',
        ),
      qos: qosSchema,
      retain: z.boolean(),
      confirmation: z.string().max(64).optional(),
    }),
    120_000,
  ),
};
