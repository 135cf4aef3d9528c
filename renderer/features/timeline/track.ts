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

/** What a key of the slider does: so many messages, or such a part of the time that is shown. */
export type KeyMove =
  | { readonly kind: 'messages'; readonly by: number }
  | { readonly kind: 'time'; readonly by: number };

/** Of the shown time, with Page Up and Page Down. */
const PAGE = 0.05;

/** As sliders have it: Up and Right are more, Home and End the two ends. */
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
      return { kind: 'time', by: -1 };
    case 'End':
      return { kind: 'time', by: 1 };
    default:
      return undefined;
  }
}
