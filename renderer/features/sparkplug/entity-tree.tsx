// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { useEffect } from 'react';
import { formatCount } from '#app/base/format.ts';
import type { SparkplugRow, SparkplugWindow } from '#app/contract/feeds/sparkplug.ts';
import { Age } from '#renderer/ui/age.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import { OnlineMark } from './online-mark.tsx';
import classes from './sparkplug.module.css';

interface EntityTreeProps {
  readonly window: SparkplugWindow;
  readonly follow: (rendered: RowRange, total: number) => void;
  readonly onSelect: (id: number) => void;
}

const columns = ['Name', 'State', 'Findings', 'Since', 'Seq', 'bdSeq', 'Messages'];
const numbers: ReadonlySet<string> = new Set(['Since', 'Seq', 'bdSeq', 'Messages', 'Findings']);
const keyOf = (row: SparkplugRow) => row.id;

/** Groups with their nodes and these with their devices, and host applications. */
export function EntityTree({ window, follow, onSelect }: EntityTreeProps) {
  const scroller = useVirtualScroller(24, 22);
  const { rendered, refs } = useVirtualRows<SparkplugRow, SparkplugWindow>(scroller, {
    window,
    keyOf,
    anchors: (last) => (scroller.top > 0 ? [rowAt(last, scroller.visible.first)?.id] : []),
  });
  useEffect(() => follow(rendered, window.total));
  const { props, rowProps, chosen } = useListCursor(window, scroller, keyOf, (row) => onSelect(row.id));
  useEffect(() => {
    if (chosen !== undefined && chosen > 0) {
      onSelect(chosen);
    }
  }, [chosen, onSelect]);
  return (
    <div
      ref={refs.view}
      role="treegrid"
      aria-label="Nodes and devices"
      aria-rowcount={window.total + 1}
      aria-colcount={columns.length}
      className={`${classes.view} ${classes.entities}`}
      {...props}
    >
      <div role="row" className={classes.head}>
        {columns.map((name) => (
          <div key={name} role="columnheader" data-number={numbers.has(name) || undefined}>
            {name}
          </div>
        ))}
      </div>
      <div ref={refs.content} role="rowgroup" className={virtualList.content}>
        <div ref={refs.layer} role="presentation" className={virtualList.layer}>
          {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
            const index = rendered.first + step;
            const row = rowAt(window, index);
            return row === undefined ? (
              <div key={`unknown-${index}`} role="presentation" className={classes.row} />
            ) : (
              <div
                key={row.id}
                {...rowProps(row, index)}
                aria-level={row.level}
                className={classes.row}
                data-kind={row.kind}
              >
                <div
                  role="gridcell"
                  title={row.name}
                  className={classes.name}
                  // Groups have no state: their name has its place too.
                  aria-colspan={row.level === 1 ? 2 : undefined}
                  style={{ paddingInlineStart: `${4 + (row.level - 1) * 14}px` }}
                >
                  {row.name}
                </div>
                {row.level > 1 && (
                  <div role="gridcell">{row.state !== undefined && <OnlineMark state={row.state} />}</div>
                )}
                <div role="gridcell" className={classes.number} data-odd={row.findings > 0 || undefined}>
                  {row.findings > 0 && formatCount(row.findings)}
                </div>
                <div role="gridcell" className={classes.quiet}>
                  {row.since !== undefined && <Age at={row.since} />}
                </div>
                <div role="gridcell" className={classes.number}>
                  {row.seq}
                </div>
                <div role="gridcell" className={classes.number}>
                  {row.bdSeq}
                </div>
                <div role="gridcell" className={classes.number}>
                  {formatCount(row.messages)}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
