import { Menu } from '@mantine/core';
import { ChevronsDownUp, GitCompareArrows, ListX } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react';
import { z } from 'zod';
import { formatQuantity } from '#app/base/format.ts';
import type { HistoryWindow, HistoryRow as Row } from '#app/contract/feeds/readers.ts';
import { setCompareBase, showInspectorTab } from '#renderer/state/inspector-requests.ts';
import { useKept } from '#renderer/state/kept.ts';
import { selectMessage } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { type MenuPoint, menuPoint, PointMenu } from '#renderer/ui/point-menu.tsx';
import { rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './history.module.css';
import { HistoryRow } from './history-row.tsx';
import { useHistory } from './use-history.ts';

interface HistoryTabProps {
  readonly sessionId: string;
  readonly topic: string;
  readonly topicId: number;
  /** The message that the inspector shows. */
  readonly sequence: number;
  /** The view that fields are read by. */
  readonly codec: string;
}

const ROW_HEIGHT = 24;
const HEADER_HEIGHT = 22;
/** The oldest of a row's messages stays the same while more of the same come. */
const keyOf = (row: Row) => row.oldest;

/** All kept messages of the topic, newest first. Choosing one opens it and stays on it. */
export function HistoryTab({ sessionId, topic, topicId, sequence, codec }: HistoryTabProps) {
  const id = useId();
  const [fold, setFold] = useKept('inspector.history.fold', z.boolean(), false);
  const [changes, setChanges] = useKept('inspector.history.changes', z.boolean(), true);
  const { window, failure, follow } = useHistory({ sessionId, topicId, codec, fold, changes });
  /** The row that has the message which the inspector shows. */
  const currentPlace =
    window?.rows.findIndex((row) => row.oldest <= sequence && sequence <= row.sequence) ?? -1;
  const currentKey = window?.rows[currentPlace]?.oldest;
  const scroller = useVirtualScroller(ROW_HEIGHT, HEADER_HEIGHT);
  const list = useRef<HTMLDivElement>(null);
  const { rendered, refs } = useVirtualRows<Row, HistoryWindow>(scroller, {
    window,
    keyOf,
    // At the top the newest comes into view; elsewhere the rows that are read stay where they are.
    anchors: (last) => (scroller.top > 0 ? [currentKey, rowAt(last, scroller.visible.first)?.oldest] : []),
  });
  useEffect(() => follow(rendered));

  /** A row that a key went to before it was known, counted from the oldest: new ones come in front of it. */
  const awaited = useRef<number | undefined>(undefined);

  const choose = (index: number) => {
    const row = rowAt(window, index);
    awaited.current = row === undefined && window !== undefined ? window.total - index : undefined;
    if (row !== undefined) {
      selectMessage(sessionId, topic, topicId, row.sequence);
    }
    scroller.reveal(index);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each window that comes
  useEffect(() => {
    if (window !== undefined && awaited.current !== undefined) {
      choose(window.total - awaited.current);
    }
  }, [window]);
  const onKeyDown = (event: KeyboardEvent) => {
    const current = currentPlace < 0 ? scroller.visible.first : currentPlace + (window?.offset ?? 0);
    const last = (window?.total ?? 0) - 1;
    const next = {
      ArrowUp: current - 1,
      ArrowDown: current + 1,
      PageUp: current - scroller.rowsPerPage,
      PageDown: current + scroller.rowsPerPage,
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined && last >= 0 && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(Math.min(last, Math.max(0, next)));
    }
  };
  const onClick = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (row !== null) {
      choose(Number(row.dataset.index));
    }
  };
  const [menu, setMenu] = useState<{ readonly at: MenuPoint; readonly row: Row } | undefined>(undefined);
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    const pressed =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    // By a key, it is for the row that is chosen.
    const element =
      pressed ?? list.current?.querySelector<HTMLElement>('[aria-selected="true"]') ?? undefined;
    const row = element === undefined ? undefined : rowAt(window, Number(element.dataset.index));
    if (row !== undefined) {
      setMenu({ at: menuPoint(event, element, pressed === null), row });
    }
  };
  return (
    <div className={classes.frame}>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div ref={refs.view} className={classes.view}>
        <div className={classes.columns} aria-hidden>
          <span className={classes.time}>Time</span>
          <span className={classes.delta}>After</span>
          <span className={classes.flags}>QoS</span>
          <span className={classes.size}>Size</span>
          {changes && <span className={classes.changes}>Change</span>}
          <span className={classes.preview}>Value</span>
        </div>
        <div
          ref={list}
          role="listbox"
          aria-label="History"
          tabIndex={0}
          aria-activedescendant={currentKey === undefined ? undefined : `${id}-${currentKey}`}
          className={classes.list}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onContextMenu={onContextMenu}
        >
          <div ref={refs.content} role="presentation" className={virtualList.content}>
            <div ref={refs.layer} role="presentation" className={virtualList.layer}>
              {Array.from({ length: rendered.end - rendered.first }, (_, place) => {
                const index = rendered.first + place;
                const row = rowAt(window, index);
                return row === undefined ? (
                  <div key={`unknown-${index}`} className={classes.unknown} />
                ) : (
                  <HistoryRow
                    key={row.oldest}
                    id={`${id}-${row.oldest}`}
                    row={row}
                    index={index}
                    total={window?.total ?? 0}
                    isSelected={row.oldest === currentKey}
                  />
                );
              })}
            </div>
          </div>
        </div>
        <PointMenu
          label="Message of the history"
          at={menu?.at}
          onClose={() => {
            setMenu(undefined);
            list.current?.focus();
          }}
        >
          <Menu.Item
            leftSection={<GitCompareArrows size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => {
              if (menu !== undefined) {
                const { sequence: base, receivedAt } = menu.row;
                setCompareBase(sessionId, { sequence: base, topic, receivedAt });
                showInspectorTab(sessionId, 'Diff');
              }
            }}
          >
            Compare with…
          </Menu.Item>
        </PointMenu>
        {window?.total === 0 && window.progress === 1 && (
          <div className={classes.empty}>
            <EmptyState icon={ListX} text="No message of this topic is kept any more." />
          </div>
        )}
      </div>
      {window !== undefined && (
        <div className={classes.foot}>
          <span className={classes.footText}>{footWords(window)}</span>
          <IconButton
            icon={GitCompareArrows}
            compact
            label="Show changes"
            pressed={changes}
            onClick={() => setChanges(!changes)}
          />
          <IconButton
            icon={ChevronsDownUp}
            compact
            label="Fold equal messages"
            pressed={fold}
            onClick={() => setFold(!fold)}
          />
        </div>
      )}
    </div>
  );
}

function footWords({ messages, total, progress }: HistoryWindow): string {
  const kept = `${formatQuantity(messages, 'message')} of this topic kept`;
  const folded = total === messages ? kept : `${kept}, folded to ${formatQuantity(total, 'row')}`;
  return progress < 1 ? `${folded}, reading: ${Math.floor(progress * 100)} %` : folded;
}
