import classes from './sparkline.module.css';

interface SparklineProps {
  /** `[x, y, x, y, ...]`, x growing. */
  readonly points: readonly number[];
  /** What it shows, for who can't see it. */
  readonly label: string;
}

const WIDTH = 120;
const HEIGHT = 18;
const MARGIN = 1.5;

/** The way of a line through the points, and its end: `undefined` for fewer than two points. */
export function sparkPath(
  points: readonly number[],
): { readonly path: string; readonly x: number; readonly y: number } | undefined {
  const count = Math.floor(points.length / 2);
  if (count < 2) {
    return undefined;
  }
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) - left || 1;
  const height = Math.max(...ys) - bottom;
  const place = (index: number) => {
    const x = MARGIN + (((xs[index] ?? 0) - left) / width) * (WIDTH - 2 * MARGIN);
    // What never changes is a line in the middle.
    const part = height === 0 ? 0.5 : ((ys[index] ?? 0) - bottom) / height;
    return { x, y: HEIGHT - MARGIN - part * (HEIGHT - 2 * MARGIN) };
  };
  const path = Array.from({ length: count }, (_, index) => {
    const { x, y } = place(index);
    return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
  return { path, ...place(count - 1) };
}

/** A line of the height of a row: how a value went. Its scale is its own. */
export function Sparkline({ points, label }: SparklineProps) {
  const line = sparkPath(points);
  if (line === undefined) {
    return undefined;
  }
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className={classes.line}>
      <path d={line.path} />
      <circle cx={line.x} cy={line.y} r={1.5} />
    </svg>
  );
}
