import { useCallback, useMemo, useState } from 'react';
import { MAX_HISTORY_ROWS } from '#app/contract/feeds/readers.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';

/** Rows asked for beyond those that are drawn, on each side. */
const MARGIN = 24;

interface HistoryOptions {
  readonly sessionId: string;
  readonly topicId: number;
  readonly codec: string;
  /** Messages that follow each other with the same payload are one row. */
  readonly fold: boolean;
  /** Say what changed from one to the next. */
  readonly changes: boolean;
}

/** The messages of a topic, newest first, around the rows that are on screen; `follow` is told which these are. */
export function useHistory({ sessionId, topicId, codec, fold, changes }: HistoryOptions) {
  const [wanted, setWanted] = useState<RowRange>({ first: 0, end: 60 });
  const params = useMemo(() => {
    const offset = Math.max(0, wanted.first - MARGIN);
    const count = Math.min(MAX_HISTORY_ROWS, wanted.end + MARGIN - offset);
    return { sessionId, topicId, codec, fold, changes, offset, count };
  }, [sessionId, topicId, codec, fold, changes, wanted]);
  const { window, failure } = useReadersFeed('history', params);
  const follow = useCallback((rendered: RowRange) => {
    setWanted((last) => (last.first === rendered.first && last.end === rendered.end ? last : rendered));
  }, []);
  return { window, failure, follow };
}
