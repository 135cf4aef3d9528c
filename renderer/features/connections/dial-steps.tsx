import { Check, LoaderCircle, X } from 'lucide-react';
import { formatDuration } from '#app/base/format.ts';
import type { DialStep } from '#app/contract/session-state.ts';
import { stageNames } from '#renderer/state/connection-words.ts';
import classes from './dial-steps.module.css';

const icons = { done: Check, running: LoaderCircle, failed: X } as const;
const words = { done: 'done', running: 'running', failed: 'failed' } as const;

/** The stages of the last attempt with their times. Without notes it is one line. */
export function DialSteps({
  steps,
  notes = false,
}: {
  readonly steps: readonly DialStep[];
  readonly notes?: boolean;
}) {
  return (
    <ol className={classes.steps} data-notes={notes || undefined} aria-label="Steps of this attempt">
      {steps.map(({ stage, duration, outcome, note }) => {
        const Icon = icons[outcome];
        return (
          <li key={stage} className={classes.step} data-outcome={outcome} title={notes ? undefined : note}>
            <Icon size={12} strokeWidth={2} aria-hidden className={classes.icon} />
            <span>{stageNames[stage]}</span>
            <span className="visually-hidden">{words[outcome]}</span>
            <span className={classes.time}>{outcome === 'running' ? '…' : formatDuration(duration)}</span>
            {notes && note !== undefined && <span className={classes.note}>{note}</span>}
          </li>
        );
      })}
    </ol>
  );
}
