import { Copy, Send } from 'lucide-react';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { requestPublish } from '#renderer/state/workspace.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';

interface TopicActionsProps {
  readonly sessionId: string;
  readonly topic: string;
}

/** What can be done with the topic in the header. */
export function TopicActions({ sessionId, topic }: TopicActionsProps) {
  return (
    <>
      <IconButton icon={Copy} label="Copy topic" onClick={() => attempt(() => copyTopic(topic))} />
      <IconButton
        icon={Send}
        label="Use topic in Publish"
        onClick={() => requestPublish(sessionId, { topic })}
      />
    </>
  );
}
