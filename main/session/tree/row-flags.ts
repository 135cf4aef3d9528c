import { COVERED, HIT } from './path-filter.ts';

/** Bits of a node in one view. */
export const Row = {
  /** Its children are shown if it is. */
  open: 1,
  /** Shown if all levels above are open: without a filter every node, with one the matches and the way to them. */
  included: 2,
  /** A match lies below: opened by the filter. */
  forced: 4,
  /** Closed by hand although the filter had opened it. */
  closed: 8,
  /** Belongs to the matches. */
  covered: 16,
  /** Its event was read. */
  seen: 32,
  /** Counted in `matched`. */
  counted: 64,
  hit: 128,
} as const;

/** What a filter's state of a node makes of it. */
export function matchFlags(state: number, isTopic: boolean, topicsOnly: boolean): number {
  const isHit = (state & HIT) !== 0 && (isTopic || !topicsOnly);
  const isCovered = isHit || (!topicsOnly && (state & COVERED) !== 0);
  return (
    (isHit ? Row.hit : 0) |
    (isCovered ? Row.covered | Row.included : 0) |
    (isCovered && isTopic ? Row.counted : 0)
  );
}
