import { useLayoutEffect, useRef, useState } from 'react';
import type { MessageRow, MessagesWindow } from '#app/contract/feeds/session.ts';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import type { VirtualScroller } from '#renderer/ui/virtual/virtual-scroller.ts';
import type { GridCommand } from './grid-keys.ts';
import { sequenceOf, stableRow } from './stream-plan.ts';

/** Where the keyboard is: a message, or the number of a row whose message is not known yet. */
export interface StreamCursor {
  readonly stable: number;
  readonly sequence: number | undefined;
}

interface CursorOptions {
  readonly window: MessagesWindow | undefined;
  readonly scroller: VirtualScroller;
  readonly isFollowing: boolean;
  readonly follow: () => void;
  readonly hold: () => void;
  /** The cursor came to a message: by a key that moves (`false`), or because the message itself was meant (`true`). */
  readonly onChoose: (row: MessageRow, isMeant: boolean) => void;
}

interface Cursor {
  readonly cursor: StreamCursor | undefined;
  readonly move: (to: Extract<GridCommand, { kind: 'move' }>['to']) => void;
  readonly place: (index: number) => void;
  /** The message under the cursor, if it is among the known rows. */
  readonly row: () => MessageRow | undefined;
}

/** The keyboard in a stream of which only a window is known. */
export function useStreamCursor(options: CursorOptions): Cursor {
  const { window, scroller, isFollowing, follow, hold, onChoose } = options;
  const [cursor, setCursor] = useState<StreamCursor | undefined>(undefined);
  const current = useRef(cursor);
  /** The row under the cursor was not known when it came there: it is chosen once it is. */
  const isChoosing = useRef(false);
  const set = (next: StreamCursor) => {
    current.current = next;
    setCursor(next);
  };
  const chooseKnown = () => {
    const row = isChoosing.current ? messageAt(window, current.current?.sequence) : undefined;
    if (row !== undefined) {
      isChoosing.current = false;
      onChoose(row, false);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each window that comes
  useLayoutEffect(() => {
    const at = current.current;
    if (window === undefined || at === undefined) {
      return;
    }
    const index = indexOfKey(window, at.sequence, sequenceOf);
    const row = at.sequence === undefined ? rowAt(window, at.stable - window.evictedRows) : undefined;
    if (index !== undefined && stableRow(window, index) !== at.stable) {
      set({ stable: stableRow(window, index), sequence: at.sequence });
    } else if (row !== undefined) {
      set({ stable: at.stable, sequence: row.sequence });
    }
    chooseKnown();
  }, [window]);

  const moveTo = (target: number) => {
    if (window === undefined || window.total === 0) {
      return;
    }
    const index = Math.min(Math.max(0, target), window.total - 1);
    set({ stable: stableRow(window, index), sequence: rowAt(window, index)?.sequence });
    isChoosing.current = true;
    scroller.reveal(index);
    chooseKnown();
  };

  return {
    cursor,
    row: () => messageAt(window, current.current?.sequence),
    place: (index) => {
      isChoosing.current = false;
      const row = rowAt(window, index);
      if (window !== undefined && row !== undefined) {
        set({ stable: stableRow(window, index), sequence: row.sequence });
      }
    },
    move: (to) => {
      const total = window?.total ?? 0;
      const page = scroller.rowsPerPage;
      const at = current.current;
      // Without a place the keyboard starts behind the newest row in view.
      const from = at === undefined ? scroller.visible.end : at.stable - (window?.evictedRows ?? 0);
      if (to === 'last') {
        follow();
      } else if (isFollowing) {
        hold();
      }
      moveTo(
        {
          previous: from - 1,
          next: from + 1,
          first: 0,
          last: total - 1,
          'page-up': from - page,
          'page-down': from + page,
        }[to],
      );
    },
  };
}

function messageAt(window: MessagesWindow | undefined, sequence: number | undefined): MessageRow | undefined {
  const row = sequence === undefined ? undefined : window?.rows.find((known) => known.sequence === sequence);
  return row?.kind === 'message' ? row : undefined;
}
