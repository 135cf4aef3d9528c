import { useState } from 'react';
import type { ParsedParamsOf } from '#app/contract/define.ts';
import type { Failure } from '#app/contract/failure.ts';
import type { RetainedWindow, retainedFeeds } from '#app/contract/feeds/retained.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';

const MAX_ROWS = 400;

/** What of the list is shown, and in which order. */
export type RetainedShown = Pick<
  ParsedParamsOf<(typeof retainedFeeds)['retained']>,
  'topicFilter' | 'text' | 'sort'
>;

export interface RetainedData {
  /** Names the view for the engine. */
  readonly view: string;
  readonly window: RetainedWindow | undefined;
  readonly failure: Failure | undefined;
  readonly follow: (rendered: RowRange) => void;
}

/** The feed of retained messages, in a view of its own. */
export function useRetained(sessionId: string, shown: RetainedShown): RetainedData {
  const [view] = useState(() => crypto.randomUUID());
  const { plan, follow } = useWindowPlan(MAX_ROWS);
  const { window, failure } = useSessionFeed(sessionId, 'retained', { ...plan, view, ...shown });
  return {
    view,
    window,
    failure,
    follow: (rendered) => {
      if (window !== undefined) {
        follow(rendered, window.total);
      }
    },
  };
}
