import { useEffect, useMemo, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { useEngine } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import type { SessionSelection } from '#renderer/state/workspace.ts';
import { useThrottled } from './use-throttled.ts';

/** Milliseconds between two messages of a topic that is followed: about as fast as one can read that it changed. */
const FOLLOW_INTERVAL = 250;

/** What the inspector is asked to show. */
export type Subject =
  | { readonly kind: 'nothing' }
  /** Chosen, but not heard of yet. */
  | { readonly kind: 'waiting' }
  /** A node of the tree on which no message came (any more). `messages`: how many came on exactly this topic. */
  | { readonly kind: 'no-message'; readonly messages: number }
  | { readonly kind: 'message'; readonly sequence: number; readonly isFollowing: boolean };

/** The message that a selection stands for: the chosen one, or the newest of its topic as messages come. */
export function useSubject(sessionId: string, { topic, nodeId, message }: SessionSelection): Subject {
  const moment = useMoment(sessionId);
  const isFollowing = message === 'newest' && topic !== undefined;
  const isLive = moment === undefined;
  const { window } = useSessionFeed(isFollowing && isLive ? sessionId : undefined, 'topic', {
    topic: topic ?? '',
  });
  const then = useTopicThen(isFollowing ? sessionId : undefined, nodeId, moment?.sequence);
  // While the feed moves to another topic, its last window still speaks of the one before.
  const heard = useHeardOf(`${isLive} ${topic}`, isLive ? window : then);
  const sequence = useThrottled(heard?.lastSequence, `${sessionId}\n${topic}`, FOLLOW_INTERVAL);
  if (topic === undefined || message === undefined) {
    return { kind: 'nothing' };
  }
  if (message !== 'newest') {
    return { kind: 'message', sequence: message, isFollowing: false };
  }
  if (heard === undefined) {
    return { kind: 'waiting' };
  }
  return sequence === undefined
    ? { kind: 'no-message', messages: heard.messages }
    : { kind: 'message', sequence, isFollowing: true };
}

interface TopicWindow {
  readonly topicId?: number;
  readonly lastSequence?: number;
  readonly messages: number;
}

/** The newest message of a topic as of a moment; `undefined` until that is known. */
function useTopicThen(
  sessionId: string | undefined,
  topicId: number | undefined,
  until: number | undefined,
): TopicWindow | undefined {
  const { window } = useSessionFeed(until === undefined ? undefined : sessionId, 'messages', {
    filter: { topicId: topicId ?? 1, includeMuted: true },
    count: 1,
    at: { kind: 'live' },
    ...(until === undefined ? {} : { until }),
  });
  return useMemo(() => {
    const row = window?.rows[0];
    if (window === undefined || until === undefined || (row === undefined && window.scanning)) {
      return undefined;
    }
    // A row that is newer, or of another topic, was asked for before.
    const isOfThen = row?.kind === 'message' && row.sequence <= until && row.topicId === topicId;
    return row === undefined || isOfThen
      ? { messages: 0, ...(row === undefined ? {} : { lastSequence: row.sequence }) }
      : undefined;
  }, [window, until, topicId]);
}

/** The window, once it is one that came after the topic was asked for. */
function useHeardOf(topic: string, window: TopicWindow | undefined): TopicWindow | undefined {
  const [asked, setAsked] = useState({ topic, stale: window });
  if (asked.topic !== topic) {
    setAsked({ topic, stale: window });
    return undefined;
  }
  return window === asked.stale ? undefined : window;
}

interface MessageState {
  /** Of the message asked for, or, until that is here, of the one before. */
  readonly details: MessageDetails | undefined;
  readonly failure: Failure | undefined;
}

/** Everything about a message but its payload. The last one stays until the next one is here. */
export function useMessage(sessionId: string, sequence: number | undefined): MessageState {
  const client = useEngine((state) => state.client);
  const [state, setState] = useState<MessageState & { readonly sequence: number | undefined }>({
    details: undefined,
    failure: undefined,
    sequence: undefined,
  });
  useEffect(() => {
    if (client === undefined || sequence === undefined) {
      return undefined;
    }
    let isGone = false;
    client.session(sessionId, 'message.get', { sequence }).then(
      (details) => !isGone && setState({ details, failure: undefined, sequence }),
      (error: unknown) => !isGone && setState({ details: undefined, failure: toFailure(error), sequence }),
    );
    return () => {
      isGone = true;
    };
  }, [client, sessionId, sequence]);
  if (sequence === undefined) {
    return { details: undefined, failure: undefined };
  }
  return { details: state.details, failure: state.sequence === sequence ? state.failure : undefined };
}
