// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and points at the option that is chosen
import { ListX } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from 'react';
import { formatBytes, formatDuration, formatQuantity, formatTime } from '#app/base/format.ts';
import type { MessageRow } from '#app/contract/feeds/session.ts';
import { selectMessage } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './history.module.css';
import { type HistoryWindow, useHistory } from './use-history.ts';

interface HistoryTabProps {
  readonly sessionId: string;
  readonly topic: string;
  readonly topicId: number;
  /** The message that the inspector shows. */
  readonly sequence: number;
}

const ROW_HEIGHT = 24;
const HEADER_HEIGHT = 22;
const keyOf = (row: MessageRow) => row.sequence;

/** All kept messages of the topic, newest first. Choosing one opens it and stays on it. */
export function HistoryTab({ sessionId, topic, topicId, sequence }: HistoryTabProps) {
  const id = useId();
  const { window, failure, follow } = useHistory(sessionId, topicId);
  const scroller = useVirtualScroller(ROW_HEIGHT, HEADER_HEIGHT);
  const list = useRef<HTMLDivElement>(null);
  const { rendered, refs } = useVirtualRows<MessageRow, HistoryWindow>(scroller, {
    window,
    keyOf,
    // At the top the newest comes into view; elsewhere the rows that are read stay where they are.
    anchors: (last) => (scroller.top > 0 ? [sequence, rowAt(last, scroller.visible.first)?.sequence] : []),
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
    const current = indexOfKey(window, sequence, keyOf) ?? scroller.visible.first;
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
  const isCurrentDrawn = window?.rows.some((row) => row.sequence === sequence) ?? false;
  return (
    <div className={classes.frame}>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div ref={refs.view} className={classes.view}>
        <div className={classes.columns} aria-hidden>
          <span className={classes.time}>Time</span>
          <span className={classes.delta}>After</span>
          <span className={classes.flags}>QoS</span>
          <span className={classes.size}>Size</span>
          <span className={classes.preview}>Value</span>
        </div>
        <div
          ref={list}
          role="listbox"
          aria-label="History"
          tabIndex={0}
          aria-activedescendant={isCurrentDrawn ? `${id}-${sequence}` : undefined}
          className={classes.list}
          onKeyDown={onKeyDown}
          onClick={onClick}
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
                    key={row.sequence}
                    id={`${id}-${row.sequence}`}
                    row={row}
                    before={rowAt(window, index + 1)}
                    index={index}
                    total={window?.total ?? 0}
                    isSelected={row.sequence === sequence}
                  />
                );
              })}
            </div>
          </div>
        </div>
        {window?.total === 0 && (
          <div className={classes.empty}>
            <EmptyState icon={ListX} text="No message of this topic is kept any more." />
          </div>
        )}
      </div>
      {window !== undefined && (
        <div className={classes.foot}>{formatQuantity(window.total, 'message')} of this topic kept</div>
      )}
    </div>
  );
}

interface HistoryRowProps {
  readonly id: string;
  readonly row: MessageRow;
  /** The message before it in time. */
  readonly before: MessageRow | undefined;
  readonly index: number;
  readonly total: number;
  readonly isSelected: boolean;
}

function HistoryRow({ id, row, before, index, total, isSelected }: HistoryRowProps) {
  const after =
    before === undefined ? '' : `+${formatDuration(Math.max(0, row.receivedAt - before.receivedAt))}`;
  return (
    <div
      role="option"
      id={id}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-index={index}
      className={classes.row}
    >
      <span className={classes.time} title={new Date(row.receivedAt).toLocaleString()}>
        {formatTime(row.receivedAt)}
      </span>
      <span className={classes.delta}>{after}</span>
      <span className={classes.flags}>
        {row.qos}
        {row.retain && (
          <abbr title="Retained: when it was published is not known" className={classes.flag}>
            R
          </abbr>
        )}
        {row.direction === 'published' && (
          <abbr title="Published from here" className={classes.flag}>
            ↑
          </abbr>
        )}
      </span>
      <span className={classes.size}>{formatBytes(row.size)}</span>
      <span className={classes.preview}>{row.preview}</span>
    </div>
  );
}
