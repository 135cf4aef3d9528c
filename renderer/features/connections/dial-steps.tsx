import { Check, LoaderCircle, X } from 'lucide-react';
import { formatDuration } from '#app/base/format.ts';
import { stageNames } from '#app/contract/connection-report.ts';
import type { DialStep } from '#app/contract/session-state.ts';
import classes from './dial-steps.module.css';

const icons = { done: Check, running: LoaderCircle, failed: X } as const;
const words = { done: 'done', running: 'running', failed: 'failed' } as const;

/** The stages of the running attempt with their times, in one line. What failed is shown as a ladder. */
export function DialSteps({ steps }: { readonly steps: readonly DialStep[] }) {
  return (
    <ol className={classes.steps} aria-label="Steps of this attempt">
      {steps.map(({ stage, duration, outcome, note }) => {
        const Icon = icons[outcome];
        return (
          <li key={stage} className={classes.step} data-outcome={outcome} title={note}>
            <Icon size={12} strokeWidth={2} aria-hidden className={classes.icon} />
            <span>{stageNames[stage]}</span>
            <span className="visually-hidden">{words[outcome]}</span>
            <span className={classes.time}>{outcome === 'running' ? '…' : formatDuration(duration)}</span>
          </li>
        );
      })}
    </ol>
  );
}
