import type { ChartSeries } from '#app/contract/feeds/readers.ts';

/** One row of times and, for each line, a value or nothing at each of them: as the plot wants it. */
export type PlotData = [number[], ...(number | undefined)[][]];

/** Merges lines with times of their own; points of the same time that follow each other stay apart. */
export function plotData(series: readonly ChartSeries[]): PlotData {
  const places = series.map(() => 0);
  const times: number[] = [];
  const values: (number | undefined)[][] = series.map(() => []);
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    for (const [index, line] of series.entries()) {
      next = Math.min(next, line.times[places[index] ?? 0] ?? Number.POSITIVE_INFINITY);
    }
    if (next === Number.POSITIVE_INFINITY) {
      return [times, ...values];
    }
    times.push(next);
    for (const [index, line] of series.entries()) {
      const place = places[index] ?? 0;
      const isHere = line.times[place] === next;
      values[index]?.push(isHere ? line.values[place] : undefined);
      places[index] = isHere ? place + 1 : place;
    }
  }
}
