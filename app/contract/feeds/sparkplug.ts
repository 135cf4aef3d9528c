import { z } from 'zod';
import { defineFeed } from '../define.ts';

const rows = z.object({ offset: z.int().min(0), count: z.int().min(0).max(200) });

export type SparkplugOnline = 'online' | 'offline' | 'unknown';

/** A line of the tree of groups, nodes, devices and host applications. All texts are safe to show. */
export interface SparkplugRow {
  /** Stays the same while the feed is open. */
  readonly id: number;
  readonly level: 1 | 2 | 3;
  readonly kind: 'group' | 'node' | 'device' | 'hosts' | 'host';
  readonly name: string;
  /** Not of groups. */
  readonly state?: SparkplugOnline;
  /** Of the birth or death that made the state; milliseconds since the epoch. */
  readonly since?: number;
  readonly seq?: number;
  readonly bdSeq?: string;
  readonly metrics: number;
  readonly messages: number;
  readonly findings: number;
}

/** A metric as it was last told. */
export interface SparkplugMetricRow {
  /** Place in the list. */
  readonly place: number;
  readonly name: string;
  readonly alias?: string;
  readonly type: string;
  readonly value: string;
  /** When the value came; milliseconds since the epoch. */
  readonly at: number;
  /** The message that brought it. */
  readonly sequence: number;
  /** Only values of the past were told. */
  readonly isHistorical: boolean;
}

/** Something that is not as the specification has it: `sequence jumped 12 → 15`. */
export interface SparkplugFinding {
  readonly id: number;
  readonly at: number;
  readonly sequence: number;
  /** `group/node/device` */
  readonly where: string;
  readonly text: string;
}

export interface SparkplugDetails {
  readonly row: SparkplugRow;
  /** `group/node/device`, safe to show. */
  readonly path: string;
  /** All that there were of it, those of its devices among them. */
  readonly findings: number;
  /** Its values are of the past: it is not online. */
  readonly isStale: boolean;
  readonly births: number;
  /** Where a rebirth is asked for; raw. Not of hosts. */
  readonly commandTopic?: string;
  /** When a rebirth was last asked for, by whomever. */
  readonly rebirthAskedAt?: number;
  readonly metrics: {
    readonly offset: number;
    readonly total: number;
    readonly rows: readonly SparkplugMetricRow[];
  };
}

export interface SparkplugWindow {
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly SparkplugRow[];
  readonly nodes: { readonly online: number; readonly total: number };
  readonly devices: { readonly online: number; readonly total: number };
  /** Messages of Sparkplug B that were read. */
  readonly messages: number;
  /** Of what was selected, if it is (still) there. */
  readonly details?: SparkplugDetails;
  /** The newest first, a hundred at most: of what is selected, or of all. */
  readonly findings: readonly SparkplugFinding[];
  /** All that there were, also those that are no longer held. */
  readonly findingsTotal: number;
  /** There was more than is followed. */
  readonly isCut: boolean;
  /** From 0 to 1: how much of what is kept was read. */
  readonly progress: number;
}

export const sparkplugFeeds = {
  /** The state of Sparkplug B nodes, devices and hosts by the messages that are kept, and as they come. */
  sparkplug: defineFeed<SparkplugWindow>()(
    z.object({
      sessionId: z.string().min(1).max(64),
      tree: rows,
      /** Id of a row. */
      selected: z.int().min(1).optional(),
      metrics: rows,
    }),
  ),
};
