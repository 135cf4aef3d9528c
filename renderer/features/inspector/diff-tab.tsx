import { NativeSelect } from '@mantine/core';
import { Columns2, Equal, FileDiff, Rows2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { formatBytes, formatQuantity, formatTime } from '#app/base/format.ts';
import type { MessageRow } from '#app/contract/feeds/session.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { DiffViewer } from '#renderer/editor/diff-viewer.tsx';
import { useKept } from '#renderer/state/kept.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './diff.module.css';
import { useDiffTexts } from './use-diff-texts.ts';
import { viewLabel } from './view-choice.ts';

interface DiffTabProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
  readonly codec: string;
}

/** Messages offered for comparing; older ones are found in the history. */
const OFFERED = 100;

/** The message against the one before it on the topic, or against any other of the newest. */
export function DiffTab({ sessionId, details, codec }: DiffTabProps) {
  const { topicId, sequence } = details;
  const [chosen, setChosen] = useState<{ readonly topicId: number; readonly sequence: number }>();
  const [isSideBySide, setSideBySide] = useKept('inspector.diff.sideBySide', z.boolean(), true);
  const params = useMemo(
    () => ({
      filter: { topicId, includeMuted: true },
      count: OFFERED,
      at: { kind: 'live' as const },
    }),
    [topicId],
  );
  const offered = useSessionFeed(sessionId, 'messages', params).window?.rows ?? [];
  const other = chosen?.topicId === topicId && chosen.sequence !== sequence ? chosen.sequence : undefined;
  const from = other ?? details.previous;
  const { texts, failure } = useDiffTexts(sessionId, from, sequence, codec);
  const [changes, setChanges] = useState<number | undefined>(undefined);
  const isEqual = texts !== undefined && texts.original === texts.modified;

  const choices = offered
    .filter((row): row is MessageRow => row.kind === 'message' && row.sequence !== sequence)
    .toReversed();
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <NativeSelect
          aria-label="Compare with"
          classNames={{ input: classes.select ?? '' }}
          value={other === undefined ? '' : `${other}`}
          onChange={(event) => {
            const value = event.currentTarget.value;
            setChosen(value === '' ? undefined : { topicId, sequence: Number(value) });
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
        <span className={classes.result} role="status" aria-label="Differences">
          {texts !== undefined &&
            from !== undefined &&
            (isEqual ? equalWords(texts) : changeWords(changes, texts))}
        </span>
        <IconButton
          icon={isSideBySide ? Rows2 : Columns2}
          label={isSideBySide ? 'Show in one column' : 'Show side by side'}
          onClick={() => setSideBySide(!isSideBySide)}
        />
      </div>
      <div className={classes.body}>
        {from === undefined ? (
          <EmptyState
            icon={FileDiff}
            text="No earlier message of this topic is kept. With the next one, the two can be compared."
          />
        ) : failure !== undefined ? (
          <FailureNote failure={failure} />
        ) : isEqual ? (
          <EmptyState icon={Equal} text={equalWords(texts)} />
        ) : (
          texts !== undefined && (
            <DiffViewer
              original={texts.original}
              modified={texts.modified}
              language={texts.language}
              isSideBySide={isSideBySide}
              originalLabel="Earlier value"
              modifiedLabel="Value"
              onChanges={setChanges}
            />
          )
        )}
      </div>
    </div>
  );
}

interface Compared {
  readonly codec: string;
  readonly isBinary: boolean;
}

function equalWords({ codec, isBinary }: Compared): string {
  const isLaidOut = !isBinary && (codec === 'json' || codec === 'xml');
  return isLaidOut
    ? `The two values are equal as ${viewLabel(codec)}. White space around the tokens is not compared.`
    : 'The two values are equal.';
}

function changeWords(changes: number | undefined, { codec, isBinary }: Compared): string {
  const kind = isBinary ? 'lines of hex' : viewLabel(codec);
  return changes === undefined
    ? ''
    : `${formatQuantity(changes, 'place')} ${changes === 1 ? 'differs' : 'differ'} (as ${kind})`;
}
