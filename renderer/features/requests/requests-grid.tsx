// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { Menu } from '@mantine/core';
import { CornerDownRight, Reply } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { formatTime } from '#app/base/format.ts';
import type { RequestRow, RequestsWindow } from '#app/contract/feeds/requests.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { selectMessage } from '#renderer/state/workspace.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { type MenuPoint, menuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './requests.module.css';
import { answerRemarks, roundTripText, tieText } from './requests-words.ts';

interface RequestsGridProps {
  readonly sessionId: string;
  readonly window: RequestsWindow | undefined;
  readonly follow: (rendered: RowRange) => void;
  readonly empty: ReactNode;
}

const columns = ['Time', 'Request', 'Answer', 'Round trip', 'Tied by'];
const keyOf = (row: RequestRow) => row.sequence;

/** Requests, one a row. Enter or a double click opens the answer, or the request while there is none. */
export function RequestsGrid({ sessionId, window, follow, empty }: RequestsGridProps) {
  const scroller = useVirtualScroller(24, 22);
  const [menu, setMenu] = useState<{ readonly at: MenuPoint; readonly row: RequestRow }>();
  const grid = useRef<HTMLDivElement>(null);
  const { rendered, refs } = useVirtualRows<RequestRow, RequestsWindow>(scroller, {
    window,
    keyOf,
    anchors: (last) => (scroller.top > 0 ? [rowAt(last, scroller.visible.first)?.sequence] : []),
  });
  useEffect(() => follow(rendered));
  const { props, rowProps } = useListCursor(window, scroller, keyOf, (row) =>
    open(sessionId, row.answer ?? row),
  );
  const total = window?.total ?? 0;
  return (
    <div ref={grid} className={classes.frame}>
      <div
        ref={refs.view}
        role="grid"
        aria-label="Requests and answers"
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        className={`${virtualList.view ?? ''} ${classes.view}`}
        {...props}
        onContextMenu={(event) => {
          event.preventDefault();
          const element =
            event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
          const row = rowAt(window, Number(element?.dataset.index ?? Number.NaN));
          if (row !== undefined) {
            setMenu({ at: menuPoint(event, undefined, false), row });
          }
        }}
      >
        <div role="row" aria-rowindex={1} className={classes.head}>
          {columns.map((name) => (
            <div key={name} role="columnheader" data-number={name === 'Round trip' || undefined}>
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
                  key={row.sequence}
                  {...rowProps(row, index)}
                  className={classes.row}
                  data-state={row.state}
                >
                  <Cells row={row} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {total === 0 && <div className={classes.empty}>{empty}</div>}
      {menu !== undefined && (
        <PointMenu
          label="Request"
          at={menu.at}
          onClose={() => {
            setMenu(undefined);
            grid.current?.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
          }}
        >
          <Menu.Item
            leftSection={<CornerDownRight size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => open(sessionId, menu.row)}
          >
            Show the request
          </Menu.Item>
          {menu.row.answer !== undefined && (
            <Menu.Item
              leftSection={<Reply size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => open(sessionId, menu.row.answer ?? menu.row)}
            >
              Show the answer
            </Menu.Item>
          )}
        </PointMenu>
      )}
    </div>
  );
}

function Cells({ row }: { readonly row: RequestRow }) {
  const topic = visibleText(row.topic);
  const responseTopic = visibleText(row.responseTopic);
  const remarks = answerRemarks(row).join(', ');
  const tie = tieText(row);
  return (
    <>
      <div role="gridcell">{formatTime(row.at)}</div>
      <div role="gridcell" title={topic} aria-label={topic} className={classes.topic}>
        <CutText text={topic} maxTail={24} />
      </div>
      <div
        role="gridcell"
        title={remarks === '' ? responseTopic : `${responseTopic}: ${remarks}`}
        aria-label={remarks === '' ? responseTopic : `${responseTopic}, ${remarks}`}
        className={classes.topic}
      >
        <CutText text={responseTopic} maxTail={24} />
        {remarks !== '' && <span className={classes.remark}>{remarks}</span>}
      </div>
      <div role="gridcell" className={classes.number}>
        {roundTripText(row)}
      </div>
      <div role="gridcell" title={tie} className={row.by === 'correlation' ? classes.mono : undefined}>
        {tie}
      </div>
    </>
  );
}

/** Rows carry long topics cut: the whole name is asked for. */
function open(
  sessionId: string,
  { sequence, topicId }: { readonly sequence: number; readonly topicId: number },
): void {
  attempt(async () => {
    const { topic } = await engineClient().session(sessionId, 'message.get', { sequence });
    selectMessage(sessionId, topic, topicId, sequence);
  });
}
