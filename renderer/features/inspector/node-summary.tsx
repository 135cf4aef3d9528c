import { FolderTree, MessageSquareOff } from 'lucide-react';
import { useMemo } from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { requestStreamFilter } from '#renderer/state/pane-requests.ts';
import { useMoment } from '#renderer/state/timeline.ts';
import { Age, formatAge } from '#renderer/ui/age.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { formatRate } from '#renderer/ui/numbers.tsx';
import classes from './node-summary.module.css';

interface NodeSummaryProps {
  readonly sessionId: string;
  readonly topic: string;
  readonly nodeId: number;
  /** Messages that came on exactly this topic: then they are only not kept any more. */
  readonly messages: number;
}

/** Rows of one answer of the tree; a node lies deeper only in trees that nobody reads. */
const MAX_DEPTH = 500;

/** A node of the tree without a message of its own: what lies below it. */
export function NodeSummary({ sessionId, topic, nodeId, messages }: NodeSummaryProps) {
  // The rows of a tree narrowed to this branch begin with the way to the node, so that it is among the first.
  const asOf = useMoment(sessionId);
  const params = useMemo(
    () => ({
      offset: 0,
      count: Math.min(MAX_DEPTH, topic.split('/').length + 1),
      sort: { by: 'name' as const, descending: false },
      filter: `${topic}/#`,
      ...(asOf === undefined ? {} : { asOf }),
    }),
    [topic, asOf],
  );
  const { window, failure } = useSessionFeed(sessionId, 'tree', params);
  const row = window?.rows.find((candidate) => candidate.nodeId === nodeId);
  if (messages > 0) {
    return (
      <EmptyState
        icon={MessageSquareOff}
        text={`${formatQuantity(messages, 'message')} came on this topic; none of them is kept any more.`}
      />
    );
  }
  if (failure !== undefined) {
    return <FailureNote failure={failure} />;
  }
  if (window === undefined || (asOf !== undefined && window.asOf?.progress !== 1)) {
    return undefined;
  }
  if (row?.notKept === true) {
    return (
      <EmptyState
        icon={MessageSquareOff}
        text="The newest message of this topic at that time is not kept any more."
      />
    );
  }
  if (asOf !== undefined && (row === undefined || row.topics === 0)) {
    return <EmptyState icon={MessageSquareOff} text="No message had come on this topic by then." />;
  }
  if (row === undefined || row.topics === 0) {
    return (
      <EmptyState
        icon={MessageSquareOff}
        text="No message on this topic yet. It appears here with the first one."
      />
    );
  }
  return (
    <EmptyState icon={FolderTree} text="No messages on this level itself. Below it:">
      <dl className={classes.facts}>
        <Fact name={row.topics === 1 ? 'topic' : 'topics'} value={formatCount(row.topics)} />
        <Fact name={row.messages === 1 ? 'message' : 'messages'} value={formatCount(row.messages)} />
        <Fact name="per second" value={formatRate(row.rate)} />
        <div className={classes.fact}>
          <dt>since the newest</dt>
          <dd>
            {row.lastAt === 0 ? (
              'not kept'
            ) : asOf === undefined ? (
              <Age at={row.lastAt} />
            ) : (
              formatAge(Math.max(0, asOf.at - row.lastAt))
            )}
          </dd>
        </div>
      </dl>
      <button
        type="button"
        className={classes.link}
        onClick={() => requestStreamFilter(sessionId, `${topic}/#`)}
      >
        Show them in the stream
      </button>
    </EmptyState>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
