// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by scrolling
import { useEffect } from 'react';
import type { SparkplugDetails, SparkplugMetricRow } from '#app/contract/feeds/sparkplug.ts';
import { Age } from '#renderer/ui/age.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './sparkplug.module.css';

interface MetricsGridProps {
  readonly metrics: SparkplugDetails['metrics'];
  readonly isStale: boolean;
  readonly follow: (rendered: RowRange, total: number) => void;
}

const columns = ['Metric', 'Value', 'Type', 'Alias', 'Age'];

/** The metrics of a node or device with their last values. */
export function MetricsGrid({ metrics, isStale, follow }: MetricsGridProps) {
  const scroller = useVirtualScroller(24, 22);
  const { rendered, refs } = useVirtualRows<SparkplugMetricRow, SparkplugDetails['metrics']>(scroller, {
    window: metrics,
    keyOf: (row) => row.place,
    anchors: () => [],
  });
  useEffect(() => follow(rendered, metrics.total));
  return (
    <div
      ref={refs.view}
      role="grid"
      aria-label="Metrics"
      aria-rowcount={metrics.total + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      data-stale={isStale || undefined}
      className={`${classes.view} ${classes.metrics}`}
    >
      <div role="row" className={classes.head}>
        {columns.map((name) => (
          <div key={name} role="columnheader" data-number={name === 'Alias' || name === 'Age' || undefined}>
            {name}
          </div>
        ))}
      </div>
      <div ref={refs.content} role="rowgroup" className={virtualList.content}>
        <div ref={refs.layer} role="presentation" className={virtualList.layer}>
          {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
            const index = rendered.first + step;
            const row = rowAt(metrics, index);
            return row === undefined ? (
              <div key={`unknown-${index}`} role="presentation" className={classes.row} />
            ) : (
              <div key={row.place} role="row" aria-rowindex={index + 2} className={classes.row}>
                <div role="gridcell" title={row.name} className={classes.name}>
                  {row.name}
                </div>
                <div role="gridcell" title={row.value} className={classes.text}>
                  {row.value}
                </div>
                <div role="gridcell">{row.type}</div>
                <div role="gridcell" className={classes.number}>
                  {row.alias}
                </div>
                <div role="gridcell" className={classes.quiet}>
                  {row.isHistorical ? 'historical' : <Age at={row.at} />}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
