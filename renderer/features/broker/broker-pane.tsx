import { Button } from '@mantine/core';
import { Activity as ActivityIcon, ServerOff, Unplug } from 'lucide-react';
import { useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { attempt } from '#renderer/commands/run.ts';
import { subscribeTo } from '#renderer/commands/topic-actions.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { useWindowPlan } from '#renderer/ui/virtual/use-window-plan.ts';
import classes from './broker.module.css';
import { brokerName } from './broker-words.ts';
import { SysGrid } from './sys-grid.tsx';
import { TalkersView } from './talkers-view.tsx';

const MAX_ROWS = 200;
const parts = { values: '$SYS values', talkers: 'Top talkers' } as const;
type Part = keyof typeof parts;

/** What the broker says of itself, and who sends most. */
export function BrokerPane({ sessionId }: { readonly sessionId: string }) {
  const [part, setPart] = useState<Part>('values');
  return (
    <Pane role="region" aria-label="Broker">
      <PaneHeader title="Broker">
        <div role="radiogroup" aria-label="Show" className={classes.parts}>
          {(Object.keys(parts) as Part[]).map((name) => (
            <label key={name} className={classes.part}>
              <input
                type="radio"
                name={`broker-${sessionId}`}
                checked={name === part}
                onChange={() => setPart(name)}
              />
              {parts[name]}
            </label>
          ))}
        </div>
      </PaneHeader>
      {part === 'values' ? <SysView sessionId={sessionId} /> : <TalkersView sessionId={sessionId} />}
    </Pane>
  );
}

function SysView({ sessionId }: { readonly sessionId: string }) {
  const { plan, follow } = useWindowPlan(MAX_ROWS);
  const { window, failure } = useSessionFeed(sessionId, 'broker', plan);
  const session = useSession(sessionId);
  if (failure !== undefined) {
    return <FailureNote failure={failure} />;
  }
  if (window === undefined) {
    return undefined;
  }
  const subscribeButton = session?.state.kind === 'connected' && !window.isSubscribed && (
    <Button
      size="compact-sm"
      leftSection={<ActivityIcon size={14} strokeWidth={1.75} aria-hidden />}
      onClick={() => attempt(() => subscribeTo(sessionId, '$SYS/#'))}
    >
      Subscribe to $SYS/#
    </Button>
  );
  if (window.total === 0) {
    return session?.state.kind !== 'connected' ? (
      <EmptyState icon={Unplug} text="Not connected. What the broker tells of itself is shown here." />
    ) : window.isSubscribed ? (
      <EmptyState
        icon={ServerOff}
        text="Nothing came under $SYS yet. Brokers send it every 10 to 60 seconds; some have none, or not for every user."
      />
    ) : (
      <EmptyState
        icon={ActivityIcon}
        text="Most brokers publish figures of their own under $SYS. A subscription to # does not bring them."
      >
        {subscribeButton}
      </EmptyState>
    );
  }
  return (
    <>
      <div className={classes.bar}>
        <span role="status" aria-label="Recognised broker" className={classes.note}>
          {brokerName(window.broker)}, {formatQuantity(window.total, 'value')}
          {window.omitted > 0 && `, ${formatQuantity(window.omitted, 'more topic')} under $SYS`}
        </span>
        {!window.isSubscribed && <span className={classes.note}>Not subscribed: nothing new comes.</span>}
        {subscribeButton}
      </div>
      <SysGrid sessionId={sessionId} window={window} follow={(rendered) => follow(rendered, window.total)} />
    </>
  );
}
