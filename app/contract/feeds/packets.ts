import { z } from 'zod';
import { PACKET_TYPES, type PacketType } from '../../mqtt/packets/packet.ts';
import { defineFeed } from '../define.ts';

/** Rows of packets that a window may hold. */
export const MAX_PACKET_ROWS = 200;

export const packetFilterSchema = z.object({
  direction: z.enum(['both', 'sent', 'received']).default('both'),
  /** Of these types only; empty: all. */
  types: z.array(z.enum(PACKET_TYPES)).max(PACKET_TYPES.length).default([]),
  /** In the summary (topic, topic filters, client ID, reasons), whatever its case; empty: all. */
  text: z.string().max(1000).default(''),
  packetId: z.int().min(0).max(65_535).optional(),
  /** Malformed, refused, duplicate and unanswered packets, and lost connections. */
  onlyProblems: z.boolean().default(false),
});
export type PacketFilter = z.output<typeof packetFilterSchema>;

export const packetsParamsSchema = z.object({
  filter: packetFilterSchema.default(() => packetFilterSchema.parse({})),
  count: z.int().min(0).max(MAX_PACKET_ROWS),
  /** The newest rows, or those from a row of the filtered list on (0: the oldest that is kept). */
  at: z.union([
    z.object({ kind: z.literal('live') }),
    z.object({ kind: z.literal('row'), row: z.int().min(0) }),
  ]),
  /** Nothing is recorded for this view; what was recorded stays. */
  isPaused: z.boolean().default(false),
});

/** How a packet that wants an answer fares, and how long that took, in milliseconds. */
export type PacketTie =
  | { readonly kind: 'waiting' }
  /** The connection ended, or the broker forgot it, before an answer came. */
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'answered'; readonly after: number }
  /** A later part of an exchange; without `after` its beginning was not heard or is not kept any more. */
  | { readonly kind: 'follows'; readonly opener: number; readonly after?: number };

/** One control packet. */
export interface PacketRow {
  readonly kind: 'packet';
  readonly sequence: number;
  /** When its last byte came or its first one was sent, in milliseconds since the epoch, with fractions. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  readonly type: PacketType;
  readonly packetId?: number;
  /** Raw, cut to 256 UTF-16 units: show through `visibleText`. */
  readonly summary: string;
  /** Bytes of the whole packet. */
  readonly size: number;
  /** Of a PUBLISH. */
  readonly qos?: number;
  readonly retain?: boolean;
  readonly dup?: boolean;
  readonly tie?: PacketTie;
  /** What is wrong with it, in a few words. */
  readonly problem?: string;
}

/** What happened to the connection or to the recording between two packets. */
export interface PacketMark {
  readonly kind: 'mark';
  readonly sequence: number;
  readonly at: number;
  readonly text: string;
  readonly isBad: boolean;
}

/** What is known of keep alive (MQTT 5.0 section 3.1.2.10); times in milliseconds since the epoch. */
export interface KeepAliveFacts {
  /** Seconds, as agreed; 0: off. */
  readonly seconds: number;
  /** The last PINGREQ that was recorded; without an answer it waits for one. */
  readonly pingAt?: number;
  /** Milliseconds from that PINGREQ to its PINGRESP. */
  readonly roundTrip?: number;
  /** When the next PINGREQ is due, as far as the recording tells. */
  readonly nextAt?: number;
}

export interface PacketsWindow {
  /** Row number of `rows[0]` in the filtered list. */
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly (PacketRow | PacketMark)[];
  /** Rows of the filtered list that have made room for newer ones since this view was opened or its filter changed. */
  readonly evictedRows: number;
  /** Packets and marks that are kept, whatever the filter, and those that made room since the recording began. */
  readonly recorded: number;
  readonly dropped: number;
  readonly isConnected: boolean;
  /** True while packets are still being looked at for the filter. */
  readonly scanning: boolean;
  readonly keepAlive?: KeepAliveFacts;
}

export const packetsFeeds = {
  /** The control packets of the connection. They are recorded only while a view that is not paused is open. */
  packets: defineFeed<PacketsWindow>()(packetsParamsSchema),
};
