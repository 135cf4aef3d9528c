import { NativeSelect } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Disposable } from '#app/base/disposable.ts';
import { formatBytes, formatTime } from '#app/base/format.ts';
import type { MessageRow, MessagesWindow } from '#app/contract/feeds/session.ts';
import { useEngine } from '#renderer/client/engine.ts';
import classes from './diff.module.css';

interface CompareWithProps {
  readonly sessionId: string;
  readonly topicId: number;
  /** The message that is compared, which is not offered. */
  readonly sequence: number;
  /** The other message; `undefined`: the one before. */
  readonly other: number | undefined;
  readonly onChoose: (sequence: number | undefined) => void;
}

/** Messages offered for comparing; older ones are found in the history. */
const OFFERED = 100;

/** The other message, chosen among the newest of the topic; which these are is asked when the list is about to open. */
export function CompareWith({ sessionId, topicId, sequence, other, onChoose }: CompareWithProps) {
  const { offered, ask } = useNewest(sessionId, topicId);
  const choices = offered.filter((row) => row.sequence !== sequence);
  return (
    <NativeSelect
      aria-label="Compare with"
      classNames={{ input: classes.select ?? '' }}
      value={other === undefined ? '' : `${other}`}
      onPointerEnter={ask}
      onFocus={ask}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChoose(value === '' ? undefined : Number(value));
      }}
      data={[
        { value: '', label: 'Previous message' },
        ...(other === undefined || choices.some((row) => row.sequence === other)
          ? []
          : [{ value: `${other}`, label: `Message ${other}` }]),
        ...choices.map((row) => ({
          value: `${row.sequence}`,
          label: `${formatTime(row.receivedAt)}  ${formatBytes(row.size)}  ${row.preview.slice(0, 40)}`,
        })),
      ]}
    />
  );
}

/** The newest messages of a topic, newest first, as they were when they were asked for last. */
function useNewest(sessionId: string, topicId: number) {
  const [offered, setOffered] = useState<readonly MessageRow[]>([]);
  const feed = useRef<Disposable | undefined>(undefined);
  useEffect(() => () => feed.current?.dispose(), []);
  const ask = useCallback(() => {
    const { client } = useEngine.getState();
    feed.current?.dispose();
    // While the line is down, what was offered last stays.
    const asked = client?.sessionFeed(
      sessionId,
      'messages',
      { filter: { topicId, includeMuted: true }, count: OFFERED, at: { kind: 'live' } },
      {
        onWindow: ({ rows, scanning }: MessagesWindow) => {
          setOffered(rows.filter((row) => row.kind === 'message').toReversed());
          if (!scanning) {
            asked?.dispose();
          }
        },
        // Without the list there is still the message before to compare with.
        onEnd: () => {},
      },
    );
    feed.current = asked;
  }, [sessionId, topicId]);
  return { offered, ask };
}
