import { Columns2, Equal, FileDiff, Pin, Rows2, X } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { formatQuantity, formatTime } from '#app/base/format.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { DiffViewer } from '#renderer/editor/diff-viewer.tsx';
import { setCompareBase, useCompareBase } from '#renderer/state/inspector-requests.ts';
import { useKept } from '#renderer/state/kept.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { CompareWith } from './compare-with.tsx';
import classes from './diff.module.css';
import { useDiffTexts } from './use-diff-texts.ts';
import { viewLabel } from './view-choice.ts';

interface DiffTabProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
  readonly codec: string;
}

/** The message against the one before it on the topic, or against any other of the newest. */
export function DiffTab({ sessionId, details, codec }: DiffTabProps) {
  const { topicId, sequence } = details;
  const [chosen, setChosen] = useState<{ readonly topicId: number; readonly sequence: number }>();
  const [isSideBySide, setSideBySide] = useKept('inspector.diff.sideBySide', z.boolean(), true);
  const other = chosen?.topicId === topicId && chosen.sequence !== sequence ? chosen.sequence : undefined;
  const base = useCompareBase(sessionId);
  const isBase = base?.sequence === sequence;
  const from = isBase ? undefined : (base?.sequence ?? other ?? details.previous);
  const { texts, failure } = useDiffTexts(sessionId, from, details, codec);
  const [changes, setChanges] = useState<number | undefined>(undefined);
  const isEqual = texts !== undefined && texts.original === texts.modified;
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        {base === undefined ? (
          <CompareWith
            sessionId={sessionId}
            topicId={topicId}
            sequence={sequence}
            other={other}
            onChoose={(next) => setChosen(next === undefined ? undefined : { topicId, sequence: next })}
          />
        ) : (
          <span className={classes.base}>
            <span
              className={classes.baseName}
              title={visibleText(`Compared with: ${base.topic}, ${formatTime(base.receivedAt)}`)}
            >
              {visibleText(base.topic)} {formatTime(base.receivedAt)}
            </span>
            <IconButton
              icon={X}
              compact
              label="Compare with the previous message again"
              onClick={() => setCompareBase(sessionId, undefined)}
            />
          </span>
        )}
        <span className={classes.result} role="status" aria-label="Differences">
          {texts !== undefined &&
            from !== undefined &&
            (isEqual ? equalWords(texts) : changeWords(changes, texts))}
        </span>
        <IconButton
          icon={Pin}
          label="Compare with this message"
          pressed={isBase}
          onClick={() =>
            setCompareBase(
              sessionId,
              isBase ? undefined : { sequence, topic: details.topic, receivedAt: details.receivedAt },
            )
          }
        />
        <IconButton
          icon={isSideBySide ? Rows2 : Columns2}
          label={isSideBySide ? 'Show in one column' : 'Show side by side'}
          onClick={() => setSideBySide(!isSideBySide)}
        />
      </div>
      <div className={classes.body}>
        {isBase ? (
          <EmptyState
            icon={Pin}
            text="This is the message to compare with. Choose another one, of any topic, to see how they differ."
          />
        ) : from === undefined ? (
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
