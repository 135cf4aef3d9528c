import type { TreeRow } from '#app/contract/feeds/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';

const EMPTY = '(empty)';

/** Key of a row in the virtual list. */
export function nodeOf(row: TreeRow): number {
  return row.nodeId;
}

/** A segment as it is shown: nothing hidden, spaces at its edges marked, an empty one named. */
export function shownSegment({ segment, segmentLength }: Pick<TreeRow, 'segment' | 'segmentLength'>): string {
  if (segmentLength === 0) {
    return EMPTY;
  }
  const marked = visibleText(segment)
    .replace(/^ +/, (spaces) => '␣'.repeat(spaces.length))
    .replace(/ +$/, (spaces) => '␣'.repeat(spaces.length));
  return segmentLength > segment.length ? `${marked}…` : marked;
}

/** What is typed to go to a row: the segment as it came, an empty one by its name on screen. */
export function typedName({ segment, segmentLength }: Pick<TreeRow, 'segment' | 'segmentLength'>): string {
  return segmentLength === 0 ? EMPTY : segment;
}

/**
 * The whole name of a node as far as the rows on screen tell it: `undefined` when a level above is not among them or
 * a segment is cut; then the engine knows.
 */
export function knownPath(rows: readonly TreeRow[], row: TreeRow): string | undefined {
  const segments: string[] = [];
  let place = rows.indexOf(row);
  for (let at: TreeRow | undefined = row; at !== undefined; ) {
    if (at.segmentLength > at.segment.length) {
      return undefined;
    }
    segments.unshift(at.segment);
    if (at.parentId === 0) {
      return segments.join('/');
    }
    const { parentId } = at;
    // The parent stands above its children.
    do {
      place -= 1;
      at = rows[place];
    } while (at !== undefined && at.nodeId !== parentId);
  }
  return undefined;
}

/** Whether two rows look the same; the age is not part of it. */
export function areSameRows(one: TreeRow, other: TreeRow): boolean {
  return (
    one === other ||
    (one.nodeId === other.nodeId &&
      one.messages === other.messages &&
      one.lastSequence === other.lastSequence &&
      one.preview === other.preview &&
      one.unit === other.unit &&
      one.muted === other.muted &&
      one.notKept === other.notKept &&
      one.label === other.label &&
      one.rate === other.rate &&
      one.topics === other.topics &&
      one.children === other.children &&
      one.expanded === other.expanded &&
      one.retained === other.retained &&
      one.level === other.level &&
      one.position === other.position &&
      one.siblings === other.siblings &&
      one.color === other.color &&
      one.segment === other.segment)
  );
}
