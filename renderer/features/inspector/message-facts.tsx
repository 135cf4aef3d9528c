import { formatTime } from '#app/base/format.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { Age } from '#renderer/ui/age.tsx';
import { Bytes } from '#renderer/ui/numbers.tsx';
import classes from './header.module.css';
import { TopicRhythm } from './topic-rhythm.tsx';

interface MessageFactsProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
}

/** When, which way, and how a message came, in one line of fixed places. */
export function MessageFacts({ sessionId, details }: MessageFactsProps) {
  const { topic, topicId, receivedAt, direction, qos, retain, dup, size } = details;
  return (
    <div className={classes.facts}>
      <time
        className={classes.time}
        dateTime={new Date(receivedAt).toISOString()}
        title={`${direction === 'published' ? 'Published' : 'Received'} ${new Date(receivedAt).toLocaleString()}`}
      >
        {formatTime(receivedAt)}
      </time>
      <Age at={receivedAt} className={classes.age} />
      <span>{direction === 'published' ? 'Published' : 'Received'}</span>
      <span>QoS {qos}</span>
      <Bytes value={size} className={classes.size} />
      {retain && (
        <span className={classes.chip} title="It came with RETAIN set: when it was published is not known">
          Retained
        </span>
      )}
      {dup && (
        <span className={classes.chip} title="Sent again, because the first was not acknowledged">
          Duplicate
        </span>
      )}
      <TopicRhythm sessionId={sessionId} topic={topic} topicId={topicId} />
    </div>
  );
}
