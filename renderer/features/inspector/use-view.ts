import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { useEngine } from '#renderer/client/engine.ts';
import { useRulesKey } from './rules-key.ts';
import { ViewSource } from './view-source.ts';

interface ViewState {
  /** The newest view that is here; the one before stays until it is. */
  readonly source: ViewSource | undefined;
  /** Of what is here. */
  readonly topicId: number | undefined;
  /** Of the message and view that are asked for. */
  readonly failure: Failure | undefined;
}

/** A message as a codec (or the one that `auto` chooses, by the rules first) shows it. */
export function useView(
  sessionId: string,
  { sequence, topicId, topic }: Pick<MessageDetails, 'sequence' | 'topicId' | 'topic'>,
  codec: string,
): ViewState {
  const client = useEngine((state) => state.client);
  const rules = useRulesKey(sessionId);
  const wanted = `${sessionId} ${sequence} ${codec} ${rules}`;
  const [state, setState] = useState<ViewState & { readonly wanted: string }>({
    source: undefined,
    topicId: undefined,
    failure: undefined,
    wanted: '',
  });
  useEffect(() => {
    if (client === undefined) {
      return undefined;
    }
    let isGone = false;
    let cancel = () => {};
    client
      .readers(
        'view.open',
        { sessionId, sequence, codec, topic },
        {
          onCancel: (how) => {
            cancel = how;
          },
        },
      )
      .then(
        (view) => {
          const source = new ViewSource(client, sessionId, sequence, view);
          if (isGone) {
            source.close();
          } else {
            setState({ source, topicId, failure: undefined, wanted });
          }
        },
        (error: unknown) =>
          !isGone && setState({ source: undefined, topicId, failure: toFailure(error), wanted }),
      );
    return () => {
      isGone = true;
      cancel();
    };
  }, [client, sessionId, sequence, topicId, topic, codec, wanted]);

  const { source, topicId: shownTopicId } = state;
  useEffect(() => () => source?.close(), [source]);
  return { source, topicId: shownTopicId, failure: state.wanted === wanted ? state.failure : undefined };
}
