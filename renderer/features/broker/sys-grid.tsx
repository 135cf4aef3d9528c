// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { useEffect } from 'react';
import type { BrokerRow, BrokerWindow } from '#app/contract/feeds/broker.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { Age } from '#renderer/ui/age.tsx';
import { Sparkline } from '#renderer/ui/sparkline.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './broker.module.css';
import { growthText, valueText } from './broker-words.ts';
import { showInTree } from './show-in-tree.ts';

interface SysGridProps {
  readonly sessionId: string;
  readonly window: BrokerWindow;
  readonly follow: (rendered: RowRange) => void;
}

const keyOf = (row: BrokerRow) => row.topicId;
const columns = ['Group', 'Name', 'Value', 'Per second', 'Trend', 'Age'];

/** The values that the broker tells, in groups, each with its trend. Enter shows the topic. */
export function SysGrid({ sessionId, window, follow }: SysGridProps) {
  const scroller = useVirtualScroller(24, 22);
  const { rendered, refs } = useVirtualRows<BrokerRow, BrokerWindow>(scroller, {
    window,
    keyOf,
    anchors: (last) => (scroller.top > 0 ? [rowAt(last, scroller.visible.first)?.topicId] : []),
  });
  useEffect(() => follow(rendered));
  const { props, rowProps } = useListCursor(window, scroller, keyOf, (row) =>
    showInTree(sessionId, row.topicId),
  );
  return (
    <div
      ref={refs.view}
      role="grid"
      aria-label="Broker values"
      aria-rowcount={window.total + 1}
      aria-colcount={columns.length}
      className={`${classes.view} ${classes.values}`}
      {...props}
    >
      <div role="row" className={classes.head}>
        {columns.map((name) => (
          <div key={name} role="columnheader" data-number={isNumber(name) || undefined}>
            {name}
          </div>
        ))}
      </div>
      <div ref={refs.content} role="rowgroup" className={virtualList.content}>
        <div ref={refs.layer} role="presentation" className={virtualList.layer}>
          {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
            const index = rendered.first + step;
            const row = rowAt(window, index);
            if (row === undefined) {
              return <div key={`unknown-${index}`} role="presentation" className={classes.row} />;
            }
            const isFirst = rowAt(window, index - 1)?.group !== row.group;
            const label = visibleText(row.label);
            const value = valueText(row);
            return (
              <div key={row.topicId} {...rowProps(row, index)} className={classes.row}>
                <div role="gridcell" className={classes.group}>
                  {/* Said once on screen; a screen reader hears it with each row. */}
                  {isFirst ? row.group : <span className="visually-hidden">{row.group}</span>}
                </div>
                <div role="gridcell" title={visibleText(row.topic)}>
                  {label}
                </div>
                <div
                  role="gridcell"
                  title={row.text}
                  className={row.value === undefined ? classes.text : classes.number}
                >
                  {value}
                </div>
                <div role="gridcell" className={classes.number}>
                  {growthText(row)}
                </div>
                <div role="gridcell">
                  <Sparkline
                    points={row.points}
                    label={`${label}: the last ${row.points.length / 2} values${row.kind === 'counter' ? ', growth per second' : ''}`}
                  />
                </div>
                <div role="gridcell" className={classes.quiet}>
                  {row.at > 0 && <Age at={row.at} />}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function isNumber(column: string): boolean {
  return column === 'Value' || column === 'Per second' || column === 'Age';
}
