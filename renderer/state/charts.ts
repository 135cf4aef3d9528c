import { useEffect } from 'react';
import { z } from 'zod';
import { create } from 'zustand';
import { MAX_SERIES, type SeriesValue, seriesValueSchema } from '#app/contract/feeds/readers.ts';
import { useEngineData } from './engine-data.ts';
import { keepLayout } from './keep-layout.ts';

/** Charts of one connection at most. */
export const MAX_CHARTS = 8;

const seriesSpecSchema = z.object({
  topic: z.string().max(65_535),
  /** The view that names the field; `auto` where it does not matter. */
  codec: z.string().max(40),
  value: seriesValueSchema,
});
const chartSpecSchema = z.object({
  id: z.string().max(40),
  /** Milliseconds that a live chart shows; 0: all that is kept. */
  span: z.number().min(0).max(1e12),
  series: z.array(seriesSpecSchema).max(MAX_SERIES),
});
const chartsSchema = z.array(chartSpecSchema).max(MAX_CHARTS);

/** One line of a chart, by the topic's name: its id is another one in each session. */
export interface SeriesSpec {
  readonly topic: string;
  readonly codec: string;
  readonly value: SeriesValue;
}

/** A chart as it is kept. */
export interface ChartSpec {
  readonly id: string;
  readonly span: number;
  readonly series: readonly SeriesSpec[];
}

/** The charts of each connection (by profile id): kept with the layout in the engine's settings. */
const useStore = create<{ readonly charts: Readonly<Record<string, readonly ChartSpec[]>> }>(() => ({
  charts: {},
}));

const noCharts: readonly ChartSpec[] = [];
const keyOf = (profileId: string) => `charts.${profileId}`;
let nextId = 0;

/** The charts of a connection: what was changed in this window, before that what was kept. */
export function useCharts(profileId: string): readonly ChartSpec[] {
  const stored = useEngineData((state) => state.settings?.layout[keyOf(profileId)]);
  useEffect(() => {
    if (stored !== undefined && useStore.getState().charts[profileId] === undefined) {
      const parsed = chartsSchema.safeParse(stored);
      if (parsed.success) {
        useStore.setState(({ charts }) => ({ charts: { [profileId]: parsed.data, ...charts } }));
      }
    }
  }, [profileId, stored]);
  return useStore((state) => state.charts[profileId] ?? noCharts);
}

/** Where a series goes: into the chart that has it alone already, or a new one; with `chartId` into that chart. */
export function addSeries(profileId: string, series: SeriesSpec, chartId?: string): void {
  const charts = useStore.getState().charts[profileId] ?? noCharts;
  if (chartId !== undefined) {
    change(
      profileId,
      charts.map((chart) =>
        chart.id === chartId && !hasSeries(chart, series) && chart.series.length < MAX_SERIES
          ? { ...chart, series: [...chart.series, series] }
          : chart,
      ),
    );
    return;
  }
  if (charts.some((chart) => hasSeries(chart, series)) || charts.length >= MAX_CHARTS) {
    return;
  }
  nextId += 1;
  const id = `${Date.now().toString(36)}-${nextId}`;
  // The newest first: it is what was asked for last.
  change(profileId, [{ id, span: 0, series: [series] }, ...charts]);
}

/** Takes a line out of a chart; a chart without lines goes. */
export function removeSeries(profileId: string, chartId: string, series: SeriesSpec): void {
  const charts = useStore.getState().charts[profileId] ?? noCharts;
  change(
    profileId,
    charts
      .map((chart) =>
        chart.id === chartId
          ? { ...chart, series: chart.series.filter((other) => seriesKey(other) !== seriesKey(series)) }
          : chart,
      )
      .filter((chart) => chart.series.length > 0),
  );
}

export function removeChart(profileId: string, chartId: string): void {
  const charts = useStore.getState().charts[profileId] ?? noCharts;
  change(
    profileId,
    charts.filter(({ id }) => id !== chartId),
  );
}

/** Milliseconds that the chart shows while it is live; 0: all. */
export function setSpan(profileId: string, chartId: string, span: number): void {
  const charts = useStore.getState().charts[profileId] ?? noCharts;
  change(
    profileId,
    charts.map((chart) => (chart.id === chartId ? { ...chart, span } : chart)),
  );
}

/** The same for the same line, whichever chart it is in. */
export function seriesKey({ topic, codec, value }: SeriesSpec): string {
  return JSON.stringify([topic, codec, value.kind, value.kind === 'field' ? value.path : '']);
}

function hasSeries(chart: ChartSpec, series: SeriesSpec): boolean {
  return chart.series.some((other) => seriesKey(other) === seriesKey(series));
}

function change(profileId: string, charts: readonly ChartSpec[]): void {
  useStore.setState((state) => ({ charts: { ...state.charts, [profileId]: charts } }));
  const { sessions } = useEngineData.getState();
  // What is temporary is not kept: nobody would ever open it again.
  if (sessions?.some((session) => session.profileId === profileId && session.temporary) !== true) {
    void keepLayout({ [keyOf(profileId)]: charts });
  }
}
