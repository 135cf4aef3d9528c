import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FeedHandle } from '#app/contract/client.ts';
import type { contract } from '#app/contract/contract.ts';
import type { ParamsOf, WindowOf } from '#app/contract/define.ts';
import type { Failure } from '#app/contract/failure.ts';
import { useEngine } from './engine.ts';
import { windowPace } from './window-pace.ts';

/** Feeds whose windows are long lists. */
const large: ReadonlySet<string> = new Set(['tree', 'messages'] satisfies (keyof SessionFeeds)[]);

type MainFeeds = typeof contract.main.feeds;
type SessionFeeds = typeof contract.session.feeds;
type ReaderFeeds = typeof contract.readers.feeds;

/** What a feed shows right now. `window` stays at the last one while the line is down or a new window is on its way. */
export interface FeedState<Window> {
  readonly window: Window | undefined;
  readonly failure: Failure | undefined;
}

/**
 * Subscribes a component to a feed of the main process. A window is acknowledged one frame after it was handed
 * to React, so that a slow screen gets fewer windows, never stale ones.
 */
export function useMainFeed<K extends keyof MainFeeds & string>(
  feed: K,
  params: ParamsOf<MainFeeds[K]>,
): FeedState<WindowOf<MainFeeds[K]>> {
  return useFeed<ParamsOf<MainFeeds[K]>, WindowOf<MainFeeds[K]>>('main', feed, params);
}

/** Like {@link useMainFeed} for what reads along with the sessions' logs; without parameters it shows nothing. */
export function useReadersFeed<K extends keyof ReaderFeeds & string>(
  feed: K,
  params: ParamsOf<ReaderFeeds[K]> | undefined,
): FeedState<WindowOf<ReaderFeeds[K]>> {
  return useFeed<ParamsOf<ReaderFeeds[K]> | undefined, WindowOf<ReaderFeeds[K]>>(
    params === undefined ? undefined : 'readers',
    feed,
    params,
  );
}

/** Like {@link useMainFeed} for a session; without a session it shows nothing. Changed params move the open window. */
export function useSessionFeed<K extends keyof SessionFeeds & string>(
  sessionId: string | undefined,
  feed: K,
  params: ParamsOf<SessionFeeds[K]>,
): FeedState<WindowOf<SessionFeeds[K]>> {
  return useFeed<ParamsOf<SessionFeeds[K]>, WindowOf<SessionFeeds[K]>>(sessionId, feed, params);
}

function useFeed<Params, Window>(
  target: string | undefined,
  feed: string,
  params: Params,
): FeedState<Window> {
  const client = useEngine((state) => state.client);
  const epoch = useEngine((state) => state.epoch);
  const source = `${target ?? ''} ${feed}`;
  const [state, setState] = useState<FeedState<Window> & { readonly source: string }>(() => ({
    window: undefined,
    failure: undefined,
    source,
  }));
  const handle = useRef<FeedHandle<Params> | undefined>(undefined);
  const latest = useRef(params);
  const sent = useRef<string>('');
  latest.current = params;
  const key = JSON.stringify(params);

  // biome-ignore lint/correctness/useExhaustiveDependencies: params move the open feed in the effect below
  useEffect(() => {
    if (client === undefined || target === undefined) {
      return undefined;
    }
    let isOpen = true;
    let isFirst = true;
    const listener = {
      onWindow: (window: Window) =>
        new Promise<void>((resolve) => {
          const draw = () => {
            if (isOpen) {
              setState({ window, failure: undefined, source });
            }
            void windowPace().settled().then(resolve);
          };
          if (isFirst) {
            isFirst = false;
            draw();
          } else if (large.has(feed)) {
            windowPace().showLarge(draw);
          } else {
            windowPace().showSmall(draw);
          }
        }),
      onEnd: (failure: Failure) => {
        // A window that still waits for its frame must not hide the reason.
        isOpen = false;
        setState((last) => ({ window: last.source === source ? last.window : undefined, failure, source }));
      },
    };
    // The typed entry points above have already checked that feed, params and window belong together.
    const open = (target === 'main' ? client.mainFeed : client.sessionFeed.bind(client, target)) as (
      name: string,
      initial: Params,
      on: typeof listener,
    ) => FeedHandle<Params>;
    sent.current = key;
    handle.current = open.call(client, feed, latest.current, listener);
    return () => {
      isOpen = false;
      handle.current?.dispose();
      handle.current = undefined;
    };
  }, [client, epoch, target, feed]);

  // Before the browser paints: the answer is under way while it does.
  useLayoutEffect(() => {
    if (sent.current !== key) {
      sent.current = key;
      handle.current?.update(latest.current);
    }
  }, [key]);

  return state.source === source ? state : nothing;
}

/** Before the first window of a feed; what another feed showed last must not stand in for it. */
const nothing = { window: undefined, failure: undefined };
