/** What a chart shows: the newest, as it comes, or the time between two moments (milliseconds since the epoch). */
export type ChartView =
  | { readonly kind: 'live' }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number };

/** Milliseconds that a zoomed chart shows at least. */
const MIN_SPAN = 2;
/** Share of the width by which a key moves the chart. */
const STEP = 0.2;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A window of time, as much shorter (`factor` below 1) or longer around a moment that keeps its place. */
export function zoom({ from, to }: Span, factor: number, around: number): ChartView {
  const span = Math.max(MIN_SPAN, (to - from) * factor);
  const share = to === from ? 0.5 : (around - from) / (to - from);
  const start = Math.max(0, around - span * share);
  return { kind: 'fixed', from: start, to: start + span };
}

/** A window of time as long as before, moved by a share of its length. */
export function pan({ from, to }: Span, share: number): ChartView {
  const by = Math.max(-from, (to - from) * share);
  return { kind: 'fixed', from: from + by, to: to + by };
}

/** What a key of the chart asks for; `undefined`: it is not one of the chart's. */
export function viewForKey(key: string, span: Span): ChartView | undefined {
  const middle = (span.from + span.to) / 2;
  switch (key) {
    case 'ArrowLeft':
      return pan(span, -STEP);
    case 'ArrowRight':
      return pan(span, STEP);
    case '+':
    case '=':
    case 'ArrowUp':
      return zoom(span, 0.5, middle);
    case '-':
    case 'ArrowDown':
      return zoom(span, 2, middle);
    case 'Home':
    case 'Escape':
    case '0':
      return { kind: 'live' };
    default:
      return undefined;
  }
}
