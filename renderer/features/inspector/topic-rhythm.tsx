import { formatDuration } from '#app/base/format.ts';
import { silenceAt } from '#app/contract/feeds/silence.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { rhythmNow, timesText, useSilenceFactor } from '#renderer/state/rhythm.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import { formatAge } from '#renderer/ui/age.tsx';
import { useEngineNow } from '#renderer/ui/use-engine-now.ts';
import classes from './header.module.css';

interface TopicRhythmProps {
  readonly sessionId: string;
  readonly topic: string;
  readonly topicId: number;
}

/** In which interval the topic's messages usually come, and whether the next one is overdue. */
export function TopicRhythm({ sessionId, topic, topicId }: TopicRhythmProps) {
  // In the past of the timeline, what is overdue now is out of place.
  const isLive = useMoment(sessionId) === undefined;
  const { window } = useReadersFeed('topicSilence', isLive ? { sessionId, topic, topicId } : undefined);
  const now = useEngineNow(window);
  const [factor] = useSilenceFactor();
  const rhythm = window?.topicId === topicId ? window.rhythm : undefined;
  if (!isLive || rhythm?.usual === undefined) {
    return undefined;
  }
  const { state, times } = rhythmNow(rhythm, now, factor);
  const length = silenceAt(rhythm.silence, now);
  const usual = formatDuration(rhythm.usual);
  const last =
    length === undefined || times === undefined
      ? ''
      : `; silent for ${formatAge(length)} (${timesText(times)})`;
  // The age of the message stands beside it.
  const text =
    times !== undefined && (state === 'quiet' || state === 'late')
      ? `${state === 'quiet' ? 'Quiet' : 'Late'}: ${timesText(times)} its usual ${usual}`
      : `Usually every ${usual}`;
  return (
    <span
      className={classes.rhythm}
      data-state={state}
      data-testid="topic-rhythm"
      title={`Usually every ${usual}${last}; see the tab “Silence”`}
    >
      {text}
    </span>
  );
}
