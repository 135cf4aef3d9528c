import { hasWildcard, sharedFilter, topicFilterProblem } from '#app/mqtt/topic.ts';
import type { SegmentTable } from './segments.ts';
import { foldCase } from './segments.ts';

/** The path down to a node matches here: its own segment completes the match. */
export const HIT = 1 << 30;
/** A level above, or this one, is a hit, so that everything below belongs to the result too. */
export const COVERED = 1 << 29;
const PLACE = COVERED - 1;

/**
 * A filter that walks down the tree: the state of a node follows from its parent's state and its segment,
 * so that a million topics are matched without making a million strings.
 */
export interface PathFilter {
  /** Only nodes that are topics count as hits, and nothing below them does because of them. */
  readonly topicsOnly: boolean;
  /** State of a node: bits `HIT` and `COVERED`, and what the filter needs for the levels below. The root's is 0. */
  next(parentState: number, isRoot: boolean, segment: number): number;
}

/** What a typed filter means, or why it cannot be used. Empty: no filter. */
export function parsePathFilter(
  text: string,
  segments: SegmentTable,
): { readonly filter?: PathFilter; readonly problem?: string } {
  if (text === '') {
    return {};
  }
  if (!hasWildcard(text)) {
    const folded = foldCase(text);
    return { filter: folded.includes('/') ? pathText(folded, segments) : segmentText(folded, segments) };
  }
  const problem = topicFilterProblem(text);
  return problem === undefined ? { filter: topicFilter(text, segments) } : { problem };
}

/** Text without a slash: a match lies within one segment, so each segment is looked at once. */
function segmentText(folded: string, segments: SegmentTable): PathFilter {
  let known = new Uint8Array(1024);
  return {
    topicsOnly: false,
    next(parentState, _isRoot, segment) {
      if (segment >= known.length) {
        const grown = new Uint8Array(Math.max(segment + 1, known.length * 2));
        grown.set(known);
        known = grown;
      }
      if (known[segment] === 0) {
        known[segment] = segments.folded(segment).includes(folded) ? 2 : 1;
      }
      return known[segment] === 2 ? HIT | COVERED : parentState & COVERED;
    },
  };
}

/** Text with slashes: the matcher of Knuth, Morris and Pratt goes on from level to level. */
function pathText(folded: string, segments: SegmentTable): PathFilter {
  const length = folded.length;
  const fallback = new Int32Array(length + 1);
  for (let place = 1, border = 0; place < length; place += 1) {
    while (border > 0 && folded.charCodeAt(place) !== folded.charCodeAt(border)) {
      border = fallback[border]!;
    }
    if (folded.charCodeAt(place) === folded.charCodeAt(border)) {
      border += 1;
    }
    fallback[place + 1] = border;
  }
  const step = (from: number, unit: number): number => {
    let place = from;
    while (place > 0 && (place === length || folded.charCodeAt(place) !== unit)) {
      place = fallback[place]!;
    }
    return folded.charCodeAt(place) === unit ? place + 1 : place;
  };
  const SLASH = 0x2f;
  return {
    topicsOnly: false,
    next(parentState, isRoot, segment) {
      let place = parentState & PLACE;
      let isHit = false;
      if (!isRoot) {
        place = step(place, SLASH);
        isHit = place === length;
      }
      const text = segments.folded(segment);
      for (let index = 0; index < text.length; index += 1) {
        place = step(place, text.charCodeAt(index));
        isHit ||= place === length;
      }
      return place | (isHit ? HIT | COVERED : parentState & COVERED);
    },
  };
}

/** Levels that match so far are counted; these stand for "nothing can match" and "everything does". */
const DEAD = PLACE;
const REST = PLACE - 1;

/** MQTT 4.7, level by level; the tests hold it against `matchesFilter`. */
function topicFilter(text: string, segments: SegmentTable): PathFilter {
  const levels = (sharedFilter(text)?.filter ?? text).split('/');
  const isOpenEnded = levels.at(-1) === '#';
  return {
    topicsOnly: true,
    next(parentState, isRoot, segment) {
      const place = parentState & PLACE;
      if (place === DEAD) {
        return DEAD;
      }
      if (place === REST) {
        return REST | HIT;
      }
      const level = levels[place];
      if (level === undefined) {
        return DEAD;
      }
      if (level === '+' || level === '#') {
        // 4.7.2: a leading wildcard does not match topics that begin with $.
        if (isRoot && segments.text(segment).startsWith('$')) {
          return DEAD;
        }
      } else if (level !== segments.text(segment)) {
        return DEAD;
      }
      if (level === '#') {
        return REST | HIT;
      }
      const after = place + 1;
      // 4.7.1.2: `a/#` matches `a` as well.
      const isHit = after === levels.length || (isOpenEnded && after === levels.length - 1);
      return isHit ? after | HIT : after;
    },
  };
}
