import type { NodeColumns } from './node-columns.ts';
import type { NodeEvents } from './node-events.ts';
import type { SegmentTable } from './segments.ts';

/** The columns of a tree that views read; the numbers of nodes are those of the live tree. */
export type TreeColumns = Pick<
  NodeColumns,
  'length' | 'parent' | 'segment' | 'firstChild' | 'nextSibling' | 'childCount' | 'topics' | 'flags'
>;

/** What views show of a tree: the one that follows the messages, or one as it was at a moment. */
export interface TreeShape {
  readonly columns: TreeColumns;
  readonly segments: SegmentTable;
  /** What became visible, in order. */
  readonly events: NodeEvents;
  /** Equal means unchanged. */
  readonly version: number;
  /** Is this the number of a node, the root not being one? */
  has(nodeId: number): boolean;
  isTopic(nodeId: number): boolean;
  isRetained(nodeId: number): boolean;
  /** Newest message on exactly this topic; 0: none, or (of the past) not kept any more. */
  lastSequence(nodeId: number): number;
  /** Messages at or below. */
  messages(nodeId: number): number;
  /** Topics at or below. */
  topicsBelow(nodeId: number): number;
  /** Milliseconds since the epoch of the newest message at or below; 0: none, or not known. */
  lastAt(nodeId: number): number;
  /** Messages per second at or below, as of `now`. */
  rate(nodeId: number, now: number): number;
}
