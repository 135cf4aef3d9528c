import type { SeriesSpec } from '#renderer/state/charts.ts';

/** What of a message the line shows: `temp`, `payload`, `size`, `rate`. */
export function valueLabel({ value }: SeriesSpec): string {
  switch (value.kind) {
    case 'field':
      return value.path;
    case 'payload':
      return 'value';
    case 'size':
      return 'bytes';
    case 'rate':
      return 'messages/s';
  }
}

/** Topic and field of a line. */
export function seriesLabel(series: SeriesSpec): string {
  return `${series.topic} ${valueLabel(series)}`;
}

/** The colours of lines, one after the other, as custom properties of the theme. */
const colors = ['blue', 'orange', 'green', 'violet', 'red', 'teal', 'pink', 'yellow', 'gray'] as const;

/** The colour of the line at a place of its chart. */
export function seriesColor(index: number): (typeof colors)[number] {
  return colors[index % colors.length] ?? 'gray';
}

/** A number in the room of a table: seven digits, without noise of floating point. */
export function figure(value: number): string {
  const magnitude = Math.abs(value);
  if (value !== 0 && (magnitude >= 1e9 || magnitude < 1e-4)) {
    return value.toExponential(3);
  }
  return String(Number(value.toPrecision(7)));
}
