import { type KeyboardEvent, memo, type PointerEvent, useEffect, useRef } from 'react';
import { formatQuantity, formatTime } from '#app/base/format.ts';
import type { TimelineWindow } from '#app/contract/feeds/timeline.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './timeline.module.css';
import { densityPath, moveForKey, outages, type Span, shareOf, shifted, timeAt, zoomed } from './track.ts';

interface TimeSliderProps {
  readonly window: TimelineWindow | undefined;
  /** The moment that is shown; `undefined`: live. Milliseconds since the epoch. */
  readonly at: number | undefined;
  /** Called with the pixels across whenever they changed. */
  readonly onWidth: (width: number) => void;
  /** The pointer is at a share of the track; `undefined`: it is not over it. */
  readonly onHover: (share: number | undefined) => void;
  readonly onSeek: (at: number) => void;
  /** The thumb was let go. */
  readonly onSeekEnd: () => void;
  /** So many messages forward or back. */
  readonly onStep: (by: number) => void;
  readonly onLive: () => void;
  /** The part of the time that is asked for, which `window` may not be of yet; `undefined`: all of it. */
  readonly view: Span | undefined;
  readonly onView: (view: Span | undefined) => void;
}

/** Pixels at the right end that mean the present. */
const LIVE_EDGE = 5;
const nothing: Span = { from: 0, to: 1 };

/** How many messages came when, where the connection was away, and the thumb at the moment that is shown. */
export function TimeSlider({
  window,
  at,
  onWidth,
  onHover,
  onSeek,
  onSeekEnd,
  onStep,
  onLive,
  view,
  onView,
}: TimeSliderProps) {
  const track = useRef<HTMLDivElement>(null);
  /** While it is dragged, the time under the pointer must not run away with what comes. */
  const dragged = useRef<Span | undefined>(undefined);
  const tell = useRef(onWidth);
  tell.current = onWidth;
  const turn = useRef<(event: WheelEvent, box: DOMRect) => void>(() => {});
  const span = dragged.current ?? window ?? nothing;
  const bounds = window === undefined ? nothing : { from: window.oldest, to: window.present };
  const isPast = at !== undefined;
  const shown = at ?? bounds.to;
  const share = shareOf(span, shown);
  // The right end is the present, which moves on; a part of the time stays where it is.
  const endsNow = window === undefined || window.to >= window.present;
  const isAll = endsNow && span.from <= bounds.from;
  const isInView = isAll || (shown >= span.from && shown <= span.to);
  const isKept = window !== undefined && window.newest >= window.first;

  useEffect(() => {
    const element = track.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => tell.current(element.clientWidth));
    observer.observe(element);
    const onWheel = (event: WheelEvent) => turn.current(event, element.getBoundingClientRect());
    // Not passive: the wheel is not the page's here.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);

  turn.current = (event, box) => {
    if (window === undefined || dragged.current !== undefined) {
      return;
    }
    event.preventDefault();
    const base = view ?? bounds;
    const along = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.shiftKey || Math.abs(along) > Math.abs(event.deltaY)) {
      onView(view && shifted(view, (along / 500) * (view.to - view.from), bounds));
    } else {
      const around = timeAt(base, (event.clientX - box.left) / box.width);
      onView(zoomed(base, Math.exp(event.deltaY / 400), around, bounds));
    }
  };
  const shareAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { share: (event.clientX - box.left) / box.width, rest: box.right - event.clientX };
  };
  const drag = (event: PointerEvent) => {
    const place = shareAt(event);
    if (endsNow && place.rest <= LIVE_EDGE) {
      onLive();
    } else {
      onSeek(timeAt(dragged.current ?? span, place.share));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !isKept) {
      return;
    }
    const move = moveForKey(event.key);
    if (move === undefined) {
      return;
    }
    event.preventDefault();
    if (move.kind === 'messages') {
      // There is nothing newer than the present.
      if (isPast || move.by < 0) {
        onStep(move.by);
      }
      return;
    }
    if (move.kind === 'zoom') {
      onView(zoomed(view ?? bounds, move.factor, isInView ? shown : (span.from + span.to) / 2, bounds));
      return;
    }
    const to =
      move.kind === 'time'
        ? shown + move.by * (window.to - window.from)
        : move.kind === 'oldest'
          ? bounds.from
          : bounds.to;
    if (to >= bounds.to) {
      onLive();
    } else {
      onSeek(Math.max(bounds.from, to));
      onSeekEnd();
    }
  };

  return (
    <div className={classes.body}>
      {window !== undefined && window.evicted + window.cleared > 0 && <Gone window={window} />}
      <div
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label="Time"
        aria-orientation="horizontal"
        aria-valuemin={Math.floor(bounds.from)}
        aria-valuemax={Math.ceil(bounds.to)}
        aria-valuenow={Math.round(Math.min(bounds.to, Math.max(bounds.from, shown)))}
        aria-valuetext={isPast ? formatTime(at) : 'Live'}
        aria-disabled={!isKept || undefined}
        className={classes.track}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button === 0 && isKept) {
            dragged.current = { from: window.from, to: window.to };
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event);
          }
        }}
        onPointerMove={(event) => {
          onHover(Math.min(1, Math.max(0, shareAt(event).share)));
          if (dragged.current !== undefined) {
            drag(event);
          }
        }}
        onDoubleClick={() => onView(undefined)}
        onPointerLeave={() => onHover(undefined)}
        onLostPointerCapture={() => {
          dragged.current = undefined;
          onSeekEnd();
        }}
      >
        {window !== undefined && <Density counts={window.counts} />}
        {window !== undefined && <Marks window={window} span={span} />}
        {isPast && <span className={classes.later} style={{ insetInlineStart: `${share * 100}%` }} />}
        {isInView && <span className={classes.thumb} style={{ insetInlineStart: `${share * 100}%` }} />}
      </div>
    </div>
  );
}

/** The columns; drawn again only when they are others. */
const Density = memo(function Density({ counts }: { readonly counts: readonly number[] }) {
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, counts.length)} 100`}
      preserveAspectRatio="none"
      aria-hidden
      className={classes.density}
    >
      <path d={densityPath(counts)} />
    </svg>
  );
});

/** Where the connection was lost, where it was there again, and the time between. */
function Marks({ window, span }: { readonly window: TimelineWindow; readonly span: Span }) {
  const percent = (at: number) => `${shareOf(span, at) * 100}%`;
  return (
    <>
      {outages(window.marks, { from: window.oldest, to: window.present })
        .filter(({ from, to }) => to > span.from && from < span.to)
        .map(({ from, to }) => (
          <span
            key={`${from}-${to}`}
            className={classes.outage}
            style={{
              insetInlineStart: percent(from),
              width: `${(shareOf(span, to) - shareOf(span, from)) * 100}%`,
            }}
          />
        ))}
      {window.marks
        .filter(({ at }) => at >= span.from && at <= span.to)
        .map(({ at, kind, text }) => (
          <span
            key={at}
            className={classes.mark}
            data-kind={kind}
            title={`${formatTime(at)} ${visibleText(text)}`}
            style={{ insetInlineStart: percent(at) }}
          />
        ))}
    </>
  );
}

/** Before the oldest kept message: there was more, and it can't be shown. */
function Gone({ window }: { readonly window: TimelineWindow }) {
  const { evicted, cleared } = window;
  const parts = [
    ...(evicted > 0 ? [`${formatQuantity(evicted, 'message')} evicted`] : []),
    ...(cleared > 0 ? [`${formatQuantity(cleared, 'message')} cleared`] : []),
  ];
  const text = `Not kept: ${parts.join(', ')} since ${formatTime(window.since)}. They are counted, but their values are gone.`;
  return <div role="img" aria-label={text} title={text} className={classes.gone} />;
}
