import { Button } from '@mantine/core';
import { Factory } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { attempt } from '#renderer/commands/run.ts';
import { subscribeTo } from '#renderer/commands/topic-actions.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import { EntityDetails } from './entity-details.tsx';
import { EntityTree } from './entity-tree.tsx';
import { FindingsList } from './findings-list.tsx';
import classes from './sparkplug.module.css';
import { summary } from './sparkplug-words.ts';

const MAX_ROWS = 200;

/** Nodes, devices and host applications of Sparkplug B: who is online, what they last told, and what is odd. */
export function SparkplugPane({ sessionId }: { readonly sessionId: string }) {
  const tree = useWindowPlan(MAX_ROWS);
  const metrics = useWindowPlan(MAX_ROWS);
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const session = useSession(sessionId);
  const { window, failure } = useReadersFeed('sparkplug', {
    sessionId,
    tree: tree.plan,
    metrics: metrics.plan,
    ...(selected === undefined ? {} : { selected }),
  });
  return (
    <Pane role="region" aria-label="Sparkplug">
      <PaneHeader title="Sparkplug">
        {window !== undefined && window.total > 0 && (
          <span role="status" aria-label="Sparkplug summary" aria-live="off" className={classes.note}>
            {summary(window)}
            {window.progress < 1 && `; ${formatCount(Math.floor(window.progress * 100))} % read`}
            {window.isCut && '; more than can be followed'}
          </span>
        )}
      </PaneHeader>
      {failure !== undefined && <FailureNote failure={failure} />}
      {window?.total === 0 && (
        <EmptyState
          icon={Factory}
          text={
            window.progress < 1
              ? 'Looking for messages of Sparkplug B…'
              : 'No messages of Sparkplug B are kept: none on spBv1.0/# came yet.'
          }
        >
          {session?.state.kind === 'connected' && window.progress === 1 && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => attempt(() => subscribeTo(sessionId, 'spBv1.0/#'))}
            >
              Subscribe to spBv1.0/#
            </Button>
          )}
        </EmptyState>
      )}
      {window !== undefined && window.total > 0 && (
        <div className={classes.parts}>
          <EntityTree window={window} follow={tree.follow} onSelect={setSelected} />
          <div className={classes.side}>
            {window.details !== undefined && (
              <EntityDetails
                key={window.details.row.id}
                sessionId={sessionId}
                details={window.details}
                follow={metrics.follow}
              />
            )}
            <FindingsList
              sessionId={sessionId}
              findings={window.findings}
              total={window.details?.findings ?? window.findingsTotal}
              of={window.details?.path}
            />
          </div>
        </div>
      )}
    </Pane>
  );
}
