import { NativeSelect } from '@mantine/core';
import { FileSpreadsheet, ImageDown, Pause, Play, Trash2, X } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { formatCount, formatTime } from '#app/base/format.ts';
import type { ChartSeries } from '#app/contract/feeds/readers.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { attempt } from '#renderer/commands/run.ts';
import {
  type ChartSpec,
  removeChart,
  removeSeries,
  type SeriesSpec,
  setSpan,
} from '#renderer/state/charts.ts';
import { ColorDot } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import type { ChartView } from './chart-view.ts';
import classes from './charts.module.css';
import { saveCsv, savePng } from './export-chart.ts';
import { Plot } from './plot.tsx';
import { figure, seriesColor, seriesLabel, valueLabel } from './series-label.ts';

interface ChartCardProps {
  readonly sessionId: string;
  readonly profileId: string;
  readonly chart: ChartSpec;
  /** Place among the charts, from 1. */
  readonly number: number;
  readonly topicIds: ReadonlyMap<string, number>;
}

const spans = [
  { value: '0', label: 'All' },
  { value: '60000', label: '1 min' },
  { value: '300000', label: '5 min' },
  { value: '900000', label: '15 min' },
  { value: '3600000', label: '1 h' },
];
/** The width is asked for in steps: a pane that is drawn wider does not ask anew with every pixel. */
const WIDTH_STEP = 50;

/** One chart with its lines, their figures, and what can be done with it. */
export function ChartCard({ sessionId, profileId, chart, number, topicIds }: ChartCardProps) {
  const [view, setView] = useState<ChartView>({ kind: 'live' });
  const [width, setWidth] = useState(0);
  const canvas = useRef<HTMLCanvasElement>(undefined);
  const lines = useMemo(
    () =>
      chart.series.flatMap((spec) => {
        const topicId = topicIds.get(spec.topic);
        return topicId === undefined ? [] : [{ spec, topicId }];
      }),
    [chart.series, topicIds],
  );
  const params = useMemo(
    () => ({
      sessionId,
      series: lines.map(({ spec, topicId }) => ({ topicId, codec: spec.codec, value: spec.value })),
      view: view.kind === 'live' ? { kind: 'live' as const, span: chart.span } : view,
      columns: Math.min(2000, Math.ceil(Math.max(width, WIDTH_STEP) / WIDTH_STEP) * WIDTH_STEP),
    }),
    [sessionId, lines, view, chart.span, width],
  );
  const { window, failure } = useReadersFeed('chart', lines.length === 0 || width === 0 ? undefined : params);
  // A window that was made for other lines is not theirs.
  const shown = window?.series.length === lines.length ? window : undefined;
  const names = useMemo(() => lines.map(({ spec }) => seriesLabel(spec)), [lines]);
  const isLive = view.kind === 'live';
  const title = `Chart ${number}`;
  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.bar}>
        <span className={classes.title}>{title}</span>
        <span className={classes.state} role="status" aria-label={`State of chart ${number}`}>
          {stateWords(isLive, shown)}
        </span>
        <NativeSelect
          aria-label="Time shown"
          classNames={{ input: classes.select ?? '' }}
          data={spans}
          value={String(chart.span)}
          onChange={(event) => {
            setSpan(profileId, chart.id, Number(event.currentTarget.value));
            setView({ kind: 'live' });
          }}
        />
        <IconButton
          icon={isLive ? Pause : Play}
          label={isLive ? 'Pause chart' : 'Resume chart'}
          onClick={() => {
            if (!isLive) {
              setView({ kind: 'live' });
            } else if (shown !== undefined) {
              setView({ kind: 'fixed', from: shown.from, to: shown.to });
            }
          }}
        />
        <IconButton
          icon={ImageDown}
          label="Save chart as PNG"
          onClick={() =>
            attempt(() =>
              canvas.current === undefined
                ? undefined
                : savePng(
                    canvas.current,
                    lines.map(({ spec }) => spec),
                  ),
            )
          }
        />
        <IconButton
          icon={FileSpreadsheet}
          label="Save points as CSV"
          onClick={() =>
            attempt(() => (shown === undefined ? undefined : saveCsv(sessionId, lines, shown.from, shown.to)))
          }
        />
        <IconButton icon={Trash2} label="Remove chart" onClick={() => removeChart(profileId, chart.id)} />
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      <Plot
        label={`${title}: ${names.map(visibleText).join(', ')}`}
        names={names}
        window={shown}
        onView={setView}
        onWidth={setWidth}
        onCanvas={(element) => {
          canvas.current = element;
        }}
      />
      <table className={classes.table} aria-label={`Statistics of chart ${number}`}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Last</th>
            <th scope="col">Min</th>
            <th scope="col">Max</th>
            <th scope="col">Mean</th>
            <th scope="col">Count</th>
            <th scope="col">
              <span className={classes.hidden}>Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {chart.series.map((spec) => {
            const index = lines.findIndex((line) => line.spec === spec);
            return (
              <SeriesRow
                key={seriesLabel(spec)}
                spec={spec}
                index={Math.max(0, index)}
                line={index < 0 ? undefined : shown?.series[index]}
                isKnown={index >= 0}
                onRemove={() => removeSeries(profileId, chart.id, spec)}
              />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

interface SeriesRowProps {
  readonly spec: SeriesSpec;
  readonly index: number;
  readonly line: ChartSeries | undefined;
  /** Its topic is one of this session. */
  readonly isKnown: boolean;
  readonly onRemove: () => void;
}

function SeriesRow({ spec, index, line, isKnown, onRemove }: SeriesRowProps) {
  const name = visibleText(seriesLabel(spec));
  const { statistics } = line ?? {};
  const notes = isKnown ? noteWords(line) : 'No message of this topic came yet';
  return (
    <tr>
      <th scope="row" className={classes.name} title={name}>
        <ColorDot color={seriesColor(index)} />
        <span className={classes.topic}>
          <CutText text={visibleText(spec.topic)} />
        </span>
        <span className={classes.field}>{visibleText(valueLabel(spec))}</span>
        {notes !== '' && <span className={classes.note}>{notes}</span>}
      </th>
      {statistics === undefined ? (
        <td colSpan={5} className={classes.none}>
          {line === undefined || line.points > 0 ? '' : 'no number'}
        </td>
      ) : (
        <>
          <td>{figure(statistics.last)}</td>
          <td>{figure(statistics.min)}</td>
          <td>{figure(statistics.max)}</td>
          <td>{figure(statistics.mean)}</td>
          <td>{formatCount(statistics.count)}</td>
        </>
      )}
      <td className={classes.action}>
        <IconButton icon={X} compact label={`Remove ${name}`} onClick={onRemove} />
      </td>
    </tr>
  );
}

function stateWords(
  isLive: boolean,
  shown: { readonly from: number; readonly to: number; readonly progress: number } | undefined,
): string {
  if (shown === undefined) {
    return '';
  }
  if (shown.progress < 1) {
    return `Reading what is kept: ${Math.floor(shown.progress * 100)} %`;
  }
  return isLive ? 'Live' : `${formatTime(shown.from)} to ${formatTime(shown.to)}`;
}

/** What the figures don't say. */
function noteWords(line: ChartSeries | undefined): string {
  const notes: string[] = [];
  if (line !== undefined && line.without > 0) {
    notes.push(`${formatCount(line.without)} without a number`);
  }
  if (line !== undefined && line.skipped > 0) {
    notes.push(`${formatCount(line.skipped)} left out: they come faster than they can be read`);
  }
  if (line !== undefined && line.dropped > 0) {
    notes.push(`the oldest ${formatCount(line.dropped)} points made room`);
  }
  return notes.join(', ');
}
