// biome-ignore-all lint/a11y: a virtual grid cannot be a table; its rows are reached by aria-activedescendant
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { formatBytes, formatCount } from '#app/base/format.ts';
import type { RetainedRow, RetainedWindow, retainedSorts } from '#app/contract/feeds/retained.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { formatAge } from '#renderer/ui/age.tsx';
import { useNow } from '#renderer/ui/clock.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { isCopyKey, listMove } from '#renderer/ui/virtual/list-keys.ts';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import classes from './retained.module.css';
import type { RetainedData, RetainedShown } from './use-retained.ts';

interface RetainedGridProps {
  readonly sessionId: string;
  readonly data: RetainedData;
  readonly sort: RetainedShown['sort'];
  readonly onSort: (sort: RetainedShown['sort']) => void;
  /** Over the rows, when there are none. */
  readonly empty: ReactNode;
}

const ROW_HEIGHT = 22;
const HEADER_HEIGHT = 22;
const entryOf = (row: RetainedRow) => row.entry;

const columns: readonly { readonly by?: (typeof retainedSorts)[number]; readonly label: string }[] = [
  { by: 'topic', label: 'Topic' },
  { by: 'size', label: 'Size' },
  { by: 'age', label: 'Age' },
  { label: 'Value' },
];

/**
 * The retained messages: only the rows in view are in the document. The engine holds the selection, so that all that
 * match can be selected at once.
 */
export function RetainedGrid({ sessionId, data, sort, onSort, empty }: RetainedGridProps) {
  const { window, view } = data;
  const idPrefix = useId();
  const now = useNow();
  const scroller = useVirtualScroller(ROW_HEIGHT, HEADER_HEIGHT);
  const { rendered, refs } = useVirtualRows<RetainedRow, RetainedWindow>(scroller, {
    window,
    keyOf: entryOf,
    anchors: (last) => (scroller.top > 0 ? [rowAt(last, scroller.visible.first)?.entry] : []),
  });
  useEffect(() => data.follow(rendered));
  /** Row under the keyboard, and where a range begins. */
  const [cursor, setCursor] = useState<{ readonly index: number; readonly entry: number } | undefined>(
    undefined,
  );
  const anchor = useRef<number | undefined>(undefined);

  const select = (rows: { from: number; to: number } | 'all' | 'none', mode: 'replace' | 'add' | 'toggle') =>
    attempt(() => engineClient().session(sessionId, 'retained.select', { view, rows, mode }));
  const go = (
    index: number,
    row: RetainedRow,
    keys: { readonly shiftKey: boolean; readonly isToggle: boolean },
  ) => {
    setCursor({ index, entry: row.entry });
    if (keys.shiftKey && anchor.current !== undefined) {
      select({ from: anchor.current, to: row.entry }, 'replace');
    } else {
      anchor.current = row.entry;
      select({ from: row.entry, to: row.entry }, keys.isToggle ? 'toggle' : 'replace');
    }
  };
  const onMouseDown = (event: MouseEvent) => {
    const element =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    const index = Number(element?.dataset.index ?? Number.NaN);
    const row = rowAt(window, index);
    if (event.button === 0 && row !== undefined) {
      go(index, row, { shiftKey: event.shiftKey, isToggle: event.ctrlKey || event.metaKey });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (window === undefined || event.target !== event.currentTarget) {
      return;
    }
    const isCommand = event.ctrlKey || event.metaKey;
    const current = indexOfKey(window, cursor?.entry, entryOf) ?? cursor?.index;
    const row = current === undefined ? undefined : rowAt(window, current);
    const to = listMove(event.key);
    if (to !== undefined) {
      event.preventDefault();
      const page = Math.max(1, scroller.rowsPerPage - 1);
      const at = current ?? -1;
      const wanted = {
        previous: at - 1,
        next: at + 1,
        first: 0,
        last: window.total - 1,
        'page-up': at - page,
        'page-down': at + page,
      }[to];
      const index = Math.max(0, Math.min(window.total - 1, wanted));
      scroller.reveal(index);
      const target = rowAt(window, index);
      if (target === undefined) {
        // Not known yet: the next key goes on from there.
        setCursor({ index, entry: -1 });
      } else if (isCommand && !event.shiftKey) {
        setCursor({ index, entry: target.entry });
      } else {
        go(index, target, { shiftKey: event.shiftKey, isToggle: false });
      }
    } else if (isCommand && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      select('all', 'replace');
    } else if (event.key === 'Escape' && window.selected.messages > 0) {
      event.stopPropagation();
      select('none', 'replace');
    } else if (event.key === ' ' && row !== undefined) {
      event.preventDefault();
      anchor.current = row.entry;
      select({ from: row.entry, to: row.entry }, 'toggle');
    } else if (isCopyKey(event) && row !== undefined) {
      event.preventDefault();
      attempt(() => copyTopic(row.topic));
    }
  };

  return (
    <div className={classes.frame}>
      <div
        ref={refs.view}
        role="grid"
        aria-label="Retained messages"
        aria-multiselectable
        aria-rowcount={(window?.total ?? 0) + 1}
        aria-colcount={columns.length}
        aria-activedescendant={
          cursor !== undefined && window?.rows.some(({ entry }) => entry === cursor.entry) === true
            ? idPrefix + cursor.entry
            : undefined
        }
        tabIndex={0}
        className={classes.view}
        onMouseDown={onMouseDown}
        onKeyDown={onKeyDown}
      >
        <div role="row" className={classes.head}>
          {columns.map(({ by, label }) => (
            <div
              key={label}
              role="columnheader"
              aria-sort={by !== sort.by ? undefined : sort.descending ? 'descending' : 'ascending'}
            >
              {by === undefined ? (
                label
              ) : (
                <button
                  type="button"
                  className={classes.sort}
                  data-by={by}
                  onClick={() =>
                    onSort({ by, descending: by === sort.by ? !sort.descending : by === 'size' })
                  }
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
                <Row
                  key={row.entry}
                  row={row}
                  index={index}
                  id={idPrefix + row.entry}
                  now={now}
                  isCurrent={row.entry === cursor?.entry}
                />
              );
            })}
          </div>
        </div>
      </div>
      {(window === undefined || window.total === 0) && <div className={classes.empty}>{empty}</div>}
    </div>
  );
}

interface RowProps {
  readonly row: RetainedRow;
  readonly index: number;
  readonly id: string;
  readonly now: number;
  readonly isCurrent: boolean;
}

function Row({ row, index, id, now, isCurrent }: RowProps) {
  const topic = visibleText(row.topic);
  const age = formatAge(Math.max(0, now - row.since));
  const expires =
    row.expiresAt === undefined ? '' : ` It expires ${new Date(row.expiresAt).toLocaleString()}.`;
  const known = new Date(row.since).toLocaleString();
  return (
    <div
      role="row"
      id={id}
      aria-rowindex={index + 2}
      aria-selected={row.selected}
      data-index={index}
      data-current={isCurrent || undefined}
      className={classes.row}
    >
      {/* Its two parts would be read as two words. */}
      <div role="gridcell" aria-label={topic} title={topic} className={classes.topic}>
        <CutText text={topic} maxTail={32} />
      </div>
      <div role="gridcell" title={`${formatCount(row.size)} bytes`} className={classes.size}>
        {formatBytes(row.size)}
      </div>
      <div
        role="gridcell"
        title={
          row.isExact
            ? `This value arrived ${known}.${expires}`
            : `When it was published is not known: it was there already ${known}.${expires}`
        }
        className={classes.age}
      >
        {row.isExact ? age : `> ${age}`}
      </div>
      <div role="gridcell" title={row.preview} className={classes.value}>
        {row.preview}
      </div>
    </div>
  );
}
