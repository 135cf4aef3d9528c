import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { ChartSeries, ChartWindow, readerFeeds } from '#app/contract/feeds/readers.ts';
import type { TickedSource } from '../ticked-feed.ts';
import { decimate } from './decimate.ts';
import type { Series, SeriesSource } from './series.ts';
import type { SeriesStore } from './series-store.ts';

type ChartParams = ParsedParamsOf<typeof readerFeeds.chart>;

/** One chart: its series, and of them what is in view in as many points as there are pixels. */
export class ChartFeed implements TickedSource<ChartParams, ChartWindow> {
  readonly #store: SeriesStore;
  #params: ChartParams;
  #held: readonly { readonly source: SeriesSource; readonly series: Series }[] = [];
  #sent = '';
  #turn = 0;

  constructor(store: SeriesStore, params: ChartParams) {
    this.#store = store;
    this.#params = params;
    this.#hold(params);
  }

  update(params: ChartParams): void {
    this.#params = params;
    this.#hold(params);
  }

  advance(deadline: number): boolean {
    let hasMore = false;
    // Another one is first each time: while much is to be read, each of them gets on.
    this.#turn += 1;
    const count = this.#held.length;
    for (let index = 0; index < count; index++) {
      const held = this.#held[(index + this.#turn) % count];
      const now = performance.now();
      const share = now + Math.max(0, deadline - now) / (count - index);
      hasMore = held?.series.advance(share) === true || hasMore;
    }
    return hasMore;
  }

  build(moved: boolean): ChartWindow | undefined {
    const { from, to } = this.#range();
    const version = `${this.#held.map(({ series }) => series.version).join()} ${from} ${to}`;
    if (version === this.#sent && !moved) {
      return undefined;
    }
    this.#sent = version;
    return {
      from,
      to,
      series: this.#held.map(({ series }) => view(series, from, to, this.#params.columns)),
      progress: Math.min(1, ...this.#held.map(({ series }) => series.progress)),
    };
  }

  dispose(): void {
    for (const { source } of this.#held) {
      this.#store.release(source);
    }
    this.#held = [];
  }

  #hold({ sessionId, series }: ChartParams): void {
    const before = this.#held;
    this.#held = series.map((part) => {
      const source = { ...part, sessionId };
      return { source, series: this.#store.take(source) };
    });
    for (const { source } of before) {
      this.#store.release(source);
    }
  }

  /** The times in view. A live chart ends with the newest point of all its series. */
  #range(): { readonly from: number; readonly to: number } {
    const { view: wanted } = this.#params;
    if (wanted.kind === 'fixed') {
      return { from: wanted.from, to: Math.max(wanted.to, wanted.from + 1) };
    }
    let oldest = Number.POSITIVE_INFINITY;
    let newest = 0;
    for (const { series } of this.#held) {
      const { times, end } = series.points;
      if (end > 0) {
        oldest = Math.min(oldest, times[0] ?? 0);
        newest = Math.max(newest, times[end - 1] ?? 0);
      }
    }
    if (newest === 0) {
      return { from: 0, to: 1 };
    }
    const from = wanted.span === 0 ? oldest : newest - wanted.span;
    return { from, to: Math.max(newest, from + 1) };
  }
}

function view(series: Series, from: number, to: number, columns: number): ChartSeries {
  const { times, values, statistics } = decimate(series.points, from, to, columns);
  return {
    times,
    values,
    ...(statistics === undefined ? {} : { statistics }),
    points: series.points.end,
    without: series.without,
    skipped: series.skipped,
    dropped: series.points.dropped,
  };
}
