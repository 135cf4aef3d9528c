import type { TimelineMark, TimelineWindow } from '#app/contract/feeds/timeline.ts';

/** The time that a track shows, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Height of the densest column, and the least of one with anything in it; the drawing is 100 high. */
const FULL = 92;
const LEAST = 7;

/** Where a time lies: 0 at the beginning, 1 at the end; outside of the span it is put to its edge. */
export function shareOf({ from, to }: Span, at: number): number {
  return to <= from ? 1 : Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** The time at a share of the span. */
export function timeAt({ from, to }: Span, share: number): number {
  return from + Math.min(1, Math.max(0, share)) * (to - from);
}

/**
 * The columns as the `d` of one path, in a drawing as wide as there are columns and 100 high. Heights go with the square
 * root: beside a flood a quiet time is still seen.
 */
export function densityPath(counts: readonly number[]): string {
  const most = Math.sqrt(Math.max(1, ...counts));
  return counts
    .map((count, column) => {
      const height = count === 0 ? 0 : LEAST + (FULL - LEAST) * (Math.sqrt(count) / most);
      return count === 0 ? '' : `M${column} 100V${(100 - height).toFixed(1)}h1V100z`;
    })
    .join('');
}

/** The times without connection: up to the first mark if it tells of one that was made, and up to the present. */
export function outages(marks: readonly TimelineMark[], { from, to }: Span): Span[] {
  const found: Span[] = [];
  let away: number | undefined;
  marks.forEach(({ kind, at }, index) => {
    if (kind !== 'connected') {
      away ??= at;
    } else if (away !== undefined || index === 0) {
      found.push({ from: away ?? from, to: at });
      away = undefined;
    }
  });
  return away === undefined ? found : [...found, { from: away, to }];
}

/** How many messages came in the column at a share of the span, and how long the column is in milliseconds. */
export function columnAt(
  { counts, from, to }: Pick<TimelineWindow, 'counts' | 'from' | 'to'>,
  share: number,
): { readonly count: number; readonly span: number } {
  const column = Math.min(counts.length - 1, Math.max(0, Math.floor(share * counts.length)));
  return { count: counts[column] ?? 0, span: (to - from) / Math.max(1, counts.length) };
}

/** Milliseconds that a zoomed timeline shows at least. */
const MIN_SPAN = 20;

/** A part of the time as much shorter (`factor` below 1) or longer, `around` keeping its place; `undefined`: all of it. */
export function zoomed(span: Span, factor: number, around: number, bounds: Span): Span | undefined {
  const length = Math.max(MIN_SPAN, (span.to - span.from) * factor);
  if (length >= bounds.to - bounds.from) {
    return undefined;
  }
  const from = around - length * shareOf(span, around);
  return within({ from, to: from + length }, bounds);
}

/** A part of the time moved by so many milliseconds. */
export function shifted({ from, to }: Span, by: number, bounds: Span): Span {
  return within({ from: from + by, to: to + by }, bounds);
}

/** A part of the time in which a moment is seen: the same if it already is. */
export function showing(span: Span, at: number, bounds: Span): Span {
  const half = (span.to - span.from) / 2;
  return at >= span.from && at <= span.to ? span : within({ from: at - half, to: at + half }, bounds);
}

function within({ from, to }: Span, bounds: Span): Span {
  const by = Math.max(0, bounds.from - from) - Math.max(0, to - bounds.to);
  return { from: from + by, to: to + by };
}

/** What a key of the slider does: so many messages, such a part of the time that is shown, to an end, or a zoom. */
export type KeyMove =
  | { readonly kind: 'messages'; readonly by: number }
  | { readonly kind: 'time'; readonly by: number }
  | { readonly kind: 'oldest' }
  | { readonly kind: 'live' }
  | { readonly kind: 'zoom'; readonly factor: number };

/** Of the shown time, with Page Up and Page Down. */
const PAGE = 0.05;

/** As sliders have it: Up and Right are more, Home and End the two ends; plus and minus zoom. */
export function moveForKey(key: string): KeyMove | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return { kind: 'messages', by: -1 };
    case 'ArrowRight':
    case 'ArrowUp':
      return { kind: 'messages', by: 1 };
    case 'PageDown':
      return { kind: 'time', by: -PAGE };
    case 'PageUp':
      return { kind: 'time', by: PAGE };
    case 'Home':
      return { kind: 'oldest' };
    case 'End':
      return { kind: 'live' };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 0.5 };
    case '-':
      return { kind: 'zoom', factor: 2 };
    case '0':
      return { kind: 'zoom', factor: Number.POSITIVE_INFINITY };
    default:
      return undefined;
  }
}
