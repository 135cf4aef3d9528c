// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import { Menu } from '@mantine/core';
import { Copy, ListFilter } from 'lucide-react';
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { formatCount, formatDuration } from '#app/base/format.ts';
import type { SilenceRow, SilenceSort, SilenceWindow } from '#app/contract/feeds/silence.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { requestStreamFilter, showTopic } from '#renderer/state/pane-requests.ts';
import { rhythmNow, timesText } from '#renderer/state/rhythm.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { formatAge } from '#renderer/ui/age.tsx';
import { ColorBar } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { type MenuPoint, menuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useListCursor } from '#renderer/ui/virtual/use-list-cursor.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './silence.module.css';
import { spreadText, stateNames, stateTitle } from './silence-words.ts';

/** The order of the rows. */
export interface Sort {
  readonly by: SilenceSort;
  readonly descending: boolean;
}

interface SilenceGridProps {
  readonly sessionId: string;
  readonly window: SilenceWindow | undefined;
  /** By the engine's clock. */
  readonly now: number;
  readonly factor: number;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly follow: (rendered: RowRange) => void;
  readonly empty: ReactNode;
}

const columns: readonly { readonly by?: SilenceSort; readonly label: string; readonly title?: string }[] = [
  { by: 'topic', label: 'Topic' },
  { label: 'State' },
  { by: 'times', label: 'Times usual', title: 'How many times its usual interval the topic has been silent' },
  { by: 'age', label: 'Last message' },
  {
    by: 'usual',
    label: 'Usual interval',
    title: 'Half of the time lies in intervals no longer than this one',
  },
  { by: 'spread', label: 'Spread', title: 'The shortest and the longest of the last intervals' },
  { by: 'messages', label: 'Messages', title: 'Counted here, without retained ones and our own' },
];
const keyOf = (row: SilenceRow) => row.topicId;

/** How a column's order begins: the longest silence, the most messages and the widest spread first, names from A. */
export function sortedBy(by: SilenceSort): Sort {
  return { by, descending: by === 'times' || by === 'messages' || by === 'spread' };
}

/** Topics, one a row. A click or Enter shows the topic in tree and inspector. */
export function SilenceGrid(props: SilenceGridProps) {
  const { sessionId, window, now, factor, sort, onSort, follow, empty } = props;
  const selection = useSelection(sessionId);
  const scroller = useVirtualScroller(24, 22);
  const { rendered, refs } = useVirtualRows<SilenceRow, SilenceWindow>(scroller, {
    window,
    keyOf,
    // A list by urgency is read from its top: it stays there, whatever moves up.
    anchors: () => [],
  });
  useEffect(() => follow(rendered));
  const [menu, setMenu] = useState<{ readonly at: MenuPoint; readonly row: SilenceRow }>();
  const grid = useRef<HTMLDivElement>(null);
  const open = (row: SilenceRow) =>
    withTopic(sessionId, row.topicId, (topic) => showTopic(sessionId, topic, row.topicId));
  const { props: listProps, rowProps } = useListCursor(window, scroller, keyOf, open);
  const total = window?.total ?? 0;
  const rowOf = ({ target }: MouseEvent) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    return rowAt(window, Number(element?.dataset.index ?? Number.NaN));
  };
  const onClick = (event: MouseEvent) => {
    const row = rowOf(event);
    if (row !== undefined) {
      open(row);
    }
  };
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    const row = rowOf(event);
    if (row !== undefined) {
      setMenu({ at: menuPoint(event, undefined, false), row });
    }
  };
  return (
    <div ref={grid} className={classes.frame}>
      <div
        ref={refs.view}
        role="grid"
        aria-label="Silence of topics"
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        className={`${virtualList.view ?? ''} ${classes.view}`}
        {...listProps}
        onDoubleClick={undefined}
        onClick={onClick}
        onContextMenu={onContextMenu}
      >
        <div role="row" aria-rowindex={1} className={classes.head}>
          {columns.map(({ by, label, title }) => (
            <div
              key={label}
              role="columnheader"
              title={title}
              data-by={by}
              aria-sort={by !== sort.by ? undefined : sort.descending ? 'descending' : 'ascending'}
            >
              {by === undefined ? (
                label
              ) : (
                <button
                  type="button"
                  className={classes.sort}
                  data-number={by !== 'topic' || undefined}
                  onClick={() => onSort(by === sort.by ? { by, descending: !sort.descending } : sortedBy(by))}
                >
                  {label}
                  {by === sort.by && <span aria-hidden>{sort.descending ? ' ↓' : ' ↑'}</span>}
                </button>
              )}
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
                  key={row.topicId}
                  {...rowProps(row, index)}
                  className={classes.row}
                  data-chosen={row.topicId === selection.nodeId || undefined}
                  data-state={rhythmNow(row, now, factor).state}
                >
                  <Cells
                    row={row}
                    now={now}
                    factor={factor}
                    isConnected={window?.offlineSince === undefined}
                  />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {total === 0 && <div className={classes.empty}>{empty}</div>}
      {menu !== undefined && (
        <PointMenu
          label="Topic"
          at={menu.at}
          onClose={() => {
            setMenu(undefined);
            grid.current?.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
          }}
        >
          <Menu.Item
            leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => withTopic(sessionId, menu.row.topicId, copyTopic)}
          >
            Copy topic
          </Menu.Item>
          <Menu.Item
            leftSection={<ListFilter size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() =>
              withTopic(sessionId, menu.row.topicId, (topic) => requestStreamFilter(sessionId, topic))
            }
          >
            Show only messages of this topic
          </Menu.Item>
        </PointMenu>
      )}
    </div>
  );
}

interface CellsProps {
  readonly row: SilenceRow;
  readonly now: number;
  readonly factor: number;
  readonly isConnected: boolean;
}

function Cells({ row, now, factor, isConnected }: CellsProps) {
  const { lastAt, usual, messages, label, color } = row;
  const topic = visibleText(row.topic);
  const { state, times } = rhythmNow(row, now, factor);
  const name = label === undefined ? topic : `${topic}, ${visibleText(label)}`;
  const spread = spreadText(row);
  return (
    <>
      <div role="gridcell" title={name} aria-label={name} className={classes.topic}>
        {color !== undefined && <ColorBar color={color} />}
        <CutText text={topic} maxTail={32} />
        {label !== undefined && <span className={classes.label}>{visibleText(label)}</span>}
      </div>
      <div role="gridcell" title={stateTitle(state, isConnected)} className={classes.state}>
        {stateNames[state]}
      </div>
      <div role="gridcell" className={classes.number}>
        {times === undefined ? '' : timesText(times)}
      </div>
      <div
        role="gridcell"
        className={classes.number}
        title={
          lastAt === undefined
            ? 'Only a retained message: when it was published is not known'
            : new Date(lastAt).toLocaleString()
        }
      >
        {lastAt === undefined ? 'retained' : formatAge(now - lastAt)}
      </div>
      <div role="gridcell" title={spread} className={classes.number}>
        {usual === undefined ? '' : formatDuration(usual)}
      </div>
      <div role="gridcell" data-by="spread" title={spread} className={classes.number}>
        {spread}
      </div>
      <div role="gridcell" className={classes.number}>
        {formatCount(messages)}
      </div>
    </>
  );
}

/** Rows carry long topics cut: the whole name is asked for. */
function withTopic(
  sessionId: string,
  topicId: number,
  action: (topic: string) => void | Promise<void>,
): void {
  attempt(async () => {
    const { path } = await engineClient().session(sessionId, 'tree.path', { nodeId: topicId });
    await action(path);
  });
}
