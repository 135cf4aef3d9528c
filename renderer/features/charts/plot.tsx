// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the keys of the chart need the focus
import { useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatTime } from '#app/base/format.ts';
import type { ChartWindow } from '#app/contract/feeds/readers.ts';
import { type ChartView, pan, viewForKey, zoom } from './chart-view.ts';
import classes from './charts.module.css';
import { plotData } from './plot-data.ts';
import { seriesColor } from './series-label.ts';

interface PlotProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly window: ChartWindow | undefined;
  readonly onView: (view: ChartView) => void;
  /** Called with the pixels across whenever they changed. */
  readonly onWidth: (width: number) => void;
  /** Hands the canvas over for saving it. */
  readonly onCanvas: (canvas: HTMLCanvasElement | undefined) => void;
}

const HEIGHT = 164;
const DAY = 86_400_000;
/** Pixels of dragging that count as choosing a part. */
const MIN_DRAG = 4;

/** The lines: dragging zooms in, the wheel zooms, with Shift it pans, a double click goes back to what comes. */
export function Plot({ label, names, window: shown, onView, onWidth, onCanvas }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const latest = useRef({ shown, onView, onWidth, onCanvas });
  latest.current = { shown, onView, onWidth, onCanvas };
  const scheme = useComputedColorScheme();
  const [width, setWidth] = useState(0);
  const key = `${scheme} ${JSON.stringify(names)}`;

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for names and colours
  useEffect(() => {
    const element = host.current;
    if (element === null || width === 0) {
      return undefined;
    }
    latest.current.onWidth(width);
    const made = new UPlot(
      optionsOf(
        names,
        width,
        () => latest.current.shown,
        (view) => latest.current.onView(view),
      ),
      plotData(latest.current.shown?.series ?? names.map(() => nothing)),
      element,
    );
    plot.current = made;
    latest.current.onCanvas(made.ctx.canvas);
    const onWheel = (event: WheelEvent) => {
      const span = latest.current.shown;
      if (span === undefined) {
        return;
      }
      event.preventDefault();
      const amount = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) / 500;
      const at = made.posToVal(event.clientX - made.over.getBoundingClientRect().left, 'x');
      latest.current.onView(amount === 0 ? zoom(span, Math.exp(event.deltaY / 500), at) : pan(span, amount));
    };
    made.over.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      made.over.removeEventListener('wheel', onWheel);
      latest.current.onCanvas(undefined);
      made.destroy();
      plot.current = undefined;
    };
  }, [key, width]);

  useEffect(() => {
    if (shown !== undefined && plot.current !== undefined && shown.series.length === names.length) {
      plot.current.setData(plotData(shown.series));
    }
  }, [shown, names]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (shown === undefined || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const view = viewForKey(event.key, shown);
    if (view !== undefined) {
      event.preventDefault();
      onView(view);
    }
  };
  return (
    <div
      ref={host}
      role="img"
      aria-label={label}
      tabIndex={0}
      className={classes.plot}
      onKeyDown={onKeyDown}
    />
  );
}

const nothing = { times: [], values: [], points: 0, without: 0, skipped: 0, dropped: 0 };

function optionsOf(
  names: readonly string[],
  width: number,
  shown: () => ChartWindow | undefined,
  onView: (view: ChartView) => void,
): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: UPlot.Axis = {
    stroke: color('text-3'),
    grid: { stroke: color('hairline'), width: 1 },
    ticks: { stroke: color('hairline'), width: 1, size: 4 },
    font: `11px ${color('font-ui')}`,
  };
  return {
    width,
    height: HEIGHT,
    ms: 1,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: MIN_DRAG },
      // The plot's own way back is to all of its data, which is what is in view already.
      bind: {
        dblclick: () => () => {
          onView({ kind: 'live' });
          return null;
        },
      },
    },
    scales: {
      x: { time: true, range: () => [shown()?.from ?? 0, shown()?.to ?? 1] },
      y: { range: (_plot, min, max) => padded(min, max) },
    },
    axes: [
      { ...axis, space: 80, size: 28, values: times },
      { ...axis, size: 56 },
    ],
    series: [
      {},
      ...names.map((name, index) => ({
        label: name,
        stroke: color(`color-${seriesColor(index)}`),
        width: 1.5,
        spanGaps: true,
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select;
          if (selected > MIN_DRAG) {
            onView({
              kind: 'fixed',
              from: plot.posToVal(left, 'x'),
              to: plot.posToVal(left + selected, 'x'),
            });
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }
        },
      ],
    },
  };
}

/** Times of day as everywhere in the window, as exact as the distance of the lines (milliseconds) needs; days where it is one. */
function times(_plot: UPlot, at: number[], _axis: number, _space: number, distance: number): string[] {
  return at.map((moment) => {
    const time = formatTime(moment);
    if (distance >= DAY) {
      return new Date(moment).toLocaleDateString();
    }
    return distance < 1000 ? time : distance < 60_000 ? time.slice(0, 8) : time.slice(0, 5);
  });
}

/** A little room above and below; a constant stands in the middle. */
function padded(min: number | null, max: number | null): UPlot.Range.MinMax {
  if (min === null || max === null) {
    return [0, 1];
  }
  const room = min === max ? Math.max(1, Math.abs(min) * 0.1) : (max - min) * 0.08;
  return [min - room, max + room];
}
