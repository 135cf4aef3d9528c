/** Points in the order of their times. */
export interface PointRange {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** The points from `first` to before `end` are meant. */
  readonly first: number;
  readonly end: number;
}

/** Of all points between two times, not only of those that are drawn. */
export interface SeriesStatistics {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly last: number;
}

export interface DecimatedSeries {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Absent when no point lies between the times. */
  readonly statistics: SeriesStatistics | undefined;
}

/**
 * At most two points for each of `columns` equal parts between two times: the lowest and the highest, in their order,
 * so that no peak is lost. The points next to the range stand at both ends, so that lines reach its edges.
 */
export function decimate(points: PointRange, from: number, to: number, columns: number): DecimatedSeries {
  const { times, values, end } = points;
  const start = lowerBound(points, from);
  const outTimes: number[] = [];
  const outValues: number[] = [];
  const take = (index: number) => {
    outTimes.push(times[index] ?? 0);
    outValues.push(values[index] ?? 0);
  };
  if (start > points.first) {
    take(start - 1);
  }
  const perColumn = Math.max((to - from) / columns, Number.MIN_VALUE);
  let lowest = start;
  let highest = start;
  let column = -1;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let index = start;
  const takeColumn = () => {
    take(Math.min(lowest, highest));
    if (lowest !== highest) {
      take(Math.max(lowest, highest));
    }
  };
  for (; index < end && (times[index] ?? 0) <= to; index++) {
    const value = values[index] ?? 0;
    const at = Math.min(columns - 1, Math.floor(((times[index] ?? 0) - from) / perColumn));
    if (at !== column) {
      if (index > start) {
        takeColumn();
      }
      column = at;
      lowest = index;
      highest = index;
    } else if (value < (values[lowest] ?? 0)) {
      lowest = index;
    } else if (value > (values[highest] ?? 0)) {
      highest = index;
    }
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const count = index - start;
  if (count > 0) {
    takeColumn();
  }
  if (index < end) {
    take(index);
  }
  const last = values[index - 1] ?? 0;
  return {
    times: outTimes,
    values: outValues,
    statistics: count === 0 ? undefined : { count, min, max, mean: sum / count, last },
  };
}

/** The first point at or after a time. */
export function lowerBound({ times, first, end }: PointRange, time: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
