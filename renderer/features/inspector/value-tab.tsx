import { Button } from '@mantine/core';
import { CircleDashed, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { CodeViewer, type PlacedMarker, type ShownText } from '#renderer/editor/code-viewer.tsx';
import type { CodeLanguage } from '#renderer/editor/options.ts';
import { useFoundTexts } from '#renderer/state/found-texts.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { HexGrid } from './hex-grid.tsx';
import { ImageView } from './image-view.tsx';
import classes from './value.module.css';
import { viewLabel } from './view-choice.ts';
import type { ViewSource } from './view-source.ts';

interface ValueTabProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
  /** As decoded, or of the message before until it is. */
  readonly source: ViewSource | undefined;
  readonly failure: Failure | undefined;
  /** `source` is of another topic, and not to be seen. */
  readonly isWaiting: boolean;
  readonly wordWrap: boolean;
  /** A number of the value shall be drawn over time; by its path. */
  readonly onNumber: (path: string) => void;
  /** Topic and view: what belongs to the same keeps its place on screen. */
  readonly contentId: string;
}

/** The payload: a text in the editor, bytes in the grid, an image drawn, and what must be known of them. */
export function ValueTab(props: ValueTabProps) {
  const { sessionId, details, source, failure, isWaiting, wordWrap, onNumber, contentId } = props;
  const found = useFoundTexts(sessionId, details.sequence);
  const [readFailure, setReadFailure] = useState<
    { readonly failure: Failure; readonly id: string; readonly retry?: () => void } | undefined
  >(undefined);
  const [placed, setPlaced] = useState<{ readonly id: string; readonly markers: readonly PlacedMarker[] }>();
  const text = useMemo<ShownText | undefined>(
    () =>
      source?.view.shape === 'text'
        ? { source, language: languageOf(source.view.language), markers: source.view.markers, contentId }
        : undefined,
    [source, contentId],
  );
  if (details.size === 0) {
    return (
      <EmptyState
        icon={CircleDashed}
        text={
          details.retain
            ? 'Empty payload with RETAIN set: it clears the retained message of this topic.'
            : 'Empty payload: the message has 0 bytes.'
        }
      />
    );
  }
  if (failure !== undefined) {
    return <FailureNote failure={failure} />;
  }
  if (source === undefined) {
    return <div className={classes.fill} />;
  }
  const { view } = source;
  const markers = placed?.id === source.id ? placed.markers : [];
  return (
    <div className={classes.fill} data-waiting={isWaiting || undefined}>
      <Notes view={view} markers={markers} />
      {readFailure !== undefined && readFailure.id === source.id && (
        <FailureNote
          failure={readFailure.failure}
          actions={
            readFailure.retry !== undefined && (
              <Button variant="default" onClick={readFailure.retry}>
                Try again
              </Button>
            )
          }
        />
      )}
      <div className={classes.body}>
        {view.shape === 'bytes' ? (
          <HexGrid sessionId={sessionId} sequence={source.sequence} size={view.size} contentId={contentId} />
        ) : view.shape === 'image' ? (
          <ImageView key={source.id} sessionId={sessionId} source={source} mime={view.language} />
        ) : (
          <CodeViewer
            text={text}
            ariaLabel="Value"
            found={found}
            wordWrap={wordWrap}
            onNumber={onNumber}
            onMarked={(found) => setPlaced({ id: source.id, markers: found })}
            onComplete={() => setReadFailure(undefined)}
            onFailure={(failed, error) => setReadFailure({ failure: toFailure(error), id: failed.id })}
            onLoadFailure={(error, retry) =>
              setReadFailure({
                failure: {
                  code: 'editor.load',
                  message: 'The editor could not be loaded.',
                  hint: 'Try again; if that does not help, reload the window.',
                  detail: String(error),
                },
                id: source.id,
                retry,
              })
            }
          />
        )}
      </div>
    </div>
  );
}

/** The places that are wrong, and what the codec has to say, in a line each. */
function Notes({
  view,
  markers,
}: {
  readonly view: ViewSource['view'];
  readonly markers: readonly PlacedMarker[];
}) {
  if (markers.length === 0 && view.notes.length === 0) {
    return undefined;
  }
  return (
    <div className={classes.notes} role="status" aria-label="Notes on the value">
      {markers.map(({ message, line, column, reveal }) => (
        <p key={`${line} ${column} ${message}`} className={classes.note}>
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden className={classes.icon} />
          <span>
            Not valid {viewLabel(view.codec, view.label)}: {message},{' '}
            <button type="button" className={classes.place} onClick={reveal}>
              line {formatCount(line)}, column {formatCount(column)}
            </button>
          </span>
        </p>
      ))}
      {view.notes.map((note) => (
        <p key={note} className={classes.note}>
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden className={classes.icon} />
          <span>{note}</span>
        </p>
      ))}
    </div>
  );
}

/** The editor's language for what a codec says; plain text for one that the editor does not know. */
export function languageOf(language: string): CodeLanguage {
  return language === 'json' || language === 'xml' || language === 'yaml' ? language : 'plaintext';
}
