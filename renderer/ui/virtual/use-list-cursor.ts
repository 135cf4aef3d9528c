import { type KeyboardEvent, type MouseEvent, useId, useState } from 'react';
import { listMove } from './list-keys.ts';
import { indexOfKey, type RowWindow, rowAt } from './row-window.ts';
import type { VirtualScroller } from './virtual-scroller.ts';

/** The keyboard and the pointer in a list of which a window is known: arrows move, Enter and a double click open. */
export function useListCursor<Row>(
  window: RowWindow<Row> | undefined,
  scroller: VirtualScroller,
  keyOf: (row: Row) => number,
  onOpen: (row: Row) => void,
) {
  const idPrefix = useId();
  const [cursor, setCursor] = useState<{ readonly index: number; readonly key: number } | undefined>(
    undefined,
  );
  const known = indexOfKey(window, cursor?.key, keyOf);
  const rowOf = ({ target }: MouseEvent) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    const index = Number(element?.dataset.index ?? Number.NaN);
    const row = rowAt(window, index);
    return row === undefined ? undefined : { index, row };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = listMove(event.key);
    const total = window?.total ?? 0;
    const at = known ?? cursor?.index ?? -1;
    if (to !== undefined && total > 0) {
      event.preventDefault();
      const page = Math.max(1, scroller.rowsPerPage - 1);
      const wanted = {
        previous: at - 1,
        next: at + 1,
        first: 0,
        last: total - 1,
        'page-up': at - page,
        'page-down': at + page,
      }[to];
      const index = Math.max(0, Math.min(total - 1, wanted));
      const row = rowAt(window, index);
      scroller.reveal(index);
      setCursor({ index, key: row === undefined ? -1 : keyOf(row) });
    } else if (event.key === 'Enter') {
      const row = rowAt(window, at);
      if (row !== undefined) {
        event.preventDefault();
        onOpen(row);
      }
    }
  };
  return {
    /** Of the row that is chosen. */
    chosen: cursor?.key,
    /** For the grid. */
    props: {
      tabIndex: 0,
      'aria-activedescendant': known === undefined ? undefined : `${idPrefix}${cursor?.key}`,
      onKeyDown,
      onMouseDown: (event: MouseEvent) => {
        const hit = rowOf(event);
        if (hit !== undefined) {
          setCursor({ index: hit.index, key: keyOf(hit.row) });
        }
      },
      onDoubleClick: (event: MouseEvent) => {
        const hit = rowOf(event);
        if (hit !== undefined) {
          onOpen(hit.row);
        }
      },
    },
    rowProps: (row: Row, index: number) => ({
      role: 'row',
      id: `${idPrefix}${keyOf(row)}`,
      'aria-rowindex': index + 2,
      'aria-selected': keyOf(row) === cursor?.key,
      'data-index': index,
    }),
  };
}
