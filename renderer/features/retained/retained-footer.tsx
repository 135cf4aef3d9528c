import { Button } from '@mantine/core';
import { Lock, Undo2 } from 'lucide-react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import type { RetainedJob, RetainedWindow } from '#app/contract/feeds/retained.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { GuardedButton } from '#renderer/commands/guarded-button.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { DEFAULT_RATE } from './plan-dialog.tsx';
import classes from './retained.module.css';
import { jobWords, undoWords } from './retained-words.ts';

interface RetainedFooterProps {
  readonly sessionId: string;
  readonly window: RetainedWindow;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
}

/** What is selected and what to do with it; what runs, how it ended, and the way back. */
export function RetainedFooter({ sessionId, window, onSelectAll, onClear }: RetainedFooterProps) {
  const { selected, job, undo, total } = window;
  const isReadOnly = useSession(sessionId)?.profile.guard === 'readOnly';
  const isRunning = job?.state === 'running' || window.list?.state === 'loading';
  return (
    <>
      {job !== undefined && <JobLine sessionId={sessionId} job={job} />}
      <div className={classes.footer}>
        <span role="status" aria-label="Selection" className={classes.words}>
          {selected.messages === 0
            ? 'Nothing selected.'
            : `${formatQuantity(selected.messages, 'message')} selected, ${formatBytes(selected.bytes)}.`}
        </span>
        {total > 0 && (
          <Button variant="default" size="compact-sm" onClick={onSelectAll}>
            Select all {formatQuantity(total, 'row')}
          </Button>
        )}
        {isReadOnly && (
          <span role="note">
            <Lock size={12} strokeWidth={1.75} aria-hidden /> Read-only: nothing is cleared or restored.
          </span>
        )}
        {!isReadOnly && selected.messages > 0 && !isRunning && (
          <Button variant="default" size="compact-sm" color="red" onClick={onClear}>
            Clear selected…
          </Button>
        )}
        {!isReadOnly && undo !== undefined && !isRunning && (
          <GuardedButton
            sessionId={sessionId}
            size="compact-sm"
            leftSection={<Undo2 size={14} strokeWidth={1.75} aria-hidden />}
            onConfirmed={(confirmation) =>
              attempt(() =>
                engineClient().session(sessionId, 'retained.undo', {
                  perSecond: DEFAULT_RATE,
                  ...confirmation,
                }),
              )
            }
          >
            {undoWords(undo)}
          </GuardedButton>
        )}
      </div>
    </>
  );
}

function JobLine({ sessionId, job }: { readonly sessionId: string; readonly job: RetainedJob }) {
  const words = jobWords(job).join(' ');
  return (
    <>
      {job.failure !== undefined && <FailureNote failure={job.failure} />}
      <div className={classes.footer}>
        <span role="status" aria-label="Progress" className={classes.words}>
          {words}
        </span>
        {job.state === 'running' && (
          <>
            <progress className={classes.progress} aria-label="Done" max={job.total} value={job.done} />
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => attempt(() => engineClient().session(sessionId, 'retained.cancel', {}))}
            >
              Cancel
            </Button>
          </>
        )}
      </div>
      {job.failures.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <ul className={classes.failures} aria-label="Failures" tabIndex={0}>
          {job.failures.map(({ topic, message }) => (
            <li key={topic}>
              <code>{visibleText(topic)}</code> {visibleText(message)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
