import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SparkplugDetails } from '#app/contract/feeds/sparkplug.ts';
import { rebirthCommand } from '#app/payload/sparkplug/rebirth.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { GuardedButton } from '#renderer/commands/guarded-button.tsx';
import { useSession } from '#renderer/state/engine-data.ts';
import { Age } from '#renderer/ui/age.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import type { RowRange } from '#renderer/ui/virtual/row-window.ts';
import { MetricsGrid } from './metrics-grid.tsx';
import { OnlineMark } from './online-mark.tsx';
import classes from './sparkplug.module.css';

interface EntityDetailsProps {
  readonly sessionId: string;
  readonly details: SparkplugDetails;
  readonly follow: (rendered: RowRange, total: number) => void;
}

/** One node or device: its state, a button that asks for its births, and its metrics. */
export function EntityDetails({ sessionId, details, follow }: EntityDetailsProps) {
  const { row, path, isStale, rebirthAskedAt, metrics, births } = details;
  const isEntity = row.kind === 'node' || row.kind === 'device';
  return (
    <>
      <div className={classes.bar}>
        <span className={classes.path} title={path}>
          {path}
        </span>
        {row.state !== undefined && <OnlineMark state={row.state} />}
        {rebirthAskedAt !== undefined && (
          <span className={classes.note}>
            rebirth requested <Age at={rebirthAskedAt} />
          </span>
        )}
        {isEntity && <Rebirth sessionId={sessionId} topic={details.commandTopic} />}
      </div>
      {isEntity && isStale && metrics.total > 0 && (
        <p role="note" className={classes.stale}>
          {births === 0
            ? 'No birth seen: names and types may be missing.'
            : 'Stale: these values are from before it went offline.'}
        </p>
      )}
      {isEntity && <MetricsGrid metrics={metrics} isStale={isStale} follow={follow} />}
    </>
  );
}

/** Asks a node, and with it its devices, to tell its births anew. */
function Rebirth({ sessionId, topic }: { readonly sessionId: string; readonly topic: string | undefined }) {
  const session = useSession(sessionId);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  if (topic === undefined) {
    return undefined;
  }
  if (session?.profile.guard === 'readOnly') {
    return <span className={classes.note}>Read-only: no rebirth can be requested.</span>;
  }
  if (session?.state.kind !== 'connected') {
    return <span className={classes.note}>Not connected.</span>;
  }
  const request = async (confirmation: { readonly confirmation?: string }) => {
    try {
      await engineClient().session(sessionId, 'publish', {
        topic,
        payload: rebirthCommand(Date.now()),
        qos: 0,
        retain: false,
        ...confirmation,
      });
      setFailure(undefined);
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  return (
    <>
      <GuardedButton
        sessionId={sessionId}
        size="compact-xs"
        leftSection={<RotateCcw size={14} strokeWidth={1.75} aria-hidden />}
        onConfirmed={request}
      >
        Request rebirth
      </GuardedButton>
      {failure !== undefined && <FailureNote failure={failure} />}
    </>
  );
}
