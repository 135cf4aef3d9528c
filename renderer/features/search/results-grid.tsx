// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { Menu } from '@mantine/core';
import { useMergedRef } from '@mantine/hooks';
import { Copy } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { formatBytes, formatTime } from '#app/base/format.ts';
import type { ResultRow, SearchWindow } from '#app/contract/feeds/search.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { CopyMessageItems } from '#renderer/commands/copy-message.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { type MenuPoint, menuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { listMove } from '#renderer/ui/virtual/list-keys.ts';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import { MarkedText } from './marked-text.tsx';
import classes from './search.module.css';

interface ResultsGridProps {
  readonly sessionId: string;
  readonly window: SearchWindow | undefined;
  readonly follow: (rendered: RowRange) => void;
  /** A row is meant, known or not yet. */
  readonly onGo: (index: number) => void;
  /** Row of the message that is chosen; it is brought into view when it changes. */
  readonly current: number | undefined;
  readonly empty: ReactNode;
  readonly ref: Ref<HTMLDivElement>;
}

const sequenceOf = (row: ResultRow) => row.sequence;

/** What was found: only the rows in view are in the document. */
export function ResultsGrid({ sessionId, window, follow, onGo, current, empty, ref }: ResultsGridProps) {
  const idPrefix = useId();
  const { message } = useSelection(sessionId);
  const scroller = useVirtualScroller(22, 22);
  const [menu, setMenu] = useState<{ readonly at: MenuPoint; readonly row: ResultRow }>();
  const grid = useRef<HTMLDivElement>(null);
  const { rendered, refs } = useVirtualRows<ResultRow, SearchWindow>(scroller, {
    window,
    keyOf: sequenceOf,
    anchors: (last) => (scroller.top > 0 ? [rowAt(last, scroller.visible.first)?.sequence] : []),
  });
  useEffect(() => follow(rendered));
  useEffect(() => {
    if (current !== undefined) {
      scroller.reveal(current);
    }
  }, [scroller, current]);
  const gridRef = useMergedRef(grid, refs.view, ref);
  const hitOf = (target: EventTarget) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    const index = Number(element?.dataset.index ?? Number.NaN);
    const row = rowAt(window, index);
    return row === undefined ? undefined : { index, row };
  };
  const total = window?.total ?? 0;
  return (
    <div className={classes.frame}>
      <div
        ref={gridRef}
        role="grid"
        aria-label="Search results"
        aria-rowcount={total + 1}
        aria-activedescendant={
          current !== undefined && rowAt(window, current)?.sequence === message
            ? `${idPrefix}${message}`
            : undefined
        }
        tabIndex={0}
        className={`${virtualList.view ?? ''} ${classes.view}`}
        onMouseDown={(event) => {
          const hit = hitOf(event.target);
          if (hit !== undefined && event.button === 0) {
            onGo(hit.index);
          }
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          const hit = hitOf(event.target);
          if (hit !== undefined) {
            onGo(hit.index);
            setMenu({ at: menuPoint(event, undefined, false), row: hit.row });
          }
        }}
        onKeyDown={(event) => {
          const to = listMove(event.key);
          if (to !== undefined && total > 0 && event.target === event.currentTarget) {
            event.preventDefault();
            const at = current ?? -1;
            const page = Math.max(1, scroller.rowsPerPage - 1);
            const wanted = {
              previous: at - 1,
              next: at + 1,
              first: 0,
              last: total - 1,
              'page-up': at - page,
              'page-down': at + page,
            }[to];
            onGo(Math.max(0, Math.min(total - 1, wanted)));
          }
        }}
      >
        <div role="row" aria-rowindex={1} className={classes.head}>
          {['Time', 'Topic', 'QoS', 'Size', 'Value'].map((name) => (
            <span key={name} role="columnheader">
              {name}
            </span>
          ))}
        </div>
        <div ref={refs.content} role="rowgroup" className={virtualList.content}>
          <div ref={refs.layer} role="presentation" className={virtualList.layer}>
            {Array.from({ length: rendered.end - rendered.first }, (_, step) => {
              const index = rendered.first + step;
              const row = rowAt(window, index);
              return row === undefined ? (
                <div key={`unknown ${index}`} role="presentation" className={classes.row} />
              ) : (
                <div
                  key={row.sequence}
                  id={`${idPrefix}${row.sequence}`}
                  role="row"
                  aria-rowindex={index + 2}
                  aria-selected={row.sequence === message}
                  data-index={index}
                  className={classes.row}
                >
                  <div role="gridcell">{formatTime(row.receivedAt)}</div>
                  <div role="gridcell" title={visibleText(row.topic)}>
                    <MarkedText text={row.topic} marks={row.topicMarks} />
                  </div>
                  <div role="gridcell">{row.qos}</div>
                  <div role="gridcell">{formatBytes(row.size)}</div>
                  <div role="gridcell" className={classes.value}>
                    <MarkedText text={row.preview} marks={row.previewMarks} />
                  </div>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {total === 0 && <div className={classes.empty}>{empty}</div>}
      {menu !== undefined && (
        <PointMenu
          label="Result"
          at={menu.at}
          onClose={() => {
            setMenu(undefined);
            grid.current?.focus({ preventScroll: true });
          }}
        >
          <Menu.Item
            leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => attempt(() => copyTopic(menu.row.topic))}
          >
            Copy topic
          </Menu.Item>
          <CopyMessageItems sessionId={sessionId} sequence={menu.row.sequence} />
        </PointMenu>
      )}
    </div>
  );
}
