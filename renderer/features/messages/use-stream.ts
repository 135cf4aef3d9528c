import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import { MAX_WINDOW_ROWS, type MessagesWindow } from '#app/contract/feeds/session.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';
import type { StreamFilter } from './stream-filter.ts';
import { toFeedFilter } from './stream-filter.ts';
import { followPlan, planFollow, planHold, stableRow } from './stream-plan.ts';

/** What {@link useStream} gives the pane and its grid. */
export interface Stream {
  readonly window: MessagesWindow | undefined;
  readonly failure: Failure | undefined;
  /** The newest rows stay in view; otherwise the view stays where it is. */
  readonly isFollowing: boolean;
  /** Nothing newer than at the moment of the pause is shown. */
  readonly isPaused: boolean;
  /** Rows that came at the end since the view is held. */
  readonly newRows: number;
  readonly follow: () => void;
  readonly hold: () => void;
  readonly setPaused: (isPaused: boolean) => void;
  /** To be called with what is drawn, after drawing: moves the window when it no longer covers that. */
  readonly cover: (rendered: RowRange) => void;
}

/** The message stream as the pane shows it: following or held, paused or not. */
export function useStream(sessionId: string, filter: StreamFilter): Stream {
  const [plan, setPlan] = useState(followPlan);
  const [isFollowing, setFollowing] = useState(true);
  const [pausedAt, setPausedAt] = useState<number | undefined>(undefined);
  const moment = useMoment(sessionId);
  // Of a moment of the past, and of a pause, the earlier.
  const until =
    moment === undefined ? pausedAt : Math.min(moment.sequence, pausedAt ?? Number.POSITIVE_INFINITY);
  /** Stable number behind the last row when the view was held. */
  const [heldEnd, setHeldEnd] = useState(0);
  const { window, failure } = useSessionFeed(sessionId, 'messages', {
    filter: toFeedFilter(filter),
    ...plan,
    ...(until === undefined ? {} : { until }),
  });
  const latest = useRef(window);
  latest.current = window;
  const following = useRef(isFollowing);
  following.current = isFollowing;

  // The same functions with each window, so that what only calls them is not drawn again.
  const setMode = useCallback((follows: boolean) => {
    if (following.current !== follows) {
      following.current = follows;
      setFollowing(follows);
      const shown = latest.current;
      setHeldEnd(shown === undefined ? 0 : stableRow(shown, shown.total));
    }
  }, []);
  const follow = useCallback(() => setMode(true), [setMode]);
  const hold = useCallback(() => setMode(false), [setMode]);
  const setPaused = useCallback((isPaused: boolean) => {
    setPausedAt(isPaused ? (latest.current?.newestSequence ?? 0) : undefined);
  }, []);

  // Another filter is another list: the view starts at its newest row.
  const key = JSON.stringify(filter);
  const lastKey = useRef(key);
  useEffect(() => {
    if (lastKey.current !== key) {
      lastKey.current = key;
      setFollowing(true);
      setPlan(followPlan);
    }
  }, [key]);

  // The stream goes along with the moment, and back to the present.
  const lastMoment = useRef(moment?.sequence);
  useEffect(() => {
    if (lastMoment.current !== moment?.sequence) {
      lastMoment.current = moment?.sequence;
      setFollowing(true);
      setPlan(followPlan);
    }
  }, [moment]);

  return {
    window,
    failure,
    isFollowing,
    isPaused: pausedAt !== undefined,
    newRows: window === undefined || isFollowing ? 0 : Math.max(0, stableRow(window, window.total) - heldEnd),
    follow,
    hold,
    setPaused,
    cover: (rendered) => {
      const shown = latest.current;
      setPlan((last) =>
        isFollowing
          ? planFollow(last, rendered, MAX_WINDOW_ROWS)
          : shown === undefined
            ? last
            : planHold(last, shown, rendered, MAX_WINDOW_ROWS),
      );
    },
  };
}
