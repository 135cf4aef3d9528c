import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { Failure } from '#app/contract/failure.ts';
import { MAX_PACKET_ROWS, type PacketsWindow, type packetFilterSchema } from '#app/contract/feeds/packets.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { planWindow, type RowRange } from '#renderer/ui/virtual/row-window.ts';

interface Plan {
  readonly at: { readonly kind: 'live' } | { readonly kind: 'row'; readonly row: number };
  readonly count: number;
}

const live: Plan = { at: { kind: 'live' }, count: 96 };

/** What {@link usePackets} gives the pane and its grid. */
export interface Packets {
  readonly window: PacketsWindow | undefined;
  readonly failure: Failure | undefined;
  /** The newest rows stay in view. */
  readonly isFollowing: boolean;
  readonly follow: () => void;
  readonly hold: () => void;
  /** To be called with what is drawn, after drawing. */
  readonly cover: (rendered: RowRange) => void;
}

/** The recorded packets as the pane shows them. While it is shown and not paused, packets are recorded. */
export function usePackets(
  sessionId: string,
  filter: z.input<typeof packetFilterSchema>,
  isPaused: boolean,
): Packets {
  const [plan, setPlan] = useState(live);
  const [isFollowing, setFollowing] = useState(true);
  const { window, failure } = useSessionFeed(sessionId, 'packets', { filter, isPaused, ...plan });
  const latest = useRef(window);
  latest.current = window;

  // Another filter is another list: the view starts at its newest row.
  const key = JSON.stringify(filter);
  const lastKey = useRef(key);
  useEffect(() => {
    if (lastKey.current !== key) {
      lastKey.current = key;
      setFollowing(true);
      setPlan(live);
    }
  }, [key]);

  return {
    window,
    failure,
    isFollowing,
    follow: useCallback(() => setFollowing(true), []),
    hold: useCallback(() => setFollowing(false), []),
    cover: (rendered) => {
      const shown = latest.current;
      setPlan((last) => {
        if (isFollowing || shown === undefined) {
          return last.at.kind === 'live' ? last : live;
        }
        const current = { offset: shown.offset, count: last.count };
        const wanted = planWindow(current, rendered, shown.total, MAX_PACKET_ROWS);
        return wanted === current && last.at.kind === 'row'
          ? last
          : { at: { kind: 'row', row: wanted.offset }, count: wanted.count };
      });
    },
  };
}
