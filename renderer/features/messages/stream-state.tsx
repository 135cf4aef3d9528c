import { formatCount, formatTime } from '#app/base/format.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import classes from './messages.module.css';
import type { Stream } from './use-stream.ts';

/** Says that what is shown is not the newest. */
export function StreamState({ sessionId, stream }: { readonly sessionId: string; readonly stream: Stream }) {
  const moment = useMoment(sessionId);
  const waiting = formatCount(stream.window?.waiting ?? 0);
  if (moment !== undefined) {
    return (
      <span className={classes.paused}>
        As of {formatTime(moment.at)}, {waiting} newer
      </span>
    );
  }
  return stream.isPaused && <span className={classes.paused}>Paused, {waiting} waiting</span>;
}
