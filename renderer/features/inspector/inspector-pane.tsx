import { History, MousePointerClick } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import { preloadEditor } from '#renderer/editor/load-monaco.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { setCompareBase, showInspectorTab, useInspectorTab } from '#renderer/state/inspector-requests.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { MessageView } from './message-view.tsx';
import { NodeSummary } from './node-summary.tsx';
import { TopicActions } from './topic-actions.tsx';
import { TopicPath } from './topic-path.tsx';
import { useMessage, useSubject } from './use-message.ts';

interface InspectorPaneProps {
  readonly sessionId: string;
  /** What the tab "Chart" shows. */
  readonly chart: ReactNode;
}

/** The chosen message, or the newest of the chosen topic: value, history, differences, fields, charts, properties. */
export function InspectorPane({ sessionId, chart }: InspectorPaneProps) {
  const session = useSession(sessionId);
  const selection = useSelection(sessionId);
  const subject = useSubject(sessionId, selection);
  const sequence = subject.kind === 'message' ? subject.sequence : undefined;
  const { details, failure } = useMessage(sessionId, sequence);
  const tab = useInspectorTab(sessionId);
  const topic = selection.topic;
  // While the newly chosen message is on its way, the one before is shown: no blank in between. One of another topic is
  // out of sight, but stays where it is: its editor is the next one's.
  const isWaiting = subject.kind === 'waiting' || (details !== undefined && details.topic !== topic);
  const last = useLast(details);
  const shown = details ?? (isWaiting ? last : undefined);

  useEffect(preloadEditor, []);
  // After a restart of the session's worker, the number is another message's.
  useEffect(() => () => setCompareBase(sessionId, undefined), [sessionId]);

  let body: ReactNode;
  if (topic === undefined || subject.kind === 'nothing') {
    body = (
      <EmptyState
        icon={MousePointerClick}
        text="Choose a topic in the tree or a message in the stream to look at it."
      />
    );
  } else if (subject.kind === 'no-message') {
    body = (
      <NodeSummary
        sessionId={sessionId}
        topic={topic}
        nodeId={selection.nodeId ?? 0}
        messages={subject.messages}
      />
    );
  } else if (failure !== undefined) {
    body = <MessageGone failure={failure} />;
  } else if (shown !== undefined) {
    body = (
      <MessageView
        isWaiting={isWaiting}
        sessionId={sessionId}
        profileId={session?.profileId ?? ''}
        mqttVersion={session?.profile.mqttVersion}
        details={shown}
        isFollowing={subject.kind === 'message' && subject.isFollowing}
        tab={tab}
        onTab={(next) => showInspectorTab(sessionId, next)}
        chart={chart}
      />
    );
  }
  return (
    <Pane role="region" aria-label="Message">
      <PaneHeader
        title="Message"
        actions={topic !== undefined && <TopicActions sessionId={sessionId} topic={topic} />}
      >
        {topic !== undefined && <TopicPath sessionId={sessionId} topic={topic} />}
      </PaneHeader>
      {body}
    </Pane>
  );
}

/** The newest value that there was. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) {
    last.current = value;
  }
  return last.current;
}

/** A message that the log has dropped is no error: it says what happened and what would keep more. */
function MessageGone({ failure }: { readonly failure: Failure }) {
  return failure.code === 'message.evicted' ? (
    <EmptyState
      icon={History}
      text={
        <>
          {failure.message} {failure.hint}
        </>
      }
    />
  ) : (
    <FailureNote failure={failure} />
  );
}
