import { History, X, ZoomOut } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatDuration, formatQuantity, formatTime } from '#app/base/format.ts';
import { toFailure } from '#app/contract/failure.ts';
import { MAX_TIMELINE_COLUMNS, type TimelineWindow } from '#app/contract/feeds/timeline.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { CommandButton } from '#renderer/commands/command-button.tsx';
import { showFailure } from '#renderer/commands/notify.tsx';
import { momentOf, returnToLive, showMoment, useMoment, useTreeProgress } from '#renderer/state/timeline.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import { Seeker } from './seeker.ts';
import { TimeSlider } from './time-slider.tsx';
import classes from './timeline.module.css';
import { columnAt, type Span, showing, timeAt } from './track.ts';

/** Pixels of one column. */
const COLUMN_WIDTH = 3;
/** Columns are asked for in steps, so that a window that is resized does not ask anew with each pixel. */
const COLUMN_STEP = 40;
/** Milliseconds before it is said that the tree is on its way. */
const PATIENCE = 200;

/** Finds the moments that the user wants, and shows the session as it was then. */
function useSeeker(sessionId: string): Seeker {
  const [seeker] = useState(
    () =>
      new Seeker({
        at: (at) => engineClient().session(sessionId, 'timeline.at', { at }),
        step: async (sequence, by) =>
          (await engineClient().session(sessionId, 'timeline.step', { sequence, by })).moment,
        onMoment: (moment) => showMoment(sessionId, moment),
        onEnd: () => returnToLive(sessionId),
        onFailure: (error) => showFailure(toFailure(error)),
      }),
  );
  return seeker;
}

/** A thin bar over the kept time of a session, with a slider for the moment that is looked at. */
export function TimelineBar({ sessionId }: { readonly sessionId: string }) {
  const [columns, setColumns] = useState(COLUMN_STEP);
  /** The part of the time that is shown; `undefined`: all of it. */
  const [view, setView] = useState<Span | undefined>(undefined);
  const { window, failure } = useSessionFeed(sessionId, 'timeline', {
    columns,
    ...(view === undefined ? {} : { view }),
  });
  const moment = useMoment(sessionId);
  const seeker = useSeeker(sessionId);
  const [hovered, setHovered] = useState<number | undefined>(undefined);
  /** Where the thumb is held, until its moment is found. */
  const [held, setHeld] = useState<number | undefined>(undefined);
  const isLive = moment === undefined && held === undefined;
  const latest = useRef(window);
  latest.current = window;

  useEffect(() => {
    // What Escape or another pane ended must not come back with a late answer.
    if (moment === undefined) {
      seeker.cancel();
      setHeld(undefined);
    }
  }, [moment, seeker]);

  // Steps and other panes lead out of the part that is shown: it follows.
  const at = moment?.at;
  useEffect(() => {
    const known = latest.current;
    if (at !== undefined && known !== undefined) {
      setView((last) => last && showing(last, at, { from: known.oldest, to: known.present }));
    }
  }, [at]);

  const live = () => {
    seeker.cancel();
    setHeld(undefined);
    returnToLive(sessionId);
  };
  return (
    <section className={classes.timeline} aria-label="Timeline" data-past={!isLive || undefined}>
      <header className={classes.header}>
        <h2 className={classes.title}>Timeline</h2>
        {isLive ? (
          <LiveFacts window={window} />
        ) : (
          <PastFacts sessionId={sessionId} at={held ?? moment?.at} window={window} onLive={live} />
        )}
        <span className={classes.hovered} aria-hidden>
          {hovered !== undefined && window !== undefined && hoverText(window, hovered)}
        </span>
        {view !== undefined && (
          <IconButton compact icon={ZoomOut} label="Show the whole time" onClick={() => setView(undefined)} />
        )}
        <CommandButton command="timeline.toggle" icon={X} />
      </header>
      {failure !== undefined && <FailureNote failure={failure} />}
      <TimeSlider
        window={window}
        at={held ?? moment?.at}
        onWidth={(width) =>
          setColumns(
            Math.min(
              MAX_TIMELINE_COLUMNS,
              Math.max(COLUMN_STEP, Math.floor(width / COLUMN_WIDTH / COLUMN_STEP) * COLUMN_STEP),
            ),
          )
        }
        onHover={setHovered}
        onSeek={(at) => {
          setHeld(at);
          seeker.seek(at);
        }}
        onSeekEnd={() => setHeld(undefined)}
        onStep={(by) => seeker.step(by, momentOf(sessionId)?.sequence ?? latest.current?.newest ?? 0)}
        onLive={live}
        view={view}
        onView={setView}
      />
    </section>
  );
}

/** What of the session is kept. */
function LiveFacts({ window }: { readonly window: TimelineWindow | undefined }) {
  if (window === undefined) {
    return undefined;
  }
  const kept = window.newest - window.first + 1;
  return (
    <span className={classes.facts}>
      {kept === 0
        ? 'Live. No message is kept yet.'
        : `Live. ${formatQuantity(kept, 'message')} kept since ${formatTime(window.oldest)}; drag back to see the tree as it was.`}
    </span>
  );
}

interface PastFactsProps {
  readonly sessionId: string;
  readonly at: number | undefined;
  readonly window: TimelineWindow | undefined;
  readonly onLive: () => void;
}

/** Says, where it can't be missed, that this is not the present, and how to get back there. */
function PastFacts({ sessionId, at, window, onLive }: PastFactsProps) {
  const moment = useMoment(sessionId);
  const progress = useTreeProgress(sessionId) ?? 1;
  const isSlow = useIsSlow(progress);
  const newer =
    window === undefined || moment === undefined ? 0 : Math.max(0, window.newest - moment.sequence);
  const isGone = window !== undefined && moment !== undefined && moment.sequence < window.first - 1;
  return (
    <>
      <span className={classes.asOf}>
        <History size={14} strokeWidth={1.75} aria-hidden />
        <strong>As of {at === undefined ? '' : formatTime(at)}</strong>
      </span>
      <span className={classes.facts}>
        {isGone
          ? 'Not kept any more: values of then are missing.'
          : `${formatQuantity(newer, 'newer message')}. Receiving goes on.`}
      </span>
      {isSlow && (
        <progress className={classes.progress} aria-label="Way to the moment" max={1} value={progress} />
      )}
      <button type="button" className={classes.live} onClick={onLive}>
        Return to live
        <ShortcutHint shortcut="Escape" />
      </button>
    </>
  );
}

/** True when something has been under way for a while; what is quick does not flicker. */
function useIsSlow(progress: number): boolean {
  const [isSlow, setSlow] = useState(false);
  const isOnTheWay = progress < 1;
  useEffect(() => {
    if (!isOnTheWay) {
      setSlow(false);
      return undefined;
    }
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [isOnTheWay]);
  return isSlow;
}

function hoverText(window: TimelineWindow, share: number): string {
  const { count, span } = columnAt(window, share);
  return `${formatTime(timeAt(window, share))} · ${formatQuantity(count, 'message')} in ${formatDuration(span)}`;
}
