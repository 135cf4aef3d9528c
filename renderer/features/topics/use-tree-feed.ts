import { useEffect, useState } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import { MAX_WINDOW_ROWS, type TreeWindow, type treeSorts } from '#app/contract/feeds/session.ts';
import type { Moment } from '#app/contract/operations/timeline.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { tellTreeProgress, useMoment } from '#renderer/state/timeline.ts';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';
import { firstPlan, planTree } from './tree-plan.ts';

/** Order of siblings. */
export interface TreeSort {
  readonly by: (typeof treeSorts)[number];
  readonly descending: boolean;
}

interface TreeFeedOptions {
  readonly sort: TreeSort;
  readonly filter: string;
  readonly frozen: boolean;
}

interface TreeFeed {
  /** The name of this view, for operations on what it shows. */
  readonly view: string;
  readonly window: TreeWindow | undefined;
  readonly failure: Failure | undefined;
  /** To be called with what is drawn, after drawing: moves the window when it no longer covers that. */
  readonly follow: (rendered: RowRange) => void;
  /** Moves the window to a node, wherever its row is. */
  readonly seek: (nodeId: number) => void;
}

/** Milliseconds after which a node that was sought and is not shown is given up. */
const SEEK_TIME = 1500;
const SEEK_MARGIN = 60;

/** The window of the tree feed that follows the scroll position. */
export function useTreeFeed(sessionId: string, { sort, filter, frozen }: TreeFeedOptions): TreeFeed {
  const [plan, setPlan] = useState(firstPlan);
  const [view] = useState(() => crypto.randomUUID());
  const [sought, setSought] = useState<number | undefined>(undefined);
  const asOf = useMoment(sessionId);
  const { window, failure } = useSessionFeed(sessionId, 'tree', {
    ...plan,
    view,
    sort,
    filter,
    frozen,
    ...(asOf === undefined ? {} : { asOf }),
    ...(sought === undefined
      ? {}
      : {
          anchor: { nodeId: sought, rowsBefore: SEEK_MARGIN },
          count: Math.max(plan.count, 2 * SEEK_MARGIN + 20),
        }),
  });
  const isFound = sought !== undefined && window?.rows.some(({ nodeId }) => nodeId === sought) === true;
  const offset = window?.offset ?? 0;

  useEffect(() => {
    if (sought === undefined) {
      return undefined;
    }
    if (isFound) {
      setSought(undefined);
      setPlan(({ count }) => ({ offset, count }));
      return undefined;
    }
    const timer = setTimeout(() => setSought(undefined), SEEK_TIME);
    return () => clearTimeout(timer);
  }, [sought, isFound, offset]);

  // The moment is reached once the rows are of it.
  const progress = isOf(window, asOf) ? window?.asOf?.progress : 0;
  useEffect(() => {
    tellTreeProgress(sessionId, asOf === undefined ? undefined : progress);
  }, [sessionId, asOf, progress]);

  return {
    view,
    window,
    failure,
    follow: (rendered) => {
      if (sought === undefined && window !== undefined) {
        setPlan((last) => planTree(last, window, rendered, MAX_WINDOW_ROWS));
      }
    },
    seek: setSought,
  };
}

/** Whether a window is of the moment, or is on its way there. */
function isOf(window: TreeWindow | undefined, moment: Moment | undefined): boolean {
  return window?.asOf?.at === moment?.at;
}
