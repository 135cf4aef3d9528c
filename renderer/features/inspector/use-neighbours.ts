import { useMemo } from 'react';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';

interface Neighbours {
  readonly previous: number | undefined;
  /** Absent while the newest is followed, and for the newest itself. */
  readonly next: number | undefined;
}

/** The kept messages of the topic before and after one. */
export function useNeighbours(
  sessionId: string,
  details: MessageDetails | undefined,
  isFollowing: boolean,
): Neighbours {
  const topicId = details?.topicId ?? 1;
  const sequence = details?.sequence ?? 0;
  const params = useMemo(
    () => ({
      filter: { topicId, includeMuted: true },
      count: 3,
      at: { kind: 'sequence' as const, sequence, rowsBefore: 1 },
    }),
    [topicId, sequence],
  );
  const isOpen = details !== undefined && !isFollowing;
  const rows = useSessionFeed(isOpen ? sessionId : undefined, 'messages', params).window?.rows ?? [];
  const place = rows.findIndex((row) => row.sequence === sequence);
  return {
    previous: details?.previous,
    next: isOpen && place >= 0 ? rows[place + 1]?.sequence : undefined,
  };
}
