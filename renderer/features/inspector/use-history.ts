import { useCallback, useMemo, useState } from 'react';
import { type GapRow, MAX_WINDOW_ROWS, type MessageRow } from '#app/contract/feeds/session.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';
import { planHistory, toNewestFirst } from './history-order.ts';

/** A topic's messages, newest first. */
export interface HistoryWindow {
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly MessageRow[];
}

/** The messages of a topic around the rows that are on screen; `follow` is told which these are. */
export function useHistory(sessionId: string, topicId: number) {
  const [wanted, setWanted] = useState<RowRange>({ first: 0, end: 60 });
  const [total, setTotal] = useState(0);
  const params = useMemo(
    () => ({ filter: { topicId, includeMuted: true }, ...planHistory(wanted, total, MAX_WINDOW_ROWS) }),
    [topicId, wanted, total],
  );
  const { window, failure } = useSessionFeed(sessionId, 'messages', params);
  if (window !== undefined && window.total !== total) {
    setTotal(window.total);
  }
  const shown = useMemo<HistoryWindow | undefined>(() => {
    if (window === undefined) {
      return undefined;
    }
    const { offset, rows } = toNewestFirst(window.offset, window.total, window.rows);
    return { offset, rows: rows.filter(isMessage), total: window.total };
  }, [window]);
  const follow = useCallback((rendered: RowRange) => {
    setWanted((last) => (last.first === rendered.first && last.end === rendered.end ? last : rendered));
  }, []);
  return { window: shown, failure, follow };
}

function isMessage(row: MessageRow | GapRow): row is MessageRow {
  return row.kind === 'message';
}
