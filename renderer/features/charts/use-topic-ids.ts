import { useEffect, useState } from 'react';
import type { Disposable } from '#app/base/disposable.ts';
import { useEngine } from '#renderer/client/engine.ts';

/** The ids of topics in a session, by name; a topic that did not come yet is watched for. */
export function useTopicIds(sessionId: string, topics: readonly string[]): ReadonlyMap<string, number> {
  const client = useEngine((state) => state.client);
  const [ids, setIds] = useState<ReadonlyMap<string, number>>(new Map());
  const wanted = JSON.stringify([...new Set(topics)].sort());
  useEffect(() => {
    if (client === undefined) {
      return undefined;
    }
    const feeds = new Map<string, Disposable>();
    for (const topic of JSON.parse(wanted) as string[]) {
      const feed = client.sessionFeed(
        sessionId,
        'topic',
        { topic },
        {
          onWindow: ({ topicId, lastSequence }) => {
            // A node on the way to a topic has an id too, but no messages.
            if (topicId !== undefined && lastSequence !== undefined) {
              setIds((last) => (last.get(topic) === topicId ? last : new Map([...last, [topic, topicId]])));
              feed.dispose();
            }
          },
          // With the next line to the engine they are asked for again.
          onEnd: () => {},
        },
      );
      feeds.set(topic, feed);
    }
    return () => {
      for (const feed of feeds.values()) {
        feed.dispose();
      }
    };
  }, [client, sessionId, wanted]);
  return ids;
}
