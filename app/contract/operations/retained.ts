import { z } from 'zod';
import { defineOperation } from '../define.ts';

const id = z.string().min(1).max(64);
/** Bytes of a snapshot that one call reads at most. */
export const MAX_SNAPSHOT_SLICE = 1024 * 1024;
/** Bytes that a snapshot file may have. */
export const MAX_SNAPSHOT_FILE = 64 * 1024 * 1024;
/** Messages a second that a change of retained messages may send. */
export const MAX_RETAINED_RATE = 10_000;

/** What a change would do, before it is done. */
export interface RetainedPlan {
  /** Names exactly these messages, whatever is selected later. */
  readonly planId: string;
  readonly messages: number;
  /** Of their payloads, as far as they are known. */
  readonly bytes: number;
  /** The first of the topics, raw: show through `visibleText`. At most 20, each at most 256 UTF-16 units. */
  readonly topics: readonly string[];
  /** Messages by first level of the topic, most first; at most 8. Raw and cut as `topics`. */
  readonly branches: readonly { readonly name: string; readonly messages: number }[];
  /** Restoring: topics that the loaded list shows with a retained message, which would be replaced. */
  readonly replaces: number;
  /** When the messages of a file were read from their broker, milliseconds since the epoch. */
  readonly takenAt?: number;
}

const change = {
  planId: id,
  /** Messages a second. */
  perSecond: z.int().min(1).max(MAX_RETAINED_RATE),
  /** Token of `publish.hold`, where the profile wants each publish to be held. */
  confirmation: z.string().max(64).optional(),
};

/**
 * Retained messages of the broker. They are read by a connection of their own, so that neither subscriptions nor log
 * of the session are touched; what runs shows in the feed `retained`. One thing runs at a time: `retained.busy`.
 */
export const retainedOperations = {
  /** Asks the broker anew for what it keeps under a topic filter. Answers when it has begun. */
  'retained.load': defineOperation<void>()(z.object({ filter: z.string().min(1).max(65535) })),
  /** Ends what runs; what was sent until then stays sent and can be undone. */
  'retained.cancel': defineOperation<void>()(z.object({})),
  /**
   * Selects rows of a view: all from one entry to another, as the view has them, both included. `replace` forgets what
   * was selected before; `toggle` turns each around. Fails with `retained.moved` when one of them is not shown any more.
   */
  'retained.select': defineOperation<{ readonly selected: number }>()(
    z.object({
      view: id,
      rows: z.union([
        z.object({ from: z.int().min(0), to: z.int().min(0) }),
        z.literal('all'),
        z.literal('none'),
      ]),
      mode: z.enum(['replace', 'add', 'toggle']).default('replace'),
    }),
  ),
  /** What clearing the selected messages would do. */
  'retained.plan': defineOperation<RetainedPlan>()(z.object({ view: id })),
  /**
   * Clears what was planned: each message is read again first, for the undo, then cleared, then looked for. Fails with
   * `guard.readOnly` and `guard.confirm` as `publish` does; so do the next two.
   */
  'retained.clear': defineOperation<void>()(z.object(change)),
  /** Takes the newest change back: what was there is sent again. What changed at the broker since then is left alone. */
  'retained.undo': defineOperation<void>()(
    z.object({ perSecond: change.perSecond, confirmation: change.confirmation }),
  ),
  /** Reads the selected messages, or with nothing selected all that the view shows, into a file: `jobId` in the feed. */
  'retained.snapshot': defineOperation<{ readonly jobId: string }>()(z.object({ view: id })),
  /** A part of the file that the last `retained.snapshot` made (docs/formats/retained-snapshot.md). */
  'retained.readSnapshot': defineOperation<{ readonly bytes: Uint8Array; readonly size: number }>()(
    z.object({
      snapshotId: id,
      offset: z.int().min(0),
      length: z.int().min(1).max(MAX_SNAPSHOT_SLICE),
    }),
  ),
  /** Reads a snapshot that was staged with `payload.stage`, and says what restoring it would do. Nothing is sent. */
  'retained.openSnapshot': defineOperation<RetainedPlan>()(z.object({ stagedId: id }), 120_000),
  /** Publishes the messages of a snapshot as retained ones; what they replace can be brought back by `retained.undo`. */
  'retained.restore': defineOperation<void>()(z.object(change)),
};
